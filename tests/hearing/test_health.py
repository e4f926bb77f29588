from collections.abc import Iterable

import numpy as np
import pytest

from tests.conftest import Person, Speech, pause, trimmed
from voice_glimmer.conversation.events import Ailment, MicrophoneAiling, MicrophoneWell
from voice_glimmer.hearing.frames import RATE, Frame, from_samples
from voice_glimmer.hearing.health import REMEMBERED_SECONDS, Health

SOON = 5.0
"""Seconds within which an ailment has to be noticed."""

SENTENCE = "my neighbor waved at me and smiled"


def room(seconds: float, level: float = 10.0) -> Speech:
    return np.random.default_rng(1).normal(0, level, round(seconds * RATE)).astype(np.int16)


def talk(person: Person, dbfs: float, voice: str = "slt") -> Speech:
    """Return two sentences whose level is `dbfs`, in a quiet room."""
    said = trimmed(person(SENTENCE, voice)).astype(float)
    said *= 32_768 * 10 ** (dbfs / 20) / np.sqrt(np.mean(said**2))
    samples = np.concatenate([np.pad(said, (0, RATE // 3))] * 2)
    return np.clip(samples + room(len(samples) / RATE, 3), -32_768, 32_767).astype(np.int16)


def news(health: Health, *parts: Speech | Iterable[Frame]) -> list:
    """Return all that is told, with the second of audio at which it is."""
    told, at = [], 0.0
    for part in parts:
        for frame in from_samples(part, at) if isinstance(part, np.ndarray) else part:
            at = frame.end
            told += [(at, each) for each in health.feed(frame)]
    return told


def test_a_quiet_room_and_a_voice_are_well(person: Person):
    voices = [talk(person, -25, voice) for voice in ("slt", "rms", "awb")]
    assert news(Health(), room(60), *voices, room(60, 300), *voices) == []


@pytest.mark.parametrize("value", [0, -32_768, 1_234])
def test_one_value_for_ever_is_dead_and_noise_is_well_again(value: int):
    told = news(Health(), room(5), np.full(60 * RATE, value, np.int16), room(5))
    assert [each for _, each in told] == [
        MicrophoneAiling(Ailment.DEAD),
        MicrophoneWell(Ailment.DEAD),
    ]
    assert told[0][0] <= 5 + SOON
    assert told[1][0] <= 65 + SOON


def test_a_second_of_nothing_is_not_dead():
    assert news(Health(), *[room(1), pause(1)] * 20) == []


def test_a_noise_gate_is_told_once_then_it_comes_and_goes(person: Person):
    speech = np.concatenate([talk(person, -25)] * 2)
    told = [each for _, each in news(Health(), *[pause(10), speech] * 3)]
    assert told[0] == MicrophoneAiling(Ailment.DEAD)
    assert all(each.comes_and_goes for each in told[1:] if isinstance(each, MicrophoneAiling))


@pytest.mark.parametrize(("later", "comes_and_goes"), [(60, True), (REMEMBERED_SECONDS, False)])
def test_what_returns_long_after_is_told_again(later: float, comes_and_goes: bool):
    health = Health()
    news(health, room(5), pause(5), room(5))
    told = [each for frame in from_samples(pause(5), 15 + later) for each in health.feed(frame)]
    assert told == [MicrophoneAiling(Ailment.DEAD, comes_and_goes)]


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize("dbfs", [-6, 0, 10])
def test_a_voice_that_clips_is_too_loud_until_it_does_not(person: Person, voice: str, dbfs: float):
    health = Health()
    (told,) = news(health, room(3), talk(person, dbfs, voice))
    assert told[1] == MicrophoneAiling(Ailment.TOO_LOUD)
    assert told[0] <= 3 + SOON
    # A silence proves nothing.
    assert news(health, room(10)) == []
    (well,) = news(health, talk(person, -20, voice))
    assert well[1] == MicrophoneWell(Ailment.TOO_LOUD)
    assert well[0] <= SOON


def test_noise_at_full_scale_is_too_loud():
    ((at, told),) = news(Health(), np.clip(room(10, 1.0) * 32_767, -32_768, 32_767))
    assert told == MicrophoneAiling(Ailment.TOO_LOUD)
    assert at <= SOON


def test_dishes_that_clip_now_and_then_are_not_too_loud():
    ring = np.arange(RATE // 5) / RATE
    dish = 60_000 * np.sin(2 * np.pi * 2_400 * ring) * np.exp(-20 * ring)
    samples = room(60).astype(float)
    for second in range(2, 58):
        samples[second * RATE : second * RATE + len(dish)] += dish
    assert news(Health(), np.clip(samples, -32_768, 32_767).astype(np.int16)) == []


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize("dbfs", [-50, -55, -60])
def test_a_voice_too_soft_to_be_understood(person: Person, voice: str, dbfs: float):
    health = Health()
    ((at, told),) = news(health, room(3, 3), talk(person, dbfs, voice))
    assert told == MicrophoneAiling(Ailment.TOO_QUIET)
    assert at <= 3 + SOON
    assert news(health, room(10, 3)) == []
    ((_, well),) = news(health, talk(person, -30, voice))
    assert well == MicrophoneWell(Ailment.TOO_QUIET)


def test_a_far_voice_after_a_near_one_is_not_the_microphones_fault(person: Person):
    near = np.concatenate([talk(person, -25)] * 2)
    told = news(Health(), room(3, 3), near, room(3, 3), talk(person, -55))
    assert [each for _, each in told] == [MicrophoneAiling(Ailment.TOO_QUIET, comes_and_goes=True)]


def test_nobody_is_told_in_mid_word(person: Person):
    said = trimmed(person(SENTENCE)).astype(float)[: 3 * RATE // 2]
    clipped = np.clip(said * 20, -32_768, 32_767).astype(np.int16)
    ((at, _),) = news(Health(), room(3), clipped, room(3))
    assert at > 3 + len(clipped) / RATE


def losing(seconds: float, *, every: float) -> list[Frame]:
    frames = list(from_samples(room(seconds)))
    step = round(every * 20)
    return [Frame(f.samples, f.at, after_loss=n % step == 0) for n, f in enumerate(frames, start=1)]


@pytest.mark.parametrize("every", [0.05, 0.5, 1.0])
def test_sound_lost_every_second_is_noticed_and_its_end_too(every: float):
    health = Health()
    ((at, told),) = news(health, losing(5, every=every))
    assert told == MicrophoneAiling(Ailment.LOSING)
    assert at <= SOON
    assert [each for _, each in news(health, room(12))] == [MicrophoneWell(Ailment.LOSING)]


def test_a_loss_now_and_then_is_nothing():
    assert news(Health(), losing(120, every=10)) == []


def test_a_constant_offset_is_no_ailment(person: Person):
    offset = np.concatenate([room(20), talk(person, -25), room(5)]) + np.int16(4_000)
    assert news(Health(), offset) == []


def test_a_soft_voice_on_a_constant_offset_is_still_noticed(person: Person):
    offset = np.concatenate([room(3, 3), talk(person, -55)]) + np.int16(4_000)
    assert [each for _, each in news(Health(), offset)] == [MicrophoneAiling(Ailment.TOO_QUIET)]
