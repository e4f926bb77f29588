"""Glimmers by month and day, as a diary has them (pure)."""

from __future__ import annotations

from calendar import day_name, month_name
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voice_glimmer.journal.lines import Line


def months(lines: Iterable[Line]) -> Iterator[tuple[str, str, Iterator[Line]]]:
    """Yield each month as "2026-06" and "June 2026", and what was said in it, where it was said.

    Args:
        lines: The glimmers, in the order of their local times.
    """
    for (year, month), said in groupby(
        lines, lambda line: (line.spoken_at.year, line.spoken_at.month)
    ):
        yield f"{year:04}-{month:02}", f"{month_name[month]} {year}", said


def day(line: Line) -> str:
    """Return when it was said, such as "Monday, 1 June, 12:00"."""
    at = line.spoken_at
    return f"{day_name[at.weekday()]}, {at.day} {month_name[at.month]}, {at:%H:%M}"
