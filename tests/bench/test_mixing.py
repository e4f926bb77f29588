"""Speech in a room of its own."""

import numpy as np
import pytest

from scripts.bench.mixing import LEAD, TAIL, laid, trimmed
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import RATE

RNG = np.random.default_rng(1)
TONE = (4_000 * np.sin(np.arange(RATE) * 2 * np.pi * 440 / RATE)).astype(np.int16)
NOISE = RNG.normal(0, 300, 40 * RATE).astype(np.int16)
PAUSE = np.zeros(RATE, np.int16)


def power(sound: np.ndarray) -> float:
    return float(np.mean(sound.astype(float) ** 2))


@pytest.mark.parametrize("snr", [-5, 0, 10, 20])
def test_the_ratio_is_kept_where_both_sound(snr: float):
    mixed = laid(TONE, NOISE, snr, np.random.default_rng(2))
    here = mixed.samples[round(mixed.starts * RATE) : round(mixed.ends * RATE)]
    before = mixed.samples[: round(mixed.starts * RATE)]
    speech = power(here) - power(before)
    assert 10 * np.log10(speech / power(before)) == pytest.approx(snr, abs=0.5)


def test_silence_around_it_is_left_out_and_the_room_is_around_it():
    mixed = laid(np.concatenate([PAUSE, TONE, PAUSE]), NOISE, 10, np.random.default_rng(2))
    assert mixed.starts == LEAD
    assert mixed.ends == pytest.approx(LEAD + 1, abs=0.01)
    assert len(mixed.samples) / RATE == pytest.approx(mixed.ends + TAIL)


def test_without_a_ratio_it_is_as_loud_as_it_was():
    mixed = laid(TONE, PAUSE, None, np.random.default_rng(2))
    here = mixed.samples[round(mixed.starts * RATE) : round(mixed.ends * RATE)]
    assert (here == trimmed(TONE)).all()
    assert not mixed.samples[: round(mixed.starts * RATE)].any()


def test_a_short_room_is_repeated():
    mixed = laid(TONE, NOISE[:RATE], 10, np.random.default_rng(2))
    before = mixed.samples[: round(LEAD * RATE)]
    assert (before[:RATE] == before[RATE : 2 * RATE]).all()
    assert before.any()


def test_what_would_clip_is_turned_down_as_a_whole():
    loud = laid(TONE, (NOISE * 30.0).clip(-30_000, 30_000).astype(np.int16), 20, RNG)
    assert np.abs(loud.samples).max() <= 30_000


@pytest.mark.parametrize("level", [1, 100, 20_000])
def test_a_soft_recording_is_trimmed_like_a_loud_one(level: int):
    said = np.concatenate([PAUSE, np.full(400, level, np.int16), PAUSE])
    assert len(trimmed(said)) == 400


@pytest.mark.parametrize("said", [PAUSE, PAUSE[:0]])
def test_silence_is_no_speech(said: np.ndarray):
    with pytest.raises(Fault, match="only silence"):
        laid(said, NOISE, 10, RNG)


def test_a_ratio_to_silence_cannot_be_kept():
    with pytest.raises(Fault, match="noise is silent"):
        laid(TONE, PAUSE, 10, RNG)
