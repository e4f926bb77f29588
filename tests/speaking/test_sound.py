import numpy as np
import pytest

from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, pieces, plain
from voice_glimmer.speaking.sound import Sound, read, silence


def test_pauses_are_told_from_words():
    assert pieces("[0.5s]Let go.[1.5s] What was good?[2s]") == [
        0.5,
        "Let go.",
        1.5,
        "What was good?",
        2.0,
    ]
    assert plain("Let go.[1.5s] What was good?") == "Let go. What was good?"
    assert pieces("") == []
    assert pieces("a [b] c") == ["a [b] c"]


def test_resampling_keeps_the_length():
    tone = Sound((8_000 * np.sin(np.arange(22_050) / 10)).astype(np.int16), 22_050)
    assert tone.at_rate(48_000).seconds == pytest.approx(1.0, abs=0.001)
    assert tone.at_rate(22_050) is tone


def test_trimming_leaves_a_short_tail():
    loud = np.full(1_000, 5_000, np.int16)
    sound = Sound(np.concatenate([loud, np.zeros(9_000, np.int16)]), 10_000)
    assert sound.trimmed().seconds == pytest.approx(0.2, abs=0.001)
    assert silence(0.5, 10_000).trimmed().seconds == pytest.approx(0.1, abs=0.001)


@pytest.mark.parametrize("name", ["woke", "kept"])
def test_chimes_are_short_soft_and_end_in_silence(name: str):
    chime = read(AUDIO_PROMPTS / "chimes" / f"{name}.wav")
    assert chime.rate == 48_000
    assert chime.seconds < 0.6
    assert 4_000 < np.abs(chime.samples).max() < 12_000
    assert abs(int(chime.samples[0])) < 50
    assert abs(int(chime.samples[-1])) < 50


def test_of_a_recording_the_words_are_heard_and_a_little_around_them():
    sound = Sound(np.arange(10_000, dtype=np.int16), 1_000)
    assert sound.between((2.0, 3.0)).samples[[0, -1]].tolist() == [1_600, 3_399]
    assert sound.between((0.1, 9.9)).samples[[0, -1]].tolist() == [0, 9_999]
    assert sound.between(None) is sound
