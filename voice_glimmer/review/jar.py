"""The first page: the jar, and what is new in it today."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from starlette.routing import Route

from voice_glimmer.journal import Which
from voice_glimmer.review.access import ask, house_of
from voice_glimmer.review.pictures import MOST_LIGHTS, lights
from voice_glimmer.review.rendering import page

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_glimmer.journal import Glimmer, Journal


class Counted:
    """How many glimmers there are, counted anew only where the journal has changed."""

    def __init__(self) -> None:
        self._total, self._version = 0, (-1, -1)

    def total(self, book: Journal) -> int:
        """Return how many glimmers a journal has, always the same journal's.

        Raises:
            JournalUnavailableError: It could not be read.
        """
        version = book.version()
        if version != self._version:
            self._total, self._version = book.count(), version
        return self._total


def prepare(app: Starlette) -> None:
    """Give the page what it needs to show the jar quickly."""
    app.state.counted = Counted()


async def _jar(request: Request) -> Response:
    now = house_of(request).now()
    counted: Counted = request.app.state.counted
    midnight = datetime.combine(now.date(), time(), now.tzinfo)

    def read(book: Journal) -> tuple[int, int, list[Glimmer]]:
        return counted.total(book), book.count(Which(since=midnight)), book.newest(MOST_LIGHTS)

    total, new, newest = await ask(request, read)
    return page(
        request,
        "jar.html",
        total=total,
        new=new,
        newest=[each for each in newest if each.spoken_at >= midnight],
        lights=lights(newest, total, now.date()),
        brimming=total > MOST_LIGHTS,
    )


routes = [Route("/", _jar)]
