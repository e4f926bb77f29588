"""A year as a calendar, and its hours as a ring."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from voice_glimmer.conversation.periods import FIRST_YEAR
from voice_glimmer.journal import Which
from voice_glimmer.review.access import ask, house_of
from voice_glimmer.review.pictures import months, ring
from voice_glimmer.review.rendering import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_glimmer.journal import Glimmer, Journal

FARTHEST = timedelta(hours=14)
"""By how much the clocks of a place are ahead of UTC or behind it, at most."""


async def _year(request: Request) -> Response:
    house = house_of(request)
    this_year = house.now().year
    year = request.path_params.get("year", this_year)
    if not FIRST_YEAR <= year <= this_year:
        raise HTTPException(404)
    begins, ends = (datetime(each, 1, 1, tzinfo=UTC) for each in (year, year + 1))
    which = Which(since=begins - FARTHEST, until=ends + FARTHEST)

    def read(book: Journal) -> tuple[dict[tuple[date, int], int], list[Glimmer]]:
        return book.hours(which), book.find(Which(), limit=1, oldest_first=True)

    counted, oldest = await ask(request, read)
    first = oldest[0].spoken_at.astimezone(UTC).year if oldest else this_year
    days, hours = Counter[date](), Counter[int]()
    for (day, hour), many in counted.items():
        if day.year == year:
            days[day] += many
            hours[hour] += many
    return page(
        request,
        "year.html",
        year=year,
        months=months(year, days, house.language.calendar.week_begins),
        spokes=ring([hours[hour] for hour in range(24)]),
        busiest=hours.most_common(1)[0][0] if hours else None,
        before=year - 1 if year > first else None,
        after=year + 1 if year < this_year else None,
    )


routes = [Route("/year", _year), Route("/year/{year:int}", _year)]
