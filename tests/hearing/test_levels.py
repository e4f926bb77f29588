from collections.abc import Iterator

import numpy as np
import pytest

from tests.conftest import Person, trimmed
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import BLOCK, RATE, Frame, Outage, from_samples
from voice_glimmer.hearing.levels import LOST_SECONDS, LOWEST, Level, heard, judged
from voice_glimmer.hearing.tuning import level

ROOM = np.random.default_rng(1).normal(0, 10, 8 * RATE)
"""A quiet room, -70 dBFS: the first three seconds, and what lies under the voice."""


@pytest.fixture
def judge(person: Person):
    """Judge a voice at so many dBFS."""
    said = trimmed(person("the robin sang outside my window")).astype(float)

    def at(loudness: float, gain: float = 0.0) -> tuple[Level, float | None]:
        both = ROOM.copy()
        both[4 * RATE : 4 * RATE + len(said)] += said * 10 ** ((loudness - level(said)) / 20)
        samples = np.clip(both, -32_768, 32_767).astype(np.int16)
        return judged(samples[: 3 * RATE], samples[3 * RATE :], gain)

    return at


@pytest.mark.parametrize(
    ("loudness", "gain", "found"),
    [
        (-25, 0, Level.GOOD),
        (LOWEST - 6, 0, Level.LOW),
        (LOWEST - 6, 15, Level.GOOD),
        (-25, -30, Level.LOW),
        (-3, 0, Level.CLIPS),
        (-25, 25, Level.AMPLIFIED),
        (-90, 0, Level.NO_VOICE),
    ],
)
def test_a_voice_is_judged_as_the_program_hears_it(judge, loudness: float, gain: float, found):
    assert judge(loudness, gain)[0] is found


def test_its_level_is_told_without_the_rooms(judge):
    assert judge(-40)[1] == pytest.approx(-40, abs=2)
    assert judge(-90)[1] is None


def test_a_muted_microphone_is_dead():
    silence = np.full(2 * RATE, 3, np.int16)
    assert judged(silence, silence, 0.0) == (Level.DEAD, None)


def test_what_is_heard_is_metered_frame_by_frame():
    told: list[float] = []
    square = np.tile(np.repeat([16_384, -16_384], 40), RATE // 40).astype(np.int16)
    frames: list[Frame | Outage] = [*from_samples(square)]
    frames.insert(1, Outage(0.3, 0.35))
    found = heard(iter(frames), 1.0, told.append)
    assert np.array_equal(found, square[:RATE])
    assert told == pytest.approx([-6.02] * (RATE // BLOCK), abs=0.01)


def test_a_microphone_that_falls_silent_is_not_waited_for():
    def frames() -> Iterator[Outage]:
        for number in range(100):
            yield Outage(number / 4, number / 4)
            assert number / 4 < LOST_SECONDS, "it waited too long"

    with pytest.raises(Fault, match="look at its plug"):
        heard(frames(), 1.0, lambda _: None)
