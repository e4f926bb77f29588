"""Pairing another device, and which are."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING

import segno
from markupsafe import Markup
from starlette.responses import RedirectResponse
from starlette.routing import Route

from voice_glimmer.clock import Linux
from voice_glimmer.journal.places import folder_of
from voice_glimmer.review.access import house_of
from voice_glimmer.review.devices import Devices, kind_of
from voice_glimmer.review.guard import cookie
from voice_glimmer.review.pairing import Pairing, Tries
from voice_glimmer.review.rendering import page

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

QR_SCALE = 5


def prepare(app: Starlette) -> None:
    """Give the page what it needs to let devices in."""
    house = app.state.house
    folder = folder_of(house.place)
    app.state.devices = Devices(folder, lambda: house.now().date())
    app.state.pairing = Pairing(folder, Linux().since_boot)
    app.state.tries = Tries(time.monotonic)


async def _door(request: Request) -> Response:
    if not request.state.visitor.is_stranger:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    return _at_door(request, typed=request.query_params.get("code", ""))


async def _pair(request: Request) -> Response:
    state = request.app.state
    if not request.state.visitor.is_stranger:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    form = await request.form()
    address = request.client.host if request.client else ""
    if not state.tries.allows(address):
        return _at_door(request, HTTPStatus.TOO_MANY_REQUESTS, told="too_many_tries")
    if not state.pairing.use(str(form.get("code", ""))):
        return _at_door(request, HTTPStatus.FORBIDDEN, told="wrong_code")
    token = state.devices.let_in(str(form.get("name", "")))
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    answer.headers["set-cookie"] = cookie(token, request)
    return answer


def _at_door(
    request: Request, status: int = HTTPStatus.OK, typed: str = "", told: str = ""
) -> Response:
    kind = kind_of(request.headers.get("user-agent", ""))
    return page(request, "pair.html", status=status, typed=typed, kind=kind, told=told)


async def _devices(request: Request) -> Response:
    return _listed(request)


async def _shut_out(request: Request) -> Response:
    state, mine = request.app.state, request.state.visitor.device
    gone = state.devices.shut_out(str((await request.form()).get("id", "")))
    if gone is None or mine is None or gone.digest != mine.digest:
        return RedirectResponse("/devices", HTTPStatus.SEE_OTHER)
    answer = RedirectResponse("/pair", HTTPStatus.SEE_OTHER)
    answer.headers["set-cookie"] = cookie("", request)
    return answer


async def _offer(request: Request) -> Response:
    bound = request.app.state.bound
    if not bound.pairs:
        return RedirectResponse("/devices", HTTPStatus.SEE_OTHER)
    code = request.app.state.pairing.offer()
    told = request.app.state.words("code_picture")
    drawn = segno.make(bound.url_with(code), micro=False)
    drawing = drawn.svg_inline(scale=QR_SCALE, light="#fff", title=told)
    picture = Markup(drawing)  # noqa: S704 - segno's
    return _listed(request, offered=code, picture=picture)


def _listed(request: Request, offered: str = "", picture: str = "") -> Response:
    state = request.app.state
    return page(
        request,
        "devices.html",
        devices=state.devices.all(),
        mine=request.state.visitor.device,
        today=house_of(request).now().date(),
        bound=state.bound,
        offered=offered,
        picture=picture,
    )


routes = [
    Route("/pair", _door),
    Route("/pair", _pair, methods=["POST"]),
    Route("/devices", _devices),
    Route("/devices/shut-out", _shut_out, methods=["POST"]),
    Route("/devices/code", _offer, methods=["POST"]),
]
