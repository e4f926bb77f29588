"""Telling a glimmer by typing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from voice_glimmer.review.access import ask, house_of
from voice_glimmer.review.forms import text_of, trouble_with
from voice_glimmer.review.rendering import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_glimmer.journal import Journal


async def _empty_form(request: Request) -> Response:
    return page(request, "add.html", written="", trouble="")


async def _keep(request: Request) -> Response:
    text = await text_of(request)
    if trouble := trouble_with(text):
        return page(request, "add.html", status=422, written=text, trouble=trouble)
    clock, now = house_of(request).clock, house_of(request).now()

    def keep(book: Journal) -> int:
        return book.keep_typed(text, now, clock.reckoning(now))

    number = await ask(request, keep)
    return RedirectResponse(f"/glimmers/{number}", 303)


routes = [Route("/add", _empty_form), Route("/add", _keep, methods=["POST"])]
