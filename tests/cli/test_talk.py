import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from tests.conftest import kept
from voice_glimmer.cli.talk import Typist, spoken, talk
from voice_glimmer.clock import Certain
from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev
from voice_glimmer.settings import Settings
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, load

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def typed(folder: Path, *lines: str, language: str = "en") -> str:
    """Return what is written to someone who types these lines."""
    written = io.StringIO()
    settings = Settings.model_construct(
        journal=folder, language=language, wake_phrases=["hey glimmer"]
    )
    talk(settings, lines, Console(file=written, width=200))
    return written.getvalue()


def test_a_glimmer_is_typed_and_kept(tmp_path: Path):
    written = typed(tmp_path, "The sun was warm.", "Yes!")
    assert "the sun was warm" in written
    assert "Kept." in written
    (row,) = kept(tmp_path)
    assert row["text"] == "the sun was warm"
    assert row["recording"] is None


def test_it_is_found_again_and_its_words_stand_for_its_voice(tmp_path: Path):
    written = typed(tmp_path, "the sun was warm", "yes", "play my last glimmer", "")
    assert written.count("the sun was warm") == 2
    assert "only the words" in written


def test_the_wake_phrase_may_be_typed_too(tmp_path: Path):
    written = typed(tmp_path, "Hey Glimmer, how many glimmers do I have?")
    assert "There are no glimmers yet." in written


def test_an_empty_line_is_silence(tmp_path: Path):
    typed(tmp_path, "the sun was warm", "")
    assert [row["text"] for row in kept(tmp_path)] == ["the sun was warm"]


def test_at_rest_an_empty_line_is_nothing(tmp_path: Path):
    before = typed(tmp_path)
    assert typed(tmp_path, "", "") == before


def prompts_of(folder: Path) -> dict[str, dict[str, int]]:
    """Return how prompts fared, in the order in which they came up first."""
    return json.loads((folder / "prompts.json").read_text("utf-8"))["drawn"]


def test_a_prompt_is_answered_or_passed_over_and_that_is_remembered(tmp_path: Path):
    typed(tmp_path, "hey glimmer", "give me another prompt", "the sun was warm", "yes")
    drawn = prompts_of(tmp_path)
    first = {prompt.id for prompt in load(AUDIO_PROMPTS / "en.toml") if prompt.when == "first"}
    assert [each["passed_over"] for each in drawn.values()] == [1, 0]
    assert drawn.keys() <= first
    # There is a glimmer now, so none needs to be explained.
    typed(tmp_path, "hey glimmer", "", "")
    *_, (last, fared) = prompts_of(tmp_path).items()
    assert last not in first
    assert fared["passed_over"] == 1


def test_what_is_half_typed_at_the_end_is_kept(tmp_path: Path):
    typed(tmp_path, "the sun was warm")
    assert [row["text"] for row in kept(tmp_path)] == ["the sun was warm"]


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("Yes, please!", "yes please"),
        ("I don\N{RIGHT SINGLE QUOTATION MARK}t know", "i don't know"),
        ("  two   spaces\t", "two spaces"),
        ("[red]not markup[/]", "red not markup"),
        ("Käse über Öl", "käse über öl"),
        ("\x00\x1b[31m", "31m"),
        ("🐦", ""),
    ],
)
def test_a_line_is_read_as_it_would_be_heard(line: str, heard: str):
    assert spoken(line) == heard


def test_a_line_is_to_each_ear_what_its_words_would_be():
    typist = Typist(["hey glimmer"], Certain(lambda: NOW))
    typist.listen(do.Ear.ANSWER)
    assert typist.heard("yes") == ev.Answered("yes")
    assert typist.heard("") == ev.FellSilent()
    typist.listen(do.Ear.OPEN)
    heard = typist.heard("the sun")
    assert isinstance(heard, ev.Spoke)
    assert [word.text for word in heard.draft.words] == ["the", "sun"]
    assert heard.draft.spoken_at == NOW
    assert typist.woken_by("Hey glimmer: stop") == ("hey glimmer", "stop")
    assert typist.woken_by("hey glimmers") == ("", "hey glimmers")


def test_the_command_talks_with_a_pipe(tmp_path: Path):
    command = [sys.executable, "-m", "voice_glimmer", "talk", "--journal", str(tmp_path / "j")]
    done = subprocess.run(
        command,
        input="the sun was warm\nyes\n",
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(tmp_path)},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [row["text"] for row in kept(tmp_path / "j")] == ["the sun was warm"]
