"""What takes long to make: made once, by whoever needs it first, or in a thread from now on."""

from __future__ import annotations

import weakref
from threading import Lock, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_threads: weakref.WeakSet[Thread] = weakref.WeakSet()


def anything_is_made() -> bool:
    """Tell whether a thread makes something; its library is not to be unloaded meanwhile."""
    return any(thread.is_alive() for thread in _threads)


class Later(Generic[T]):
    """Is made once, in the thread that needs it first; others wait for that.

    Args:
        make: Makes it. What it raises is raised wherever it is needed.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: list[T] = []
        self._raised: Exception | None = None

    @property
    def is_made(self) -> bool:
        """Whether it is there."""
        return bool(self._made)

    @property
    def made(self) -> T:
        """It."""
        with self._lock:
            if not self._made and not self._raised:
                try:
                    self._made.append(self._make())
                except Exception as error:
                    self._raised = error
        if self._raised:
            raise self._raised
        return self._made[0]

    def begin(self) -> None:
        """Make it in a thread of its own, from now on."""
        thread = Thread(target=self._begun, daemon=True)
        _threads.add(thread)
        thread.start()

    def _begun(self) -> None:
        try:
            _ = self.made
        except Exception:
            # Whoever needs it is told.
            return
