"""Where sound comes from: 16 kHz mono frames from a microphone or from samples at hand."""

from __future__ import annotations

import logging
import queue
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import soxr

from voice_glimmer.bounded import BoundedStream, started
from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

RATE = 16_000
"""Samples a second of every frame, in Hz: what Vosk's models are trained on."""

BLOCK = 800
"""Samples in a frame: 50 ms, short enough that a pause's end is noticed at once."""

QUEUE_BLOCKS = 1_200
"""Frames that may wait while the loop is busy: one minute."""

MOST_CHANNELS = 2
"""Channels that are averaged. Asked for one, PortAudio takes a stereo device's left, dead or not;
of more than two, the further ones carry the raw microphones of an array, or the loudspeaker."""

SETTLING_SECONDS = 0.5
"""Sound servers report wild latencies while a stream settles; at most this much is theirs."""

WAIT_SECONDS = 0.25
REOPEN_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Frame:
    """A piece of sound.

    Attributes:
        samples: int16, shape (n,), mono, at `RATE`.
        at: When the first sample was in the air, in monotonic seconds.
        after_loss: Whether sound was lost in it, or just before it.
    """

    samples: npt.NDArray[np.int16]
    at: float
    after_loss: bool = False

    @property
    def end(self) -> float:
        """When the last sample was in the air, in monotonic seconds."""
        return self.at + len(self.samples) / RATE

    @cached_property
    def loudness(self) -> tuple[float, float]:
        """The constant offset and, without it, the RMS level, both in int16 steps.

        Whoever hears a frame needs it: it is found out once.
        """
        samples = self.samples.astype(np.float64)
        count = max(len(samples), 1)
        offset = float(samples.sum()) / count
        return offset, max(float(samples.dot(samples)) / count - offset**2, 0.0) ** 0.5


@dataclass(frozen=True, slots=True)
class Outage:
    """No sound has arrived for `lasting` seconds, up to the monotonic moment `at`.

    `muted` tells that the person wants it so; nothing lasts then.
    """

    lasting: float
    at: float
    muted: bool = False


def from_samples(samples: npt.NDArray[np.int16], at: float = 0.0) -> Iterator[Frame]:
    """Yield int16 mono samples at `RATE` as frames of `BLOCK`, the first at `at` seconds."""
    for start in range(0, len(samples), BLOCK):
        yield Frame(samples[start : start + BLOCK], at + start / RATE)


class Cutter:
    """Cuts what a device delivers, of any length, rate and width, into frames of `BLOCK` samples.

    Args:
        rate: The device's, in Hz.
        gain: What to amplify by, in dB; what is then too loud for int16 is clipped.
    """

    def __init__(self, rate: int, gain: float = 0.0) -> None:
        self._rate = rate
        self._factor = np.float32(10 ** (gain / 20))
        self._resampler = (
            None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="int16")
        )
        self._rest: npt.NDArray[np.int16] = np.zeros(0, np.int16)
        self._taken = 0
        self._given = 0
        self._lost = False

    def feed(self, data: npt.NDArray[np.int16], at: float, *, lost: bool = False) -> list[Frame]:
        """Return the frames that are whole now.

        Args:
            data: int16, shape (n, channels), n of any size; the first two channels are averaged.
            at: When the first of them was in the air, in monotonic seconds.
            lost: Whether sound was lost before it.
        """
        # Every delivery says anew when the stream began, so that clocks cannot drift apart.
        began = at - self._taken / self._rate
        self._taken += len(data)
        self._lost |= lost
        samples = self._mixed(data)
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples)
        self._rest = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        frames = []
        while len(self._rest) >= BLOCK:
            frames.append(Frame(self._rest[:BLOCK], began + self._given / RATE, self._lost))
            self._rest, self._lost = self._rest[BLOCK:], False
            self._given += BLOCK
        return frames

    def _mixed(self, data: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
        if data.shape[1] == 1 and self._factor == 1:
            return data[:, 0].copy()  # the device uses its buffer again
        mixed = data[:, :MOST_CHANNELS].mean(axis=1, dtype=np.float32) * self._factor
        clipped: npt.NDArray[np.float32] = np.rint(np.clip(mixed, -32_768, 32_767))
        return clipped.astype(np.int16)


class Microphone:
    """A microphone by name, or the default one.

    Opened at 16 kHz where it can; else at its own rate, then resampled with soxr. Whatever
    lengths it delivers, frames have `BLOCK` samples. It delivers int16, so there is no sample
    that is not a number. When it stops it is opened anew every second until it delivers again.

    Args:
        name: Its name, or a part of it; None for the default one.
        gain: What to amplify it by, in dB.
        library: sounddevice, or what behaves like it.
        muted: Whether it begins closed, as the person left it.

    Raises:
        Fault: No PortAudio, no microphone, none of that name, one that cannot be opened, or a
            sound system that hangs.
    """

    def __init__(
        self,
        name: str | None,
        gain: float = 0.0,
        library: Any = None,  # noqa: ANN401
        *,
        muted: bool = False,
    ) -> None:
        self._name = name
        self._gain = gain
        self._frames: queue.Queue[Frame] = queue.Queue(QUEUE_BLOCKS)
        self._leaving = threading.Event()
        self._sd = library
        self._stream = BoundedStream()
        # The loop opens it anew, and whoever presses a button closes it from another thread.
        self._turns = threading.Lock()
        self._muted = muted
        if not muted:
            self._stream.renew(self._opened)

    @property
    def muted(self) -> bool:
        """Whether it is closed because the person wants it so."""
        return self._muted

    def mute(self) -> None:
        """Close the stream, and leave it closed; may be called from another thread.

        Nothing is heard from the moment of the call on, even if the sound system hangs.
        """
        self._muted = True
        with self._turns:
            self._stream.close()

    def unmute(self) -> None:
        """Open it again, or let `frames()` do so as soon as that is possible."""
        self._muted = False
        self._reopen()

    def leave(self) -> None:
        """End `frames()` soon; may be called from a signal handler."""
        self._leaving.set()

    def close(self) -> None:
        """Let go of the microphone."""
        self._stream.close()

    def frames(self) -> Iterator[Frame | Outage]:
        """Yield what is heard, and an `Outage` for every quarter second without a frame.

        While it is muted, it says so, and the microphone is not opened. After `leave()` what had
        been heard by then still comes.
        """
        last = reopened = time.monotonic()
        while not self._leaving.is_set():
            try:
                frame = self._frames.get(timeout=WAIT_SECONDS)
            except queue.Empty:
                now = time.monotonic()
                if self._muted:
                    last = now
                    self._close_late()
                    yield Outage(0.0, now, muted=True)
                    continue
                yield Outage(now - last, now)
                if now - max(last, reopened) >= REOPEN_SECONDS:
                    self._reopen()
                    reopened = time.monotonic()
            else:
                last = time.monotonic()
                yield frame
        while not self._frames.empty():
            yield self._frames.get_nowait()

    def _close_late(self) -> None:
        """Close what a sound system that hung has opened only after it was muted."""
        if self._stream.is_open:
            with self._turns:
                if self._muted:
                    self._stream.close()

    def _reopen(self) -> None:
        with self._turns:
            if self._muted:
                return
            try:
                self._stream.renew(self._opened)
            except Fault as reason:
                log.info("the microphone is still away: %s", reason)

    def _opened(self) -> Any:  # noqa: ANN401
        # Loading PortAudio already asks the sound system, and can hang with it.
        self._sd = self._sd or sound_library()
        try:
            info = self._sd.query_devices(self._name, "input")
        except (ValueError, self._sd.PortAudioError) as error:
            raise Fault(_missing(self._name, error)) from error
        native = int(info["default_samplerate"])
        most = int(info["max_input_channels"])
        widths = dict.fromkeys([min(MOST_CHANNELS, most), 1, most])
        for rate, channels in [(r, c) for r in dict.fromkeys([RATE, native]) for c in widths]:
            try:
                # A raw one: an array made by the library costs a good part of what quiet does.
                stream = self._sd.RawInputStream(
                    device=self._name,
                    samplerate=rate,
                    channels=channels,
                    dtype="int16",
                    blocksize=rate * BLOCK // RATE,
                    callback=self._receiver(rate, channels),
                )
                started(stream)
            except self._sd.PortAudioError:
                log.info("the microphone cannot do %d Hz, %d channels", rate, channels)
                continue
            log.info("microphone %s at %d Hz, %d channels", info["name"], rate, channels)
            return stream
        raise Fault("I cannot open the microphone. Another program may be using it.")

    def _receiver(self, rate: int, channels: int) -> Callable[..., None]:
        cutter = Cutter(rate, self._gain)
        dropped = False

        def receive(raw: Any, count: int, times: Any, status: Any) -> None:  # noqa: ANN401
            nonlocal dropped
            if self._muted:
                return
            least = count / rate  # what is delivered now has been in the air
            latency = times.currentTime - times.inputBufferAdcTime
            at = time.monotonic() - min(max(latency, least), least + SETTLING_SECONDS)
            lost, dropped = dropped or status.input_overflow, False
            data = np.frombuffer(raw, np.int16).reshape(count, channels)
            for frame in cutter.feed(data, at, lost=lost):
                try:
                    self._frames.put_nowait(frame)
                except queue.Full:
                    dropped = True
            if lost:
                log.info("sound was lost: %s", status or "the loop has been busy for a minute")

        return receive


def _missing(name: str | None, error: Exception | None = None) -> str:
    if name is None:
        return "I found no microphone. Please plug one in and start me again."
    if "Multiple" in str(error):
        return f'I found several microphones called "{name}". Please give more of its name.'
    return f'I found no microphone called "{name}". Please check its name and its plug.'


def sound_library() -> Any:  # noqa: ANN401
    """Return sounddevice.

    Raises:
        Fault: PortAudio is not installed.
    """
    try:
        import sounddevice  # noqa: PLC0415
    except OSError as error:
        raise Fault(
            "The sound library PortAudio is missing. "
            "Install it with: sudo apt install libportaudio2"
        ) from error
    return sounddevice
