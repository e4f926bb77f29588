"""Glimmers one after the other: all, those that were searched for, and those of this day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from voice_glimmer import recall
from voice_glimmer.conversation.periods import FIRST_YEAR
from voice_glimmer.conversation.requests import Order
from voice_glimmer.journal import Which
from voice_glimmer.review.access import ask, house_of
from voice_glimmer.review.rendering import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_glimmer.conversation.requests import Request as Asked
    from voice_glimmer.journal import Glimmer, Journal, Piece
    from voice_glimmer.review.house import House

AT_ONCE = 30
"""How many glimmers a page has; the next come when these have been read."""

MOST_DIGITS = 18
"""Of a number that SQLite takes, and more than any glimmer has."""

LEAP_YEAR = 2024
"""One in which every day of any year is."""


async def _timeline(request: Request) -> Response:
    tag = request.query_params.get("tag", "")
    which = Which(before=_after(request), tag=tag)
    found = await ask(request, lambda book: book.find(which, limit=AT_ONCE + 1))
    return page(
        request,
        "timeline.html",
        days=_by_day(found[:AT_ONCE]),
        next=_cursor(found),
        continues=_continues(request),
        tag=tag,
        gone=request.query_params.get("gone", ""),
    )


async def _search(request: Request) -> Response:
    house, words = house_of(request), request.query_params.get("q", "")[:200].strip()
    if not words:
        return page(request, "search.html", q="", told="", found=[], next="")
    asked = _asked(words, house)
    which = replace(recall.which(asked), before=_after(request))
    most = _most(asked)

    def read(book: Journal) -> tuple[int, list[tuple[Glimmer, tuple[Piece, ...]]]]:
        if asked.order is Order.ANY:
            found = book.any_of(which, house.random, limit=1)
        else:
            oldest = asked.order is Order.OLDEST
            found = book.find(which, limit=most, oldest_first=oldest)
        total = book.count(replace(which, before=None))
        return total, [(each, book.excerpt(each.id, which.topic)) for each in found]

    total, found = await ask(request, read)
    only = asked.order is not Order.NEWEST or most <= AT_ONCE
    return page(
        request,
        "search.html",
        q=words,
        told=house.language.counted(total, asked),
        found=found[:AT_ONCE],
        next="" if only else _cursor([each for each, _ in found]),
    )


async def _this_day(request: Request) -> Response:
    today = house_of(request).now().date()
    named = request.path_params.get("day", f"{today:%m-%d}")
    try:
        day = date.fromisoformat(f"{LEAP_YEAR}-{named}")
    except ValueError as error:
        raise HTTPException(404) from error
    which = Which(on_day=(day.month, day.day))
    found = await ask(request, lambda book: book.find(which, limit=AT_ONCE * 10))
    return page(
        request,
        "day.html",
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        days=_by_day(found),
    )


def _asked(words: str, house: House) -> Asked:
    """Return what typed words ask for; with how that is told, where they are a topic alone."""
    language = house.language
    ways = recall.SPOKEN_AS[house.settings.language]
    asked = recall.typed(words, house.now(), language, ways)
    if asked.topic and not asked.topic_said:
        return replace(asked, topic_said=language.say("about", topic=asked.topic))
    return asked


def _most(asked: Asked) -> int:
    """Return how many at most: those that were counted out, else a page and one more."""
    counted = asked.counted or asked.order is Order.OLDEST
    return min(asked.limit, AT_ONCE) if counted else AT_ONCE + 1


def _by_day(found: list[Glimmer]) -> list[tuple[date, list[Glimmer]]]:
    return [(day, list(each)) for day, each in groupby(found, lambda one: one.spoken_at.date())]


def _cursor(found: list[Glimmer]) -> str:
    """Return after which glimmer the next page begins; empty where there is none."""
    if len(found) <= AT_ONCE:
        return ""
    last = found[AT_ONCE - 1]
    return f"{last.spoken_at.isoformat()},{last.id}"


def _after(request: Request) -> tuple[datetime, int] | None:
    """Return what `_cursor` told.

    Raises:
        HTTPException: It is none of ours.
    """
    moment, _, number = request.query_params.get("before", "").partition(",")
    if not moment:
        return None
    try:
        found = datetime.fromisoformat(moment)
        if found.tzinfo is None or found.year < FIRST_YEAR or len(number) > MOST_DIGITS:
            raise ValueError("no glimmer's")
        return found, int(number)
    except ValueError as error:
        raise HTTPException(400) from error


def _continues(request: Request) -> date | None:
    """Return the day under whose heading the page is continued, where it is joined to another."""
    after = _after(request)
    return after[0].date() if after and "hx-request" in request.headers else None


routes = [
    Route("/timeline", _timeline),
    Route("/search", _search),
    Route("/day", _this_day),
    Route("/day/{day}", _this_day),
]
