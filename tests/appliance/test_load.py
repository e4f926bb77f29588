"""A machine that is slow or hot: luxuries go, frames never do, and a suggestion comes once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.conversation.test_machine import NOW
from voice_glimmer.appliance.load import Load, hot
from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev
from voice_glimmer.hearing.frames import BLOCK, RATE, Frame

FRAME = BLOCK / RATE
WAKE, OPEN = do.Listen(do.Ear.WAKE), do.Listen(do.Ear.OPEN)
SPOKE = ev.Spoke(ev.Draft("the sun was warm", (), NOW, "a", 4.0))


class Kitchen:
    """Frames that come as time passes, and work that takes its time."""

    def __init__(self, *, is_hot: Callable[[], bool] = lambda: False, talks: bool = False) -> None:
        self.now, self.luxuries = 0.0, []
        self.load = Load(
            lambda: self.now,
            lambda: talks,
            lambda *, luxuries: self.luxuries.append(luxuries),
            is_hot,
        )
        self.source = self.load.measured(self.frames())
        self.heard = []

    def frames(self) -> Iterator[Frame]:
        number = 0
        while True:
            end = (number + 1) * FRAME
            self.now = max(self.now, end)
            yield Frame(np.zeros(BLOCK, np.int16), number * FRAME)
            number += 1

    def hear(self, seconds: float, factor: float) -> None:
        for _ in range(round(seconds / FRAME)):
            self.heard.append(next(self.source))
            self.now += factor * FRAME

    def glimmer(self, factor: float) -> None:
        self.load.did(OPEN, "", spoken=True)
        self.hear(4.0, factor)
        self.load.happened(SPOKE)
        self.load.did(WAKE, "", spoken=True)
        self.hear(1.0, 0.0)

    def told(self) -> int:
        return sum(isinstance(each, ev.FallingBehind) for each in self.heard)


@pytest.mark.parametrize(
    ("factors", "told"),
    [((0.7, 0.7), 0), ((0.9,), 0), ((0.9, 0.7, 0.9), 0), ((0.9, 0.9, 0.9), 1)],
)
def test_who_understands_slowly_is_told_so_once_at_rest(factors: tuple[float, ...], told: int):
    kitchen = Kitchen()
    for factor in factors:
        kitchen.glimmer(factor)
    assert kitchen.told() == told
    frames = [each.at for each in kitchen.heard if isinstance(each, Frame)]
    assert np.allclose(np.diff(frames), FRAME)  # none is dropped


def test_nobody_is_told_in_their_sleep():
    kitchen = Kitchen()
    kitchen.glimmer(0.9)
    kitchen.load.did(OPEN, "", spoken=True)
    kitchen.hear(4.0, 0.9)
    kitchen.load.happened(SPOKE)
    kitchen.load.did(do.Listen(do.Ear.WAKE, asleep=True), "", spoken=True)
    kitchen.hear(1.0, 0.0)
    assert kitchen.told() == 0
    kitchen.load.did(WAKE, "", spoken=True)
    kitchen.hear(1.0, 0.0)
    assert kitchen.told() == 1


def test_making_what_it_says_does_not_count_as_understanding():
    kitchen = Kitchen(talks=True)
    kitchen.glimmer(0.9)
    assert kitchen.told() == 0


def test_luxuries_go_when_frames_wait_and_come_back():
    kitchen = Kitchen()
    kitchen.hear(10.0, 1.5)
    assert kitchen.luxuries == [False]
    kitchen.hear(60.0, 0.0)
    assert kitchen.luxuries == [False, True]


def test_luxuries_go_when_it_is_hot():
    heat = [True]
    kitchen = Kitchen(is_hot=lambda: heat[0])
    kitchen.hear(1.0, 0.1)
    heat[0] = False
    assert kitchen.luxuries == [False]
    kitchen.hear(60.0, 0.1)
    assert kitchen.luxuries == [False, True]


@pytest.mark.parametrize("soc", ["soc", "soc@107c000000"])
@pytest.mark.parametrize(
    ("millidegrees", "bits", "is_hot"),
    [
        ("45000", "0", False),
        ("81000", "0", True),
        ("45000", "4", True),  # throttled now
        ("45000", "40000", False),  # only since the start
        ("45000", "1", True),  # under-voltage
        ("strange", "strange", False),
    ],
)
def test_what_is_hot(tmp_path: Path, soc: str, millidegrees: str, bits: str, is_hot: bool):
    (tmp_path / "thermal_zone0").mkdir()
    (tmp_path / "thermal_zone0" / "temp").write_text(f"{millidegrees}\n")
    firmware = tmp_path / soc / f"{soc}:firmware"
    firmware.mkdir(parents=True)
    (firmware / "get_throttled").write_text(f"{bits}\n")
    assert hot(tmp_path, tmp_path) is is_hot
    assert not hot(tmp_path / "none", tmp_path / "none")
