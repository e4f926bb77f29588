"""Waiting, measured: the queue, the mixed audio and the loop in an empty house."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from scripts.bench import idle, waiting
from tests.bench.conftest import Bench
from tests.conftest import Person, pause
from voice_glimmer.hearing.frames import BLOCK, QUEUE_BLOCKS, RATE, from_samples
from voice_glimmer.hearing.models import Model

FRAME = BLOCK / RATE


class Busy:
    """A clock that passes only while a frame is heard: by so much each."""

    def __init__(self, each: float) -> None:
        self.now, self._each = 0.0, each

    def __call__(self) -> float:
        return self.now

    def hear(self) -> None:
        self.now += self._each


def pushed(seconds: float, busy: Busy) -> tuple[list[float], idle.Backlog]:
    backlog, heard = idle.Backlog(), []
    for frame in idle.as_they_come(from_samples(pause(seconds)), backlog, busy):
        heard.append(frame.at)
        busy.hear()
    return heard, backlog


def test_nothing_waits_where_hearing_keeps_up():
    heard, backlog = pushed(10, Busy(0.9 * FRAME))
    assert len(heard) == 200
    assert (backlog.depth, backlog.most, backlog.lost) == (0, 0, 0)


def test_where_hearing_takes_twice_as_long_half_is_left_at_the_end():
    heard, backlog = pushed(10, Busy(2 * FRAME))
    assert heard == sorted(heard)
    assert len(heard) == 200, "what waits is still heard"
    assert backlog.depth == backlog.most == pytest.approx(100, abs=2)
    assert backlog.lost == 0


def test_what_finds_the_queue_full_is_lost():
    seconds = 4 * QUEUE_BLOCKS * FRAME
    heard, backlog = pushed(seconds, Busy(2 * FRAME))
    assert backlog.most <= QUEUE_BLOCKS
    assert backlog.lost == 4 * QUEUE_BLOCKS - len(heard) > 0


def test_mixed_audio_is_as_long_as_asked_and_never_the_same():
    frames = list(idle.mixed(1500, np.random.default_rng(1)))
    assert frames[-1].end == pytest.approx(1500)
    assert all(then.at == pytest.approx(each.end) for each, then in pairwise(frames))
    # After twenty minutes the quiet room comes again, from another place and louder or softer.
    again = frames[round(1200 / FRAME)]
    assert not any((again.samples == each.samples).all() for each in frames[: round(240 / FRAME)])


def test_who_says_the_phrase_is_counted_and_not_answered(model: Model, person: Person):
    loop, ears = waiting.loop(model, "hey glimmer")
    said = np.concatenate([pause(1), person("hey glimmer"), pause(2)])
    loop.run(from_samples(np.concatenate([said, said])))
    assert ears.woken == 2


def test_the_table_and_the_figures(bench: Bench, tmp_path: Path):
    out = tmp_path / "out.json"
    done = bench("idle", "--minutes", 0.2, "--hours", 0.02, "--json", out)
    assert done.returncode == 0, done.stderr
    figures = json.loads(out.read_text())["figures"]
    assert list(figures["cpu_seconds_an_hour"]) == ["quiet_room", "kitchen", "small_talk", "talk"]
    for row in figures["cpu_seconds_an_hour"].values():
        assert row["ratio"] == pytest.approx(row["ours"] / row["usual"])
    assert set(figures["mixed"]["queue"]) == {"depth", "most", "lost"}
    assert figures["resident_mib"] > 10
    assert "quiet room" in done.stdout
    assert "frames waiting at the end" in done.stdout
