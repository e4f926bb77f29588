"""From "last week" or "the third of may" to the moments between which it lies.

Every period begins and ends at a local hour of a local day, looked up in the time zone: a day on
which the clocks change has 23 or 25 hours. All are half-open, [since, until). They are looked back
to: "tuesday" is the last one before today, "in march" the last March that has begun.

What lies so many days, weeks, months or years "ago" is a whole one, as the calendar has them: "two
weeks ago" is the week before the last, "two months ago" in November is September. Only "a week ago"
and "a year ago" are days, as people say them of one. "The last two weeks" end with today instead.
What is "since" a period begins with it and ends with today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NOON, EVENING, MORNING = time(12), time(18), time(6)
"""Where mornings, afternoons and nights end, as most people would say."""

SATURDAY, WEEKEND = 5, timedelta(days=2)

FIRST_YEAR = 1900
"""Nobody has a glimmer from before."""

SINCE = "since_"
"""What stands before the name of a period, for all that has been from its beginning on."""

SEASON_MONTHS = 3
LEAP_YEARS_APART = 8
"""Years from one 29 February to the next at most, as from 1896 to 1904."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a language's people count time.

    Attributes:
        week_begins: The weekday that begins a week; 0 is Monday.
        seasons: The month in which each season begins, 1 to 12.
        feasts: The month and the day on which each feast begins, and how many days it has.
    """

    week_begins: int
    seasons: Mapping[str, int]
    feasts: Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Period:
    """The time from `since` until just before `until`; both aware, in the person's own zone."""

    since: datetime
    until: datetime


def resolve(  # noqa: C901, PLR0915 - one case a period
    name: str, slots: Mapping[str, int | str], now: datetime, calendar: Calendar
) -> Period | None:
    """Return the period that was named, as seen from `now`; None for a day that never is.

    Args:
        name: What the sentences' list calls it, such as "last_week".
        slots: What it needs: `weekday` (0 is Monday), `month`, `ordinal`, `year`, `season`,
            `feast`, and `many` of what was so long ago.
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

    def part_of(date_: date, name: str) -> Period:
        match name.rpartition("_")[2]:
            case "morning":
                return part(date_, time(), date_, NOON)
            case "afternoon":
                return part(date_, NOON, date_, EVENING)
            case _:
                return part(date_, EVENING, date_ + timedelta(days=1), time())

    def weekday() -> date:
        return day(-((today.weekday() - int(slots["weekday"])) % 7 or 7))

    def feast(year: int) -> tuple[date, date]:
        month, first, length = calendar.feasts[str(slots["feast"])]
        begins = date(year, month, first)
        return begins, begins + timedelta(days=length)

    if name.startswith(SINCE):
        begun = resolve(name.removeprefix(SINCE), slots, now, calendar)
        tomorrow = days(day(1), day(2)).since
        return Period(begun.since, max(begun.since, tomorrow)) if begun else None
    years = range(today.year, FIRST_YEAR - 1, -1)
    # "Last week" is one week ago, "last month" one month.
    many = int(slots.get("many", 1))
    saturday = day(-((today.weekday() - SATURDAY) % 7))
    monday = day(-((today.weekday() - calendar.week_begins) % 7))
    week = timedelta(days=7)
    match name:
        case "today":
            return days(today, day(1))
        case "day_before_yesterday":
            return days(day(-2), day(-1))
        case "week_ago":
            return days(day(-7), day(-6))
        case "days_ago" | "yesterday":
            return days(day(-many), day(1 - many))
        case "weeks_ago" | "last_week":
            return days(monday - many * week, monday - (many - 1) * week)
        case "months_ago" | "last_month":
            return days(
                _month(today.year, today.month - many), _month(today.year, today.month - many + 1)
            )
        case "years_ago" | "last_year":
            return days(date(today.year - many, 1, 1), date(today.year - many + 1, 1, 1))
        case "year_ago":
            since = _in_year(today.year - 1, today.month, today.day)
            return days(since, since + timedelta(days=1)) if since else None
        case "on_this_day":
            return days(_month(FIRST_YEAR, 1), today)
        case "yesterday_morning" | "yesterday_afternoon" | "yesterday_evening":
            return part_of(day(-1), name)
        case "weekday_morning" | "weekday_afternoon" | "weekday_evening":
            return part_of(weekday(), name)
        case "this_morning" | "this_afternoon" | "this_evening":
            return part_of(today, name)
        case "last_night":
            return part(day(-1), EVENING, today, MORNING)
        case "this_week":
            return days(monday, monday + week)
        case "past_month":
            return days(day(-30), day(1))
        case "past_days":
            return days(day(-many), day(1))
        case "past_weeks" | "past_week":
            return days(today - many * week, day(1))
        case "past_months":
            first, beyond = (_month(today.year, today.month - ago) for ago in (many, many - 1))
            return days(min(first + timedelta(days=today.day - 1), beyond), day(1))
        case "this_month":
            return days(_month(today.year, today.month), _month(today.year, today.month + 1))
        case "this_year":
            return days(date(today.year, 1, 1), date(today.year + 1, 1, 1))
        case "weekday":
            return days(weekday(), weekday() + timedelta(days=1))
        case "weekend":
            return days(saturday, saturday + WEEKEND)
        case "last_weekend":
            over = saturday if saturday + WEEKEND <= today else saturday - week
            return days(over, over + WEEKEND)
        case "year":
            return days(_month(int(slots["year"]), 1), _month(int(slots["year"]) + 1, 1))
        case "month_of_year" | "month_last_year":
            month, year = int(slots["month"]), int(slots.get("year", today.year - 1))
            return days(_month(year, month), _month(year, month + 1))
        case "season_of_year" | "season_last_year":
            month = calendar.seasons[str(slots["season"])]
            year = int(slots.get("year", today.year - 1))
            return days(_month(year, month), _month(year, month + SEASON_MONTHS))
        case "date_of_year":
            found = _in_year(int(slots["year"]), int(slots["month"]), int(slots["ordinal"]))
            return days(found, found + timedelta(days=1)) if found else None
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
        case "feast":
            return days(*next(feast(year) for year in years if feast(year)[0] <= today))
        case "last_feast":
            return days(*next(feast(year) for year in years if feast(year)[1] <= today))
        case "feast_of_year" | "feast_last_year":
            return days(*feast(int(slots.get("year", today.year - 1))))
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
        found = _in_year(year, month, day)
        if found and found <= today:
            return found
    return None


def _in_year(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
