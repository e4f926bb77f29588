"""The journal, asked from a thread of its own, so that no page waits for another's disk."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, closing
from typing import TYPE_CHECKING, TypeVar

from voice_glimmer.journal import Journal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import HTTPConnection

    from voice_glimmer.review.house import House

T = TypeVar("T")


class Access:
    """One thread that has the journal open, as SQLite wants it, from the first question on."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._thread = ThreadPoolExecutor(1, "journal")
        self._open = ExitStack()
        self._journal: Journal | None = None

    async def ask(self, work: Callable[[Journal], T]) -> T:
        """Return what this work on the journal returns, and raise what it raises.

        Raises:
            Fault: The journal cannot be opened.
        """
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: work(self._opened())
        )

    def close(self) -> None:
        """Finish what was asked, and close the journal."""
        self._thread.submit(self._open.close).result()
        self._thread.shutdown()

    def _opened(self) -> Journal:
        if self._journal is None:
            keeps_voices = self._house.settings.recordings != "none"
            journal = Journal(self._house.place, keeps_voices=keeps_voices)
            self._journal = self._open.enter_context(closing(journal))
        return self._journal


@asynccontextmanager
async def access(house: House) -> AsyncIterator[Access]:
    """Give access to the journal, and close it at the end."""
    with closing(Access(house)) as opened:
        yield opened


def house_of(request: HTTPConnection) -> House:
    """Return the house in which this is asked."""
    house: House = request.app.state.house
    return house


async def ask(request: HTTPConnection, work: Callable[[Journal], T]) -> T:
    """Return what this work on the journal returns.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be read or written just now.
        NoSuchGlimmerError: It has no such glimmer.
    """
    opened: Access = request.app.state.access
    return await opened.ask(work)
