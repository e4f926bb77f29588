"""The calming prompts: which come up, and one's own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from voice_glimmer.faults import Fault
from voice_glimmer.review.access import house_of
from voice_glimmer.review.forms import line_of
from voice_glimmer.review.rendering import page
from voice_glimmer.speaking.prompts import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response


async def _show(request: Request) -> Response:
    return await _shown(request)


async def _shown(request: Request, trouble: str = "", typed: str = "") -> Response:
    found = await asyncio.to_thread(house_of(request).prompts.read)
    return page(
        request,
        "prompts.html",
        status=422 if trouble else 200,
        prompts=[(each, plain(each.words)) for each in (*found.own, *found.shipped)],
        skipped=found.skipped,
        trouble=trouble,
        typed=typed,
    )


def _turn(*, on: bool) -> Callable[[Request], Awaitable[Response]]:
    """Return what lets a prompt come up from now on, or leaves it out."""

    async def answer(request: Request) -> Response:
        prompts, id_ = house_of(request).prompts, await line_of(request, "id")
        try:
            await asyncio.to_thread(prompts.allow if on else prompts.skip, id_)
        except Fault as fault:
            return await _shown(request, str(fault))
        return RedirectResponse("/prompts", 303)

    return answer


async def _add(request: Request) -> Response:
    words = await line_of(request, "text")
    try:
        await asyncio.to_thread(house_of(request).prompts.add, words, "joy", "any")
    except Fault as fault:
        return await _shown(request, str(fault), words)
    return RedirectResponse("/prompts", 303)


routes = [
    Route("/prompts", _show),
    Route("/prompts", _add, methods=["POST"]),
    Route("/prompts/skip", _turn(on=False), methods=["POST"]),
    Route("/prompts/allow", _turn(on=True), methods=["POST"]),
]
