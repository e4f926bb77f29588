"""What takes long to make: made once, by whoever needs it first, or in a thread from now on."""

from __future__ import annotations

from threading import Lock, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


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
        """Make it in a thread from now on, for which the process waits at its end."""
        # As a daemon, it could still be in a library that the process unloads.
        Thread(target=self._begun).start()

    def _begun(self) -> None:
        try:
            _ = self.made
        except Exception:
            # Whoever needs it, is told.
            return
