import numpy as np
import pytest

from tests.conftest import Person, pause
from voice_glimmer.hearing.frames import BLOCK, RATE, Frame, from_samples
from voice_glimmer.hearing.gate import Gate, SpeechOnly


def noise(seconds: float, level: float, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, level, round(seconds * RATE))


def mixed(*parts: np.ndarray) -> np.ndarray:
    return np.clip(sum(parts), -32_768, 32_767).astype(np.int16)


def passed(samples: np.ndarray) -> list[Frame]:
    gate = SpeechOnly()
    return [each for frame in from_samples(samples) for each in gate.feed(frame)]


def at_10_db(said: np.ndarray, seed: int) -> np.ndarray:
    """Return 12 s of a loud hood with `said` 11 s into it, 10 dB above."""
    level = np.sqrt(np.mean(said.astype(float) ** 2)) / 10 ** (10 / 20)
    voice = np.pad(said, (11 * RATE, RATE))
    return mixed(voice, noise(len(voice) / RATE, level, seed))


@pytest.mark.parametrize("level", [0, 10, 500, 3_000])
def test_steady_noise_passes_nothing_however_loud(level: float):
    # The first seconds may pass: the floor is not known yet.
    frames = passed(mixed(noise(60, level)))
    assert len([frame for frame in frames if frame.at > 10]) <= 0.03 * 50 * RATE / BLOCK


@pytest.mark.parametrize("voice", ["slt", "rms", "awb", "kal16"])
@pytest.mark.parametrize("seed", range(3))
def test_all_of_a_phrase_passes_at_10_db(person: Person, voice: str, seed: int):
    said = person("hey glimmer", voice)
    loud = np.flatnonzero(np.abs(said.astype(int)) > 500) / RATE
    frames = [frame for frame in passed(at_10_db(said, seed)) if frame.at > 10]
    assert frames[0].at <= 11 + loud[0]
    assert frames[-1].end >= 11 + loud[-1]


@pytest.mark.parametrize("offset", [-6_000, 3_000])
def test_a_constant_offset_hides_no_voice(person: Person, offset: int):
    said = np.pad(person("hey glimmer"), (11 * RATE, RATE))
    gate, shifted = Gate(), Gate()
    room = mixed(said * 0.3, noise(len(said) / RATE, 20))
    for frame in from_samples(room):
        moved = Frame((frame.samples + offset).astype(np.int16), frame.at)
        assert shifted.voiced(moved) == gate.voiced(frame)
        assert shifted.level == pytest.approx(gate.level, abs=0.1)


def test_frames_come_once_and_in_order(person: Person):
    said = person("my neighbor waved at me and smiled")
    samples = np.concatenate([pause(3), said, pause(3), said, pause(3)])
    times = [frame.at for frame in passed(samples)]
    assert times == sorted(set(times))
    assert len(times) < 0.8 * len(samples) / BLOCK


def test_a_dish_set_down_is_not_speech():
    t = np.arange(RATE // 10) / RATE
    dish = 8_000 * np.sin(2 * np.pi * 2_400 * t) * np.exp(-60 * t)
    samples = noise(20, 50)
    samples[15 * RATE : 15 * RATE + len(dish)] += dish
    assert [frame for frame in passed(mixed(samples)) if frame.at > 10] == []


def test_frames_of_any_length_are_judged(person: Person):
    said = np.pad(person("hey glimmer"), (RATE, RATE))
    gate = Gate()
    lengths = np.random.default_rng(1).integers(1, 1_500, 200)
    voiced, start = [], 0
    for length in lengths:
        piece = said[start : start + length]
        if not len(piece):
            break
        voiced.append((start, gate.voiced(Frame(piece, start / RATE))))
        start += length
    assert any(flag for at, flag in voiced if RATE < at < len(said) - RATE)
    assert not any(flag for at, flag in voiced if at < RATE // 2)
