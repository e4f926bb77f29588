"""The page as an ASGI application: its routes, joined, and what is shown where one fails."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from voice_glimmer.faults import Fault
from voice_glimmer.journal import JournalUnavailableError, NoSuchGlimmerError
from voice_glimmer.review import (
    adding,
    by_voice,
    choosing,
    glimmer,
    hard_day,
    installing,
    jar,
    letting_in,
    live,
    prompts,
    sound,
    timeline,
    words,
    year,
)
from voice_glimmer.review.access import access
from voice_glimmer.review.rendering import STATIC, page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from voice_glimmer.review.house import House

log = logging.getLogger(__name__)


def build(house: House) -> Starlette:
    """Return the page of this house, to be served by any ASGI server."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with access(house) as opened:
            app.state.access = opened
            yield

    # Compressed are files alone, which have no secrets in them.
    files = GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=500)
    app = Starlette(
        routes=[
            *jar.routes,
            *timeline.routes,
            *glimmer.routes,
            *year.routes,
            *adding.routes,
            *hard_day.routes,
            *prompts.routes,
            *choosing.routes,
            *installing.routes,
            *letting_in.routes,
            *sound.routes,
            *live.routes,
            *by_voice.routes,
            Mount("/static", files, name="static"),
        ],
        exception_handlers={
            HTTPException: _refused,
            NoSuchGlimmerError: _gone,
            Fault: _fault,
            JournalUnavailableError: _unavailable,
            Exception: _unforeseen,
        },
        lifespan=lifespan,
    )
    app.state.house = house
    jar.prepare(app)
    letting_in.prepare(app)
    live.prepare(app)
    by_voice.prepare(app)
    app.state.words = words.load(house.settings.language, house.language)
    return app


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    name = "not_there" if status == 404 else "refused"
    return _told(request, request.app.state.words(name), status)


def _gone(request: Request, _error: Exception) -> Response:
    return _told(request, request.app.state.words("no_such_glimmer"), 404)


def _fault(request: Request, error: Exception) -> Response:
    log.warning("the page could not be shown: %s", error)
    return _told(request, str(error), 503)


def _unavailable(request: Request, error: Exception) -> Response:
    log.warning("the journal is not to be had: %s", error)
    return _told(request, request.app.state.words("unavailable"), 503)


def _unforeseen(request: Request, _error: Exception) -> Response:
    return _told(request, request.app.state.words("unforeseen"), 500)


def _told(request: Request, sentence: str, status: int) -> Response:
    return page(request, "told.html", status=status, sentence=sentence)
