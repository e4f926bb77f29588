import itertools
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounddevice import CallbackFlags

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import (
    BLOCK,
    QUEUE_BLOCKS,
    RATE,
    Cutter,
    Frame,
    Microphone,
    Outage,
    from_samples,
)

INPUT_OVERFLOW = 0x2  # PortAudio's paInputOverflow
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
        self.rate, self.channels, self.streams, self.closed = rate, channels, [], []
        self.plugged, self.busy = True, False
        self.answers = threading.Event()
        self.answers.set()

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

    def RawInputStream(self, *, samplerate: int, channels: int, blocksize: int, callback, **_):  # noqa: N802
        if self.busy or (samplerate, channels) != (self.rate, self.channels):
            raise self.PortAudioError("Invalid sample rate")
        stream = SimpleNamespace(
            start=self.answers.wait,
            abort=lambda **_: None,
            close=lambda **_: self.closed.append(stream),
            deliver=lambda data, status=0: callback(
                data.tobytes(), len(data), TIMES, CallbackFlags(status)
            ),
            blocksize=blocksize,
        )
        self.streams.append(stream)
        return stream


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (44_100, 2), (48_000, 1)])
def test_a_microphone_of_another_rate_or_width_is_resampled(rate: int, channels: int):
    library = Library(rate, channels)
    microphone = Microphone(None, library=library)
    (stream,) = library.streams
    seconds = 2
    tone = 10_000 * np.sin(2 * np.pi * 440 * np.arange(rate * seconds) / rate)
    wide = np.repeat(tone[:, None], channels, axis=1).astype(np.int16)
    for start in range(0, len(wide), stream.blocksize):
        stream.deliver(wide[start : start + stream.blocksize])
    heard = [frame.samples for frame in itertools.islice(microphone.frames(), 35)]
    samples = np.concatenate(heard)
    assert samples.dtype == np.int16
    assert {len(frame) for frame in heard} == {BLOCK}
    middle = samples[8_000:16_000].astype(float)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * RATE / len(middle) == pytest.approx(440, abs=2)
    assert np.abs(middle).max() == pytest.approx(10_000, rel=0.02)


def test_a_stereo_device_is_opened_wide_so_that_a_silent_left_side_silences_nothing():
    library = Library(16_000, 2)
    microphone = Microphone(None, library=library)
    library.streams[0].deliver(np.stack([np.zeros(BLOCK), np.full(BLOCK, 600)], 1).astype(np.int16))
    frame = next(microphone.frames())
    assert np.array_equal(frame.samples, np.full(BLOCK, 300))


def test_a_device_that_only_opens_at_all_its_channels():
    library = Library(16_000, 6)
    microphone = Microphone(None, library=library)
    sides = np.tile(np.array([100, 300, 9_000, 9_000, 9_000, -9_000], np.int16), (BLOCK, 1))
    library.streams[0].deliver(sides)
    assert np.array_equal(next(microphone.frames()).samples, np.full(BLOCK, 200))


def test_the_gain_amplifies_and_clips():
    library = Library(16_000, 1)
    microphone = Microphone(None, gain=20.0, library=library)
    library.streams[0].deliver(np.resize(np.array([[100], [-20_000]], np.int16), (BLOCK, 1)))
    frame = next(microphone.frames())
    assert set(frame.samples) == {1_000, -32_768}


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 8_000])
@given(lengths=st.lists(st.integers(0, 9_000), min_size=1, max_size=20))
def test_blocks_of_any_length_become_frames_with_right_times(rate: int, lengths: list[int]):
    cutter, frames, taken = Cutter(rate), [], 0
    ramp = (np.arange(sum(lengths)) * RATE // rate % 30_000).astype(np.int16)[:, None]
    for length in lengths:
        frames += cutter.feed(ramp[taken : taken + length], 100 + taken / rate)
        taken += length
    assert {len(frame.samples) for frame in frames} <= {BLOCK}
    # A resampler keeps a little back; nothing else may be missing.
    assert 0 <= taken * RATE / rate - len(frames) * BLOCK < BLOCK + RATE / 4
    for number, frame in enumerate(frames):
        assert frame.at == pytest.approx(100 + number * BLOCK / RATE)
    if rate == RATE:
        samples = [sample for frame in frames for sample in frame.samples]
        assert samples == list(ramp[: len(samples), 0])


def test_a_late_block_is_heard_when_it_was_said():
    cutter = Cutter(RATE)
    half = np.ones((BLOCK // 2, 1), np.int16)
    assert cutter.feed(half, 5.0) == []
    (first,) = cutter.feed(half, 5.025)
    (second,) = cutter.feed(np.ones((BLOCK, 1), np.int16), 9.0)
    assert (first.at, second.at) == (pytest.approx(5.0), pytest.approx(9.0))


def test_sound_that_portaudio_lost_is_told_with_the_next_frame_only():
    library = Library(16_000, 1)
    microphone = Microphone(None, library=library)
    half = np.ones((BLOCK // 2, 1), np.int16)
    for status in (0, 0, INPUT_OVERFLOW, 0, 0, 0):
        library.streams[0].deliver(half, status)
    frames = itertools.islice(microphone.frames(), 3)
    assert [frame.after_loss for frame in frames] == [False, True, False]


def test_sound_that_waited_too_long_is_told_as_lost():
    library = Library(16_000, 1)
    microphone = Microphone(None, library=library)
    block = np.ones((BLOCK, 1), np.int16)
    for _ in range(QUEUE_BLOCKS + 5):
        library.streams[0].deliver(block)
    frames = microphone.frames()
    waited = [next(frames).after_loss for _ in range(QUEUE_BLOCKS)]
    library.streams[0].deliver(block)
    assert not any(waited)
    assert next(frames).after_loss


def test_a_microphone_that_is_busy_is_a_sentence():
    library = Library(16_000, 1)
    library.busy = True
    with pytest.raises(Fault, match="Another program may be using it"):
        Microphone(None, library=library)


def test_frames_end_with_what_was_heard_when_it_is_told_to_leave():
    library = Library(16_000, 1)
    microphone = Microphone(None, library=library)
    library.streams[0].deliver(np.ones((BLOCK, 1), np.int16))
    before = time.monotonic()
    microphone.leave()
    (frame,) = microphone.frames()
    # In the air 20 ms before it was delivered, as the stream's clock says.
    assert frame.at == pytest.approx(before - 0.02, abs=0.5)
    assert frame.at < before


def test_an_outage_is_told_and_ends():
    library = Library(16_000, 1)
    microphone = Microphone(None, library=library)
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
        Microphone("Rode", library=library)
    library.plugged = False
    with pytest.raises(Fault, match="no microphone"):
        Microphone(None, library=library)


def test_a_muted_microphone_is_closed_and_only_opened_when_that_is_wanted():
    library = Library(16_000, 1)
    microphone = Microphone(None, library=library)
    block = np.ones((BLOCK, 1), np.int16)
    frames = microphone.frames()
    microphone.mute()
    assert library.closed == library.streams
    library.streams[0].deliver(block)  # what was on its way is not heard
    assert all(next(frames).muted for _ in range(6))
    assert len(library.streams) == 1
    microphone.unmute()
    library.streams[1].deliver(block)
    assert isinstance(next(frames), Frame)


def test_who_left_it_muted_finds_it_so_and_without_a_fault_where_it_is_away():
    library = Library(16_000, 1)
    library.plugged = False
    microphone = Microphone(None, library=library, muted=True)
    assert next(microphone.frames()).muted
    microphone.unmute()
    assert not next(microphone.frames()).muted


def test_what_a_sound_system_opens_after_it_was_muted_is_closed_again():
    library = Library(16_000, 1)
    microphone = Microphone(None, library=library, muted=True)
    library.answers.clear()
    microphone.unmute()  # is given up
    microphone.mute()
    assert len(library.streams) == 1
    library.answers.set()
    frames = microphone.frames()
    outages = (next(frames) for _ in range(40))
    assert all(
        outage.muted for outage in itertools.takewhile(lambda _: not library.closed, outages)
    )
    assert library.closed == library.streams
    assert next(frames).muted
    assert len(library.streams) == 1
