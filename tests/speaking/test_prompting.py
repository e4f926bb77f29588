import logging
import stat
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from voice_glimmer.speaking.choosing import Moment
from voice_glimmer.speaking.prompting import Prompting
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, load

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
USUAL = {prompt.words for prompt in load(AUDIO_PROMPTS / "en.toml") if prompt.when == "any"}


def invitations(folder: Path, seed: int = 1, now: datetime = NOW) -> Prompting:
    return Prompting("en", folder, lambda: Moment(now, 3, NOW), Random(seed))


def test_all_come_up_before_one_comes_again_also_after_restarts(tmp_path: Path):
    up = [invitations(tmp_path, seed).next() for seed in range(2 * len(USUAL))]
    assert set(up[: len(USUAL)]) == set(up[len(USUAL) :]) == USUAL
    assert all(first != second for first, second in pairwise(up))


def test_what_was_passed_over_is_remembered(tmp_path: Path):
    first = invitations(tmp_path)
    disliked = first.next()
    first.became(answered=False)
    up = [invitations(tmp_path, seed).next() for seed in range(2 * len(USUAL) - 2)]
    assert disliked not in up


def test_who_was_invited_a_week_ago_is_welcomed_back_after_a_restart(tmp_path: Path):
    invitations(tmp_path).next()
    back = {prompt.words for prompt in load(AUDIO_PROMPTS / "en.toml") if prompt.when == "back"}
    later = NOW + timedelta(days=7)
    assert invitations(tmp_path, now=later).next() in back
    assert invitations(tmp_path, now=later).next() not in back


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\xff\x00",
        b"[]",
        b'{"drawn": {"warm-sun": {"round": -1}}}',
        b'{"drawn": {"warm-sun": {"round": 1e999}}}',
        b'{"at": "2026-11-24T12:00:00"}',
        b'{"last": 1',
    ],
)
def test_what_is_remembered_may_be_broken(tmp_path: Path, broken: bytes, caplog):
    (tmp_path / "prompts.json").write_bytes(broken)
    with caplog.at_level(logging.WARNING):
        prompt = invitations(tmp_path).next()
    assert prompt in USUAL
    assert "is not known any more" in caplog.text
    assert invitations(tmp_path).next() != prompt


def test_a_folder_that_cannot_be_written_only_forgets(tmp_path: Path, caplog):
    there = invitations(tmp_path / "gone")
    assert there.next() != there.next()
    assert "could not be noted" in caplog.text


def test_only_the_owner_can_read_it(tmp_path: Path):
    invitations(tmp_path).next()
    (path,) = tmp_path.iterdir()
    assert path.name == "prompts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_skipped_meanwhile_does_not_come_up_again(tmp_path: Path, caplog):
    own = tmp_path / "own.toml"
    there = Prompting("en", tmp_path, lambda: Moment(NOW, 3, NOW), Random(1), own)
    all_ids = [prompt.id for prompt in load(AUDIO_PROMPTS / "en.toml")]
    own.write_text(f"skipped = {all_ids[:-1]}")
    last = load(AUDIO_PROMPTS / "en.toml")[-1].words
    assert {there.next(), there.next()} == {last}
    own.write_text("skipped = 3")
    assert there.next() == last
    assert "the prompts stay as they were" in caplog.text
