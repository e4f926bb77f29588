"""Counts as figures of text (pure): a calendar, and columns."""

from __future__ import annotations

from calendar import day_abbr, month_abbr
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

WEEKS = 53
"""A year."""

SHADES = "·░▒▓█"
"""A day with none, one, two, three or four, and more."""

LEGEND = "· none  ░ 1  ▒ 2  ▓ 3 or 4  █ 5 or more"

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LABEL = 4


def calendar(by_day: Mapping[date, int], last: date, weeks: int) -> list[str]:
    """Return a heat map: a row a weekday, from Monday, a column a week, the month above.

    Args:
        by_day: How many there are on each day that has any.
        last: The last day.
        weeks: How many weeks, that of the last day included.
    """
    begins = mondays(last, weeks)
    months = [" "] * (weeks + _LABEL)
    for week, day in enumerate(begins):
        # Where a month begins in this week; a name has three letters and wants room beside it.
        if day.day <= 7 and week + 3 <= weeks:
            months[week : week + 3] = month_abbr[day.month]
    rows = [(" " * _LABEL + "".join(months)).rstrip()]
    for weekday in range(7):
        days = (begin + timedelta(days=weekday) for begin in begins)
        cells = "".join(shade(by_day.get(day, 0)) if day <= last else " " for day in days)
        rows.append(f"{day_abbr[weekday] if weekday % 2 == 0 else '':<{_LABEL}}{cells.rstrip()}")
    return rows


def mondays(last: date, weeks: int) -> list[date]:
    """Return on which days so many weeks begin, the last with this day in it."""
    monday = last - timedelta(days=last.weekday())
    return [monday - timedelta(weeks=week) for week in reversed(range(weeks))]


def shade(many: int) -> str:
    """Return a day's mark."""
    return SHADES[sum(many >= least for least in (1, 2, 3, 5))]


def columns(counts: Sequence[int], labels: Sequence[str], height: int = 4) -> list[str]:
    """Return columns, the highest `height` lines high, with a label below each.

    Args:
        counts: One a column.
        labels: Of one width; each column is as wide, and a space lies between two.
        height: In lines of eight steps each.
    """
    highest, width = max(*counts, 1), len(labels[0])
    steps = [-(-8 * height * count // highest) for count in counts]
    rows = [
        " ".join(_EIGHTHS[max(0, min(8, step - 8 * line))] * width for step in steps).rstrip()
        for line in reversed(range(height))
    ]
    return [*rows, " ".join(labels)]
