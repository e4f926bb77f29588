import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.files import from_file, wavs
from voice_glimmer.hearing.frames import RATE

NOISE = np.random.default_rng(1).normal(0, 2_000, RATE).astype(np.int16)


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    soundfile.write(tmp_path / "noise.wav", NOISE, RATE)
    return tmp_path / "noise.wav"


def test_a_file_as_the_program_hears_comes_back_sample_for_sample(wav: Path):
    assert np.array_equal(from_file(wav), NOISE)


@pytest.mark.parametrize(
    ("name", "subtype"), [("a.wav", "PCM_24"), ("a.flac", "PCM_16"), ("a.wav", "FLOAT")]
)
@pytest.mark.parametrize(("rate", "channels"), [(44_100, 1), (48_000, 2), (8_000, 2)])
def test_any_rate_and_width(tmp_path: Path, name: str, subtype: str, rate: int, channels: int):
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(2 * rate) / rate)
    soundfile.write(tmp_path / name, np.repeat(tone[:, None], channels, 1), rate, subtype=subtype)
    samples = from_file(tmp_path / name)
    assert samples.dtype == np.int16
    assert samples.shape == (2 * RATE,)
    middle = samples[RATE // 2 : -RATE // 2].astype(float)
    expected = 0.3 * 32_768 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE)
    assert np.abs(middle - expected[RATE // 2 : -RATE // 2]).max() < 100


def test_a_silent_channel_silences_nothing(tmp_path: Path):
    sides = np.stack([np.zeros(RATE), NOISE / 32_768], axis=1)
    soundfile.write(tmp_path / "a.wav", sides, RATE, subtype="FLOAT")
    assert np.allclose(from_file(tmp_path / "a.wav"), NOISE / 2, atol=0.5)


def test_float_samples_beyond_full_scale_are_clipped(tmp_path: Path):
    soundfile.write(tmp_path / "a.wav", np.array([0.5, 3.0, -3.0]), RATE, subtype="FLOAT")
    assert list(from_file(tmp_path / "a.wav")) == [16_384, 32_767, -32_768]


@pytest.mark.parametrize(
    ("at", "as_", "value", "words"),
    [
        (40, "<I", 10 * 2 * RATE, "claims more sound than it holds"),
        (40, "<I", 0xFFFF_FFFF, "claims more sound than it holds"),
        (22, "<H", 0, "channel count is zero"),
        (22, "<H", 9_999, "too many channels"),
        (24, "<I", 0, "cannot be read as sound"),
        (24, "<I", 1, "claims 1 samples a second"),
        (24, "<I", 2**31 - 1, "claims 2147483647 samples a second"),
        (34, "<H", 0, "cannot be read as sound"),
        (40, "<I", 0, "holds no sound"),
    ],
)
def test_a_lying_header(wav: Path, at: int, as_: str, value: int, words: str):
    lying = bytearray(wav.read_bytes())
    struct.pack_into(as_, lying, at, value)
    wav.write_bytes(lying)
    with pytest.raises(Fault, match=words):
        from_file(wav)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.au", "a.aiff"])
def test_a_file_that_was_cut_in_half(tmp_path: Path, name: str):
    soundfile.write(tmp_path / name, NOISE, RATE)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Fault, match=r"cut short|cannot be read as sound"):
        from_file(tmp_path / name)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers(tmp_path: Path, bad: float):
    soundfile.write(tmp_path / "a.wav", np.array([0.1, bad, 0.1]), RATE, subtype="FLOAT")
    with pytest.raises(Fault, match="no numbers"):
        from_file(tmp_path / "a.wav")


@pytest.mark.parametrize("content", [b"", b"RIFF", b"hello there " * 100])
def test_not_a_sound_file(tmp_path: Path, content: bytes):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(Fault, match="cannot be read as sound: format not recognised"):
        from_file(tmp_path / "a.wav")


def test_not_there(tmp_path: Path):
    with pytest.raises(Fault, match="There is no file"):
        from_file(tmp_path / "a.wav")
    with pytest.raises(Fault, match="There is no file"):
        from_file(tmp_path)


def test_a_folder_by_name_and_only_its_wavs(tmp_path: Path):
    for name, level in [("b.WAV", 200), ("a.wav", 100)]:
        soundfile.write(tmp_path / name, np.full(10, level, np.int16), RATE, format="WAV")
    (tmp_path / "notes.txt").write_text("hello")
    assert [path.name for path in wavs(tmp_path)] == ["a.wav", "b.WAV"]


def test_a_folder_without_wavs_and_no_folder(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(Fault, match="no WAV in"):
            wavs(folder)
