"""One output stream, always open, that plays what is queued."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from voice_glimmer.bounded import Bounded
from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from voice_glimmer.speaking.sound import Sound

STALL_SECONDS = 2.0
"""A stream that has asked for nothing this long is dead; what it still had is dropped."""

DEVICE_SECONDS = 3.0
HANGS = "The sound system does not answer. Please restart it, or this machine."

log = logging.getLogger(__name__)


class Player(Protocol):
    """Where sound goes."""

    def play(self, sound: Sound) -> None:
        """Queue a sound; it follows the one before without a gap."""

    @property
    def quiet_at(self) -> float:
        """When the last queued sample has left the loudspeaker, in monotonic seconds.

        Infinite while that is not yet known.
        """


class Loudspeaker:
    """A loudspeaker by name, or the default one.

    Raises:
        Fault: No loudspeaker, or none of that name.
    """

    def __init__(self, name: str | None) -> None:
        import sounddevice  # noqa: PLC0415 - the microphone has already said if PortAudio is missing

        self._sd = sounddevice
        self._name = name
        self._lock = threading.Lock()
        self._bounded = Bounded(DEVICE_SECONDS)
        self._queue: deque[npt.NDArray[np.int16]] = deque()
        self._ends_at = 0.0
        self._asked_at = math.inf
        self._stream: Any = None
        try:
            self._bounded.run(self._open)
        except TimeoutError as error:
            raise Fault(HANGS) from error

    def play(self, sound: Sound) -> None:
        """Queue a sound; it follows the one before without a gap."""
        if self._stalled():
            self._revive()
        samples = sound.at_rate(self._rate).samples
        with self._lock:
            self._queue.append(samples)

    @property
    def quiet_at(self) -> float:
        """When the last queued sample has left the loudspeaker, in monotonic seconds.

        Infinite while samples are still queued.
        """
        if self._stalled():
            with self._lock:
                self._queue.clear()
        with self._lock:
            return math.inf if self._queue else self._ends_at

    def close(self) -> None:
        """Let go of the loudspeaker."""
        try:
            self._bounded.run(self._close)
        except TimeoutError:
            log.warning("the loudspeaker's sound system hangs")

    def _stalled(self) -> bool:
        return self._stream is None or time.monotonic() - self._asked_at > STALL_SECONDS

    def _revive(self) -> None:
        def renew() -> None:
            self._close()
            self._open()

        try:
            self._bounded.run(renew)
        except (Fault, TimeoutError) as reason:
            log.warning("the loudspeaker is away: %s", reason)

    def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    def _open(self) -> None:
        try:
            info = self._sd.query_devices(self._name, "output")
            self._rate = int(info["default_samplerate"])
            self._stream = self._sd.OutputStream(
                device=self._name,
                samplerate=self._rate,
                channels=min(2, int(info["max_output_channels"])),
                dtype="int16",
                callback=self._fill,
            )
            self._asked_at = time.monotonic()
            self._stream.start()
        except (ValueError, self._sd.PortAudioError) as error:
            raise Fault(_missing(self._name)) from error

    def _fill(self, out: npt.NDArray[np.int16], count: int, times: Any, _status: Any) -> None:  # noqa: ANN401
        self._asked_at = now = time.monotonic()
        filled = 0
        with self._lock:
            while filled < count and self._queue:
                head = self._queue[0]
                taken = head[: count - filled]
                out[filled : filled + len(taken)] = taken[:, None]
                filled += len(taken)
                if len(taken) < len(head):
                    self._queue[0] = head[len(taken) :]
                else:
                    self._queue.popleft()
            if filled:
                latency = max(times.outputBufferDacTime - times.currentTime, 0.0)
                self._ends_at = now + latency + filled / self._rate
        out[filled:] = 0


def _missing(name: str | None) -> str:
    if name is None:
        return "I found no loudspeaker. Please plug one in and start me again."
    return f'I found no loudspeaker called "{name}". Please check its name and its plug.'
