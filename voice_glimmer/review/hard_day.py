"""For a hard day: one glimmer, big, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from voice_glimmer.journal import Which
from voice_glimmer.review.access import ask, house_of
from voice_glimmer.review.rendering import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_glimmer.journal import Glimmer, Journal

HEARABLE = 0.1
"""Seconds of voice that a glimmer to be heard has, rather than one to be read."""


async def _one(request: Request) -> Response:
    random = house_of(request).random

    def draw(book: Journal) -> list[Glimmer]:
        voiced = book.any_of(Which(at_least=HEARABLE), random, limit=1)
        return voiced or book.any_of(Which(), random, limit=1)

    found = await ask(request, draw)
    return page(request, "one.html", glimmer=found[0] if found else None)


routes = [Route("/one", _one)]
