"""Calls into sound systems that may never return, with a time limit."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


_all: weakref.WeakSet[Bounded] = weakref.WeakSet()


def anything_hangs() -> bool:
    """Tell whether any call has not returned; PortAudio's own exit would then wait for ever."""
    return any(bounded.hangs for bounded in _all)


class Bounded:
    """Runs one call at a time in a thread of its own, and waits for it only so long.

    A sound server that hangs holds whoever calls it, and the call cannot be taken back; it is left
    to itself, and until it returns no other is begun.

    Args:
        seconds: How long to wait.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._thread: threading.Thread | None = None
        _all.add(self)

    @property
    def hangs(self) -> bool:
        """Whether a call has not returned."""
        return self._thread is not None and self._thread.is_alive()

    def run(self, call: Callable[[], None]) -> None:
        """Run `call`.

        Raises:
            TimeoutError: It, or the one before, has not returned in time.
            Exception: Whatever `call` raises.
        """
        if self.hangs:
            raise TimeoutError("an earlier call still hangs")
        raised: list[Exception] = []

        def attempt() -> None:
            try:
                call()
            except Exception as error:
                raised.append(error)

        self._thread = threading.Thread(target=attempt, daemon=True)
        self._thread.start()
        self._thread.join(self._seconds)
        if self.hangs:
            raise TimeoutError("the call hangs")
        if raised:
            raise raised[0]
