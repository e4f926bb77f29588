"""One output stream, always open, that plays what is queued."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from voice_glimmer.bounded import BoundedStream, started
from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from voice_glimmer.speaking.sound import Sound

STALL_SECONDS = 3.0
"""A stream that has asked for nothing this long is dead; what it still had is dropped.

After an underflow PulseAudio, which buffers up to 2 s, was seen not to ask for 1.9 s.
"""

LATENCY_SECONDS = 0.1
"""Asked of the sound system: a machine that is busy for a moment then does not stutter."""

BLOCK_SECONDS = 0.05
"""Asked for at a time: to be asked half as often as by default costs half as much in quiet."""

PROMPT_LATENCY = 0.05
"""Where it may be interrupted: what the sound system has taken cannot be taken back, and silence is
to come within 80 ms. Three busy processes on two cores then cause a gap of 12 ms now and then."""

WILD_LATENCY = 1.0
"""Seconds. A sound server that reports more is mistaken, and would leave the program deaf."""

FADE_SECONDS = 0.01
"""What is still played when it is hushed, ever softer: cut off, a sound clicks."""

_NOTHING = np.zeros(0, np.int16)

log = logging.getLogger(__name__)


class Player(Protocol):
    """Where sound goes."""

    def play(self, sound: Sound) -> None:
        """Queue a sound; it follows the one before without a gap."""

    def hush(self) -> None:
        """Fall silent at once and drop what is queued; `quiet_at` is past then."""

    @property
    def ahead(self) -> float:
        """How many seconds of sound are still queued."""

    @property
    def quiet_at(self) -> float:
        """When the last queued sample has left the loudspeaker, in monotonic seconds.

        Infinite while that is not yet known.
        """


class Loudspeaker:
    """A loudspeaker by name, or the default one.

    Args:
        name: Its name, or a part of it; None for the default one.
        lead_in: Seconds of silence before what is played after a silence; a Bluetooth
            loudspeaker that sleeps meanwhile swallows its beginning.
        prompt: Whether it stops promptly, at the price of a gap where the machine is very busy.
        library: sounddevice, or what behaves like it.
        clock: Returns monotonic seconds.

    Raises:
        Fault: No loudspeaker, none of that name, or a sound system that hangs.
    """

    def __init__(
        self,
        name: str | None,
        lead_in: float = 0.0,
        *,
        prompt: bool = False,
        library: Any = None,  # noqa: ANN401
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if library is None:
            import sounddevice  # noqa: PLC0415 - the microphone has checked for it

            library = sounddevice
        self._sd = library
        self._clock = clock
        self._name = name
        self._lead_in = lead_in
        self._latency, self._block = (
            (PROMPT_LATENCY, 0.0) if prompt else (LATENCY_SECONDS, BLOCK_SECONDS)
        )
        self._lock = threading.Lock()
        self._queue: deque[npt.NDArray[np.int16]] = deque()
        self._ends_at = 0.0
        self._hushed = False
        self._asked_at = math.inf
        self._stream = BoundedStream()
        self._stream.renew(self._opened)

    def play(self, sound: Sound) -> None:
        """Queue a sound; it follows the one before without a gap."""
        if self._stalled():
            self._reopen()
        samples = sound.at_rate(self._rate).samples
        with self._lock:
            if not self._queue and self._clock() >= self._ends_at:
                self._queue.append(np.zeros(round(self._lead_in * self._rate), np.int16))
            self._queue.append(samples)
            self._hushed = False

    def hush(self) -> None:
        """Drop what is queued but for `FADE_SECONDS` of it, and count as quiet already.

        The fade, and what the sound system has taken, still leave within a moment. Only a person
        heard through an echo-cancelled microphone hushes it, and is heard over that.
        """
        with self._lock:
            # What comes next may be the last few samples of one piece, so the next is faded, too.
            fading = np.concatenate([*self._queue, _NOTHING])[: round(FADE_SECONDS * self._rate)]
            self._queue.clear()
            self._queue.append((fading * np.linspace(1, 0, len(fading))).astype(np.int16))
            self._hushed = True
            self._ends_at = 0.0

    @property
    def ahead(self) -> float:
        """How many seconds of sound are still queued; what a stream that stalled had is dropped."""
        self._drop_stalled()
        with self._lock:
            return sum(map(len, self._queue)) / self._rate

    @property
    def quiet_at(self) -> float:
        """When the last queued sample has left the loudspeaker, in monotonic seconds.

        Infinite while samples are still queued.
        """
        self._drop_stalled()
        with self._lock:
            return math.inf if self._queue and not self._hushed else self._ends_at

    @property
    def away(self) -> bool:
        """Whether it asks for no more sound; what is played next opens it anew."""
        return self._stalled()

    def close(self) -> None:
        """Let go of the loudspeaker."""
        self._stream.close()

    def _stalled(self) -> bool:
        return not self._stream.is_open or self._clock() - self._asked_at > STALL_SECONDS

    def _drop_stalled(self) -> None:
        if self._stalled():
            with self._lock:
                self._queue.clear()

    def _reopen(self) -> None:
        try:
            self._stream.renew(self._opened)
        except Fault as reason:
            log.warning("the loudspeaker is away: %s", reason)

    def _opened(self) -> Any:  # noqa: ANN401
        try:
            info = self._sd.query_devices(self._name, "output")
            self._rate = int(info["default_samplerate"])
            self._channels = min(2, int(info["max_output_channels"]))
            # A raw one: to make an array of silence costs a fifth of what the stream does.
            stream = self._sd.RawOutputStream(
                device=self._name,
                samplerate=self._rate,
                channels=self._channels,
                dtype="int16",
                latency=self._latency,
                blocksize=round(self._rate * self._block),
                callback=self._fill,
            )
            self._asked_at = self._clock()
            started(stream)
        except (ValueError, self._sd.PortAudioError) as error:
            raise Fault(_missing(self._name)) from error
        return stream

    def _fill(self, out: Any, count: int, times: Any, status: Any) -> None:  # noqa: ANN401
        out[:] = bytes(len(out))
        if status and status.output_underflow:
            # On a busy machine these come in storms, twenty times as fast as sound is played; all
            # that is given meanwhile is thrown away.
            return
        self._asked_at = now = self._clock()
        with self._lock:
            if not self._queue:
                return
            samples = np.frombuffer(out, np.int16).reshape(count, self._channels)
            filled = self._taken(samples)
            if not self._hushed:
                latency = min(max(times.outputBufferDacTime - times.currentTime, 0.0), WILD_LATENCY)
                self._ends_at = now + latency + filled / self._rate

    def _taken(self, out: npt.NDArray[np.int16]) -> int:
        """Move what is queued, as far as `out` has room; return how many samples that were."""
        filled = 0
        while filled < len(out) and self._queue:
            head = self._queue[0]
            taken = head[: len(out) - filled]
            out[filled : filled + len(taken)] = taken[:, None]
            filled += len(taken)
            if len(taken) < len(head):
                self._queue[0] = head[len(taken) :]
            else:
                self._queue.popleft()
        return filled


def _missing(name: str | None) -> str:
    if name is None:
        return "I found no loudspeaker. Please plug one in and start me again."
    return f'I found no loudspeaker called "{name}". Please check its name and its plug.'
