import itertools
import time
from types import SimpleNamespace

import numpy as np
import pytest

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import BLOCK, RATE, Frame, Microphone, Outage, from_samples

TIMES = SimpleNamespace(currentTime=10.0, inputBufferAdcTime=9.98)


def test_samples_come_back_as_frames_in_order():
    samples = np.arange(2 * BLOCK + 5, dtype=np.int16)
    frames = list(from_samples(samples, at=3.0))
    assert np.array_equal(np.concatenate([frame.samples for frame in frames]), samples)
    assert [frame.at for frame in frames] == [3.0, 3.05, 3.1]
    assert frames[-1].end == 3.1 + 5 / RATE


class Library:
    """Behaves like sounddevice with one microphone that has one rate and a number of channels."""

    class PortAudioError(Exception):
        pass

    def __init__(self, rate: int, channels: int) -> None:
        self.rate, self.channels, self.streams = rate, channels, []
        self.plugged = True

    def query_devices(self, name: str | None, kind: str) -> dict:
        if not self.plugged:
            raise self.PortAudioError(f"no {kind} device")
        if name not in {None, "Yeti"}:
            raise ValueError(f"No input device matching {name!r}")
        return {
            "name": "Yeti",
            "default_samplerate": float(self.rate),
            "max_input_channels": self.channels,
        }

    def InputStream(self, *, samplerate: int, channels: int, blocksize: int, callback, **_):  # noqa: N802
        if (samplerate, channels) != (self.rate, self.channels):
            raise self.PortAudioError("Invalid sample rate")
        stream = SimpleNamespace(
            start=lambda: None,
            abort=lambda **_: None,
            close=lambda **_: None,
            deliver=lambda data: callback(data, len(data), TIMES, ""),
            blocksize=blocksize,
        )
        self.streams.append(stream)
        return stream


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (44_100, 2), (48_000, 1)])
def test_a_microphone_of_another_rate_or_width_is_resampled(rate: int, channels: int):
    library = Library(rate, channels)
    microphone = Microphone(None, library)
    (stream,) = library.streams
    seconds = 2
    tone = 10_000 * np.sin(2 * np.pi * 440 * np.arange(rate * seconds) / rate)
    wide = np.repeat(tone[:, None], channels, axis=1).astype(np.int16)
    for start in range(0, len(wide), stream.blocksize):
        stream.deliver(wide[start : start + stream.blocksize])
    heard = [frame.samples for frame in itertools.islice(microphone.frames(), 35)]
    samples = np.concatenate(heard)
    assert samples.dtype == np.int16
    assert all(abs(len(frame) - BLOCK) <= 2 * BLOCK for frame in heard)
    middle = samples[8_000:16_000].astype(float)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * RATE / len(middle) == pytest.approx(440, abs=2)
    assert np.abs(middle).max() == pytest.approx(10_000, rel=0.02)


def test_frames_end_with_what_was_heard_when_it_is_told_to_leave():
    library = Library(16_000, 1)
    microphone = Microphone(None, library)
    library.streams[0].deliver(np.ones((BLOCK, 1), np.int16))
    before = time.monotonic()
    microphone.leave()
    (frame,) = microphone.frames()
    # In the air 20 ms before it was delivered, as the stream's clock says.
    assert frame.at == pytest.approx(before - 0.02, abs=0.5)
    assert frame.at < before


def test_an_outage_is_told_and_ends():
    library = Library(16_000, 1)
    microphone = Microphone(None, library)
    frames = microphone.frames()
    assert isinstance(next(frames), Outage)
    library.plugged = False
    while len(library.streams) == 1:
        outage = next(frames)
        assert isinstance(outage, Outage)
        if outage.lasting > 1.5:
            library.plugged = True
        assert outage.lasting < 10
    library.streams[-1].deliver(np.ones((BLOCK, 1), np.int16))
    while isinstance(heard := next(frames), Outage):
        pass
    assert isinstance(heard, Frame)
    assert np.array_equal(heard.samples, np.ones(BLOCK))


def test_no_microphone_is_a_sentence():
    library = Library(16_000, 1)
    with pytest.raises(Fault, match='no microphone called "Rode"'):
        Microphone("Rode", library)
    library.plugged = False
    with pytest.raises(Fault, match="no microphone"):
        Microphone(None, library)
