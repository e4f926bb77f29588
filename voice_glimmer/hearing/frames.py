"""Where sound comes from: 16 kHz mono frames from a microphone or from samples at hand."""

from __future__ import annotations

import logging
import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import soxr

from voice_glimmer.bounded import BoundedStream, started
from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    import numpy.typing as npt

RATE = 16_000
"""Samples a second of every frame, in Hz: what Vosk's models are trained on."""

BLOCK = 800
"""Samples in a frame: 50 ms, short enough that a pause's end is noticed at once."""

QUEUE_BLOCKS = 1_200
"""Frames that may wait while the loop is busy: one minute."""

WAIT_SECONDS = 0.25
REOPEN_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece of sound.

    Attributes:
        samples: int16, shape (n,), mono, at `RATE`.
        at: When the first sample was in the air, in monotonic seconds.
    """

    samples: npt.NDArray[np.int16]
    at: float

    @property
    def end(self) -> float:
        """When the last sample was in the air, in monotonic seconds."""
        return self.at + len(self.samples) / RATE


@dataclass(frozen=True, slots=True)
class Outage:
    """No sound has arrived for `lasting` seconds, up to the monotonic moment `at`."""

    lasting: float
    at: float


def from_samples(samples: npt.NDArray[np.int16], at: float = 0.0) -> Iterator[Frame]:
    """Yield int16 mono samples at `RATE` as frames of `BLOCK`, the first at `at` seconds."""
    for start in range(0, len(samples), BLOCK):
        yield Frame(samples[start : start + BLOCK], at + start / RATE)


class Microphone:
    """A microphone by name, or the default one.

    Opened at 16 kHz mono where it can; else at its own rate and width, then resampled with soxr.
    When it stops delivering it is opened anew every second until it does again.

    Args:
        name: Its name, or a part of it; None for the default one.
        library: sounddevice, or what behaves like it.

    Raises:
        Fault: No PortAudio, no microphone, none of that name, or a sound system that hangs.
    """

    def __init__(self, name: str | None, library: Any = None) -> None:  # noqa: ANN401
        self._name = name
        self._blocks: queue.Queue[tuple[npt.NDArray[np.int16], float]] = queue.Queue(QUEUE_BLOCKS)
        self._leaving = threading.Event()
        self._sd = library
        self._stream = BoundedStream()
        self._stream.renew(self._opened)

    def leave(self) -> None:
        """End `frames()` soon; may be called from a signal handler."""
        self._leaving.set()

    def close(self) -> None:
        """Let go of the microphone."""
        self._stream.close()

    def frames(self) -> Iterator[Frame | Outage]:
        """Yield what is heard, and an `Outage` for every quarter second without a frame.

        After `leave()` what had been heard by then still comes.
        """
        last = reopened = time.monotonic()
        while not self._leaving.is_set():
            try:
                samples, at = self._blocks.get(timeout=WAIT_SECONDS)
            except queue.Empty:
                now = time.monotonic()
                yield Outage(now - last, now)
                if now - max(last, reopened) >= REOPEN_SECONDS:
                    self._reopen()
                    reopened = time.monotonic()
            else:
                last = time.monotonic()
                yield Frame(samples, at)
        while not self._blocks.empty():
            yield Frame(*self._blocks.get_nowait())

    def _reopen(self) -> None:
        try:
            self._stream.renew(self._opened)
        except Fault as reason:
            log.info("the microphone is still away: %s", reason)

    def _opened(self) -> Any:  # noqa: ANN401
        # Loading PortAudio already asks the sound system, and can hang with it.
        self._sd = self._sd or _sound_library()
        try:
            info = self._sd.query_devices(self._name, "input")
        except (ValueError, self._sd.PortAudioError) as error:
            raise Fault(_missing(self._name, error)) from error
        native = int(info["default_samplerate"])
        widths = sorted({1, int(info["max_input_channels"])})
        for rate, channels in [(r, c) for r in dict.fromkeys([RATE, native]) for c in widths]:
            try:
                stream = self._sd.InputStream(
                    device=self._name,
                    samplerate=rate,
                    channels=channels,
                    dtype="int16",
                    blocksize=rate * BLOCK // RATE,
                    callback=self._receiver(rate),
                )
                started(stream)
            except self._sd.PortAudioError:
                log.info("the microphone cannot do %d Hz, %d channels", rate, channels)
                continue
            log.info("microphone %s at %d Hz, %d channels", info["name"], rate, channels)
            return stream
        raise Fault(_missing(self._name))

    def _receiver(self, rate: int) -> Callable[..., None]:
        resampler = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="int16")

        def receive(data: npt.NDArray[np.int16], _count: int, times: Any, status: Any) -> None:  # noqa: ANN401
            if status:
                log.warning("microphone: %s", status)
            samples = data[:, 0].copy()
            if resampler is not None:
                samples = resampler.resample_chunk(samples)
            # Sound servers report wild latencies while a stream settles; half a second is theirs.
            latency = min(max(times.currentTime - times.inputBufferAdcTime, 0.0), 0.5)
            at = time.monotonic() - latency
            try:
                self._blocks.put_nowait((samples, at))
            except queue.Full:
                log.warning("a frame was dropped: the loop has been busy for a minute")

        return receive


def _missing(name: str | None, error: Exception | None = None) -> str:
    if name is None:
        return "I found no microphone. Please plug one in and start me again."
    if "Multiple" in str(error):
        return f'I found several microphones called "{name}". Please give more of its name.'
    return f'I found no microphone called "{name}". Please check its name and its plug.'


def _sound_library() -> Any:  # noqa: ANN401
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
