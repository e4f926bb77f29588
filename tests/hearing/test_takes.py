"""The gathering, with a spotter that finds a phrase when it is told to."""

import numpy as np
import pytest

from tests.conftest import Person, Speech, pause, trimmed
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.hearing.takes import (
    KITCHEN_SECONDS,
    LEAD_SECONDS,
    SETTLED,
    TRIES,
    TRY_SECONDS,
    Gathering,
    Progress,
)
from voice_glimmer.hearing.tuning import TAKES, Take, Trouble


def room(seconds: float) -> Speech:
    return np.random.default_rng(0).normal(0, 10, round(seconds * RATE)).astype(np.int16)


class Spot:
    """Finds a phrase, or not, and remembers in what it was sought."""

    def __init__(self) -> None:
        self.finds = True
        self.seen: list[Speech] = []

    def __call__(self, samples: Speech, gain: float) -> Take | None:
        self.seen.append(samples)
        return Take(samples, 1.0, 1.5) if self.finds else None


@pytest.fixture
def spot() -> Spot:
    return Spot()


@pytest.fixture
def gathering(spot: Spot) -> Gathering:
    gathering = Gathering(spot)
    assert hear(gathering, room(KITCHEN_SECONDS)) == [Progress.KITCHEN]
    return gathering


def hear(gathering: Gathering, *sounds: Speech) -> list[Progress]:
    frames = from_samples(np.concatenate(sounds))
    return [step for frame in frames if (step := gathering.feed(frame))]


@pytest.fixture
def said(person: Person) -> Speech:
    return trimmed(person("hey glimmer"))


def test_five_takes_each_with_the_kitchens_end_before_it(
    gathering: Gathering, spot: Spot, said: Speech
):
    sound = np.concatenate([room(0.5), said])
    for count in range(1, TAKES + 1):
        step = Progress.ALL if count == TAKES else Progress.TAKE
        assert hear(gathering, sound, room(SETTLED + 0.2)) == [step]
        assert len(gathering.takes) == count
    lead = round(LEAD_SECONDS * RATE)
    for seen in spot.seen:
        assert np.array_equal(seen[:lead], gathering.kitchen[-lead:])
    assert np.array_equal(spot.seen[0][lead:][: len(sound)], sound)


def test_a_sound_before_the_phrase_does_not_end_the_try(
    gathering: Gathering, spot: Spot, said: Speech
):
    spot.finds = False
    assert hear(gathering, room(0.2), said, room(SETTLED + 0.2)) == []
    spot.finds = True
    assert hear(gathering, said, room(SETTLED + 0.2)) == [Progress.TAKE]
    assert gathering.missed == []


def test_nobody_is_asked_for_ever(gathering: Gathering):
    nothing = [hear(gathering, room(TRY_SECONDS)) for _ in range(TRIES)]
    assert nothing == [[Progress.NOTHING]] * (TRIES - 1) + [[Progress.GIVEN_UP]]
    assert gathering.trouble() is Trouble.NO_VOICE


def test_who_is_not_made_out_is_not_asked_for_ever(gathering: Gathering, spot: Spot, said: Speech):
    spot.finds = False
    rest = room(TRY_SECONDS - len(said) / RATE)
    tries = [hear(gathering, said, rest) for _ in range(TRIES)]
    assert tries == [[Progress.OTHER]] * (TRIES - 1) + [[Progress.GIVEN_UP]]
    assert len(gathering.missed) == TRIES
    assert gathering.trouble() is Trouble.UNCLEAR


def test_each_take_has_its_own_tries(gathering: Gathering, spot: Spot, said: Speech):
    for _ in range(TAKES - 1):
        assert hear(gathering, room(TRY_SECONDS)) == [Progress.NOTHING]
        assert hear(gathering, said, room(SETTLED + 0.2)) == [Progress.TAKE]


def test_who_goes_away_was_not_unclear(gathering: Gathering, spot: Spot, said: Speech):
    spot.finds = False
    hear(gathering, said, room(TRY_SECONDS - len(said) / RATE))
    spot.finds = True
    hear(gathering, said, room(SETTLED + 0.2))
    for _ in range(TRIES):
        hear(gathering, room(TRY_SECONDS))
    assert gathering.trouble() is Trouble.NO_VOICE


def test_talk_without_an_end_is_looked_at_when_the_try_is_over(
    gathering: Gathering, spot: Spot, said: Speech
):
    talk = np.resize(said, round(TRY_SECONDS * RATE))
    assert hear(gathering, talk) == [Progress.TAKE]
    assert len(spot.seen) == 1


def test_a_dead_microphone_is_noticed_in_the_kitchen(spot: Spot):
    assert hear(Gathering(spot), pause(5))[0] is Progress.DEAD
