"""From "last week" or "the third of may" to the moments between which it lies.

Every period begins and ends at a local hour of a local day, looked up in the time zone: a day on
which the clocks change has 23 or 25 hours. All are half-open, [since, until). They are looked back
to: "tuesday" is the last one before today, "in march" the last March that has begun.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NOON, EVENING, MORNING = time(12), time(18), time(6)
"""Where mornings, afternoons and nights end, as most people would say."""

SEASON_MONTHS = 3
LEAP_YEARS_APART = 8
"""Years from one 29 February to the next at most, as from 1896 to 1904."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a language's people count time.

    Attributes:
        week_begins: The weekday that begins a week; 0 is Monday.
        seasons: The month in which each season begins, 1 to 12.
    """

    week_begins: int
    seasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Period:
    """The time from `since` until just before `until`; both aware, in the person's own zone."""

    since: datetime
    until: datetime


def resolve(  # noqa: C901 - one case a period
    name: str, slots: Mapping[str, int | str], now: datetime, calendar: Calendar
) -> Period | None:
    """Return the period that was named, as seen from `now`; None for a day that never is.

    Args:
        name: What the sentences' list calls it, such as "last_week".
        slots: What it needs: `weekday` (0 is Monday), `month`, `ordinal`, `season`.
        now: The person's time, aware; its zone is the one whose days are meant.
        calendar: How weeks and seasons are counted.

    Raises:
        ValueError: There is no such period.
    """
    today = now.date()

    def part(first: date, begins: time, last: date, ends: time) -> Period:
        return Period(
            datetime.combine(first, begins, tzinfo=now.tzinfo),
            datetime.combine(last, ends, tzinfo=now.tzinfo),
        )

    def days(first: date, beyond: date) -> Period:
        return part(first, time(), beyond, time())

    def day(number: int) -> date:
        return today + timedelta(days=number)

    monday = day(-((today.weekday() - calendar.week_begins) % 7))
    week = timedelta(days=7)
    match name:
        case "today":
            return days(today, day(1))
        case "yesterday":
            return days(day(-1), today)
        case "this_morning":
            return part(today, time(), today, NOON)
        case "this_afternoon":
            return part(today, NOON, today, EVENING)
        case "this_evening":
            return part(today, EVENING, day(1), time())
        case "last_night":
            return part(day(-1), EVENING, today, MORNING)
        case "this_week":
            return days(monday, monday + week)
        case "last_week":
            return days(monday - week, monday)
        case "this_month":
            return days(_month(today.year, today.month), _month(today.year, today.month + 1))
        case "last_month":
            return days(_month(today.year, today.month - 1), _month(today.year, today.month))
        case "this_year":
            return days(date(today.year, 1, 1), date(today.year + 1, 1, 1))
        case "last_year":
            return days(date(today.year - 1, 1, 1), date(today.year, 1, 1))
        case "weekday":
            since = day(-((today.weekday() - int(slots["weekday"])) % 7 or 7))
            return days(since, since + timedelta(days=1))
        case "date":
            found = _last_date(int(slots["month"]), int(slots["ordinal"]), today)
            return days(found, found + timedelta(days=1)) if found else None
        case "month":
            return days(*_begun(int(slots["month"]), 1, today))
        case "last_month_named":
            return days(*_over(int(slots["month"]), 1, today))
        case "season":
            return days(*_begun(calendar.seasons[str(slots["season"])], SEASON_MONTHS, today))
        case "last_season":
            return days(*_over(calendar.seasons[str(slots["season"])], SEASON_MONTHS, today))
        case _:
            raise ValueError(name)


def _month(year: int, month: int) -> date:
    """Return the first day of a month; month 13 is the next January, 0 the last December."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _begun(month: int, months: int, today: date) -> tuple[date, date]:
    """Return the latest stretch of so many months from `month` on that has begun."""
    year = today.year if _month(today.year, month) <= today else today.year - 1
    return _month(year, month), _month(year, month + months)


def _over(month: int, months: int, today: date) -> tuple[date, date]:
    """Return the latest such stretch that is over."""
    since, until = _begun(month, months, today)
    if until <= today:
        return since, until
    return _month(since.year - 1, month), _month(since.year - 1, month + months)


def _last_date(month: int, day: int, today: date) -> date | None:
    for year in range(today.year, today.year - LEAP_YEARS_APART - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None
