"""Sound streams whose opening and closing have a time limit."""

from __future__ import annotations

import logging
import threading
import weakref
from typing import TYPE_CHECKING, Any

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT_SECONDS = 3.0

log = logging.getLogger(__name__)
_all: weakref.WeakSet[BoundedStream] = weakref.WeakSet()


def anything_hangs() -> bool:
    """Tell whether a sound system holds a call; PortAudio's own exit would then wait for ever."""
    return any(stream.hangs for stream in _all)


def started(stream: Any) -> None:  # noqa: ANN401
    """Start a stream, or close it: one that is only open would keep the device busy."""
    try:
        stream.start()
    except Exception:
        stream.close(ignore_errors=True)
        raise


class BoundedStream:
    """Holds at most one open stream of PortAudio.

    A sound server that hangs holds whoever calls it, and the call cannot be taken back. So each
    call runs in a thread of its own, is left to itself after `LIMIT_SECONDS`, and no other is
    begun until it returns.
    """

    def __init__(self) -> None:
        self._stream: Any = None
        self._thread: threading.Thread | None = None
        _all.add(self)

    @property
    def hangs(self) -> bool:
        """Whether a call has not returned."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def is_open(self) -> bool:
        """Whether there is a stream."""
        return self._stream is not None

    def renew(self, opened: Callable[[], Any]) -> None:
        """Close the stream, and hold what `opened` returns.

        Raises:
            Fault: The sound system hangs, or `opened` raised it.
        """

        def call() -> None:
            self._close()
            self._stream = opened()

        self.run(call)

    def close(self) -> None:
        """Close the stream, or leave it to a sound system that hangs."""
        try:
            self.run(self._close)
        except Fault as reason:
            log.warning("a stream was not closed: %s", reason)

    def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            # A device that was pulled out can refuse even this; it is gone either way.
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    def run(self, call: Callable[[], None]) -> None:
        """Call the sound system.

        Raises:
            Fault: It hangs, or `call` raised it.
        """
        raised: list[Exception] = []

        def attempt() -> None:
            try:
                call()
            except Exception as error:
                raised.append(error)

        if not self.hangs:
            self._thread = threading.Thread(target=attempt, daemon=True)
            self._thread.start()
            self._thread.join(LIMIT_SECONDS)
        if self.hangs:
            raise Fault("The sound system does not answer. Please restart it, or this machine.")
        if raised:
            raise raised[0]
