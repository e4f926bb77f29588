"""What happens meanwhile, told to open pages: server-sent events.

The program that listens is another process. One watcher for all pages asks once a second whether
the journal has changed, and whether somebody listens; nobody asks while no page is open. What is
told has no word of the journal in it: the page fetches what it wants to show. Told at first, and
whenever it has changed:

| event | data |
| --- | --- |
| `journal` | the newest glimmer's number; told anew of any change in the journal |
| `kitchen` | `away`, `asleep`, `resting`, `listening` or `muted` |
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from voice_glimmer.faults import Fault
from voice_glimmer.journal import Journal, JournalUnavailableError
from voice_glimmer.journal.places import folder_of
from voice_glimmer.journal.presence import Present, present
from voice_glimmer.review.guard import is_welcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.applications import Starlette
    from starlette.requests import Request

LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
"""A comment this often shows who is gone: routers forget a silent connection after a minute."""

RETRY_MILLISECONDS = 5_000
MOST_LISTENERS = 64
"""Open pages; a house has a handful of devices, each with a few."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to tell.

    Attributes:
        version: Another one whenever the journal has changed.
        newest: The newest glimmer's number; 0 where there is none.
        kitchen: What the program that listens is doing.
    """

    version: tuple[int, int]
    newest: int
    kitchen: Present


def news(before: Seen | None, now: Seen) -> str:
    """Return the events between two looks, as they are sent; empty where nothing has changed."""
    events = ""
    if before is None or (before.version, before.newest) != (now.version, now.newest):
        events += f"event: journal\ndata: {now.newest}\n\n"
    if before is None or before.kitchen is not now.kitchen:
        events += f"event: kitchen\ndata: {now.kitchen.value}\n\n"
    return events


class Live:
    """Tells everybody who listens what one watcher sees.

    However slow a listener is, only what was seen last waits for it.

    Args:
        look: Looks; raises what the journal raises where it cannot be read.
        every: Seconds from one look to the next.
        heartbeat: Seconds after which a comment is sent where there is nothing to tell.
    """

    def __init__(
        self,
        look: Callable[[], Awaitable[Seen]],
        every: float = LOOK_SECONDS,
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._look, self._every, self._heartbeat = look, every, heartbeat
        self._seen: Seen | None = None
        self._changed = asyncio.Event()
        self._listeners = 0
        self._watcher: asyncio.Task[None] | None = None
        self._over = False

    @property
    def is_full(self) -> bool:
        """Whether nobody else can listen."""
        return self._listeners >= MOST_LISTENERS

    async def listen(self, welcome: Callable[[], bool]) -> AsyncIterator[str]:
        """Yield events and comments until all is over, or the listener is no longer welcome."""
        self._listeners += 1
        if self._watcher is None:
            self._watcher = asyncio.create_task(self._watch())
        told: Seen | None = None
        try:
            yield f"retry: {RETRY_MILLISECONDS}\n\n"
            while not self._over and welcome():
                changed, seen = self._changed, self._seen
                if seen and (events := news(told, seen)):
                    yield events
                    told = seen
                    continue
                try:
                    async with asyncio.timeout(self._heartbeat):
                        await changed.wait()
                except TimeoutError:
                    yield ":\n\n"
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._watcher.cancel()
                self._watcher, self._seen = None, None

    def end(self) -> None:
        """Let all who listen go."""
        self._over = True
        self._changed.set()

    async def _watch(self) -> None:
        while True:
            with suppress(JournalUnavailableError, Fault):
                self._tell(await self._look())
            await asyncio.sleep(self._every)

    def _tell(self, seen: Seen) -> None:
        if seen != self._seen:
            self._seen = seen
            self._changed.set()
            self._changed = asyncio.Event()


def prepare(app: Starlette) -> None:
    """Give the page what it needs to tell what happens meanwhile."""
    folder = folder_of(app.state.house.place)

    def looked(journal: Journal) -> Seen:
        return Seen(journal.version(), journal.newest_number(), present(folder))

    app.state.live = Live(lambda: app.state.access.ask(looked))


async def _live(request: Request) -> Response:
    live: Live = request.app.state.live
    if live.is_full:
        return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
    events = live.listen(lambda: is_welcome(request))
    return StreamingResponse(events, media_type="text/event-stream")


routes = [Route("/live", _live)]
