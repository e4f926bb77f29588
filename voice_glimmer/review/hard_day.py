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


async def _one(request: Request) -> Response:
    random = house_of(request).random
    found = await ask(request, lambda book: book.any_of(Which(), random, limit=1))
    return page(request, "one.html", glimmer=found[0] if found else None)


routes = [Route("/one", _one)]
