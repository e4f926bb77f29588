from contextlib import closing

import numpy as np
import pyloudnorm
import pytest

from tests.conftest import Person, needs
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, pieces, plain
from voice_glimmer.speaking.sound import LEVEL, Sound, read, silence
from voice_glimmer.speaking.voice import Voice


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


def lufs(sound: Sound) -> float:
    """Return the loudness by ITU-R BS.1770-4."""
    meter = pyloudnorm.Meter(sound.rate)
    return float(meter.integrated_loudness(sound.samples / 32_768))


@pytest.mark.parametrize("name", ["woke", "ended", "kept", "undone", "no"])
def test_chimes_are_short_as_loud_as_speech_and_end_in_silence(name: str):
    chime = read(AUDIO_PROMPTS / "chimes" / f"{name}.wav")
    assert chime.rate == 48_000
    assert chime.seconds < 0.6
    assert lufs(chime) == pytest.approx(-18, abs=1)
    assert np.abs(chime.samples.astype(int)).max() < 32_000
    assert abs(int(chime.samples[0])) < 50
    assert abs(int(chime.samples[-1])) < 50


@pytest.mark.parametrize("name", ["en-us+f3", "de+f3"])
def test_speech_is_as_loud(name: str):
    needs("espeak-ng", "espeak-ng")
    with closing(Voice(name, 145)) as voice:
        said = voice.sound("Let your shoulders drop. What small good thing did you notice?")
    assert lufs(said.levelled()) == pytest.approx(-18, abs=1)


@pytest.mark.parametrize("speaker", ["slt", "rms", "awb"])
@pytest.mark.parametrize("gain", [0.05, 0.3, 1.0])
def test_a_persons_recording_is_brought_to_the_same_loudness(person: Person, speaker, gain):
    said = person("this morning the robin sang outside my window", speaker)
    pauses = np.pad(said, 16_000) + np.random.default_rng(0).normal(0, 5, len(said) + 32_000)
    recording = Sound(np.rint(pauses * gain).astype(np.int16), 16_000)
    assert lufs(recording.levelled()) == pytest.approx(-18, abs=1)


def test_nothing_and_noise_alone_are_not_blown_up():
    assert silence(1.0, 16_000).levelled().silent
    assert silence(0.0, 16_000).levelled().seconds == 0
    hiss = Sound(np.random.default_rng(0).normal(0, 10, 16_000).astype(np.int16), 16_000)
    assert hiss.levelled().loudness < LEVEL - 20


def test_of_a_recording_the_words_are_heard_and_a_little_around_them():
    sound = Sound(np.arange(10_000, dtype=np.int16), 1_000)
    assert sound.between((2.0, 3.0)).samples[[0, -1]].tolist() == [1_600, 3_399]
    assert sound.between((0.1, 9.9)).samples[[0, -1]].tolist() == [0, 9_999]
    assert sound.between(None) is sound
