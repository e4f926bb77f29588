"""The first page: the jar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from voice_glimmer.review.access import ask
from voice_glimmer.review.rendering import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def _jar(request: Request) -> Response:
    total = await ask(request, lambda book: book.count())
    return page(request, "jar.html", total=total)


routes = [Route("/", _jar)]
