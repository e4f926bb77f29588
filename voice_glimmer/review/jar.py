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
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_glimmer.journal import Glimmer, Journal


async def _jar(request: Request) -> Response:
    now = house_of(request).now()
    midnight = datetime.combine(now.date(), time(), now.tzinfo)

    def read(book: Journal) -> tuple[int, int, list[Glimmer]]:
        return book.count(), book.count(Which(since=midnight)), book.newest(MOST_LIGHTS)

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
