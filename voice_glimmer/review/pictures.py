"""What the pictures show, as numbers for their templates (pure): the jar, the months, the hours."""

from __future__ import annotations

import math
from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voice_glimmer.journal import Glimmer

MOST_LIGHTS = 240
"""A fuller picture is slower and no brighter; what is older glows together at the bottom."""

LEFT, RIGHT, TOP, BOTTOM = 50.0, 250.0, 116.0, 344.0
"""Inside the jar's glass, in the units of its picture; its corners are round."""

_ROUND = 56.0
_GOLDEN = (math.sqrt(5) - 1) / 2
"""By so much of its width the jar is gone round from light to light, so that none crowd."""

_KNUTH = 2_654_435_761
"""A multiplier that scatters numbers which follow each other (Knuth, TAOCP 3, 6.4)."""

_STRAY = 44.0
_FILLS_AT = 120
"""So many glimmers fill two thirds of the jar."""

LEVELS = (1, 2, 3, 5)
"""From how many glimmers on a day is one shade warmer; fixed, so that no day is measured against
another."""


@dataclass(frozen=True, slots=True)
class Light:
    """A light in the jar: where, and of what kind: "today", "favourite" or "kept"."""

    x: int
    y: int
    kind: str
    number: int


def lights(newest: Sequence[Glimmer], total: int, today: date) -> list[Light]:
    """Return the lights of a jar, the oldest first; from left to right by its number.

    Args:
        newest: Its newest glimmers, newest first; at most `MOST_LIGHTS` are shown.
        total: How many there are.
        today: The person's day.
    """
    shown = newest[:MOST_LIGHTS][::-1]
    height = (BOTTOM - TOP) * (0.12 + 0.88 * (1 - math.exp(-total / _FILLS_AT)))
    found = []
    for place, glimmer in enumerate(shown):
        up = height * (place + 0.5) / len(shown) + _STRAY * (_spread(glimmer.id) - 0.5)
        y = min(BOTTOM, max(TOP, BOTTOM - up))
        margin = _margin(y)
        x = LEFT + margin + (RIGHT - LEFT - 2 * margin) * (glimmer.id * _GOLDEN % 1)
        found.append(Light(round(x), round(y), _kind(glimmer, today), glimmer.id))
    return found


def _kind(glimmer: Glimmer, today: date) -> str:
    if glimmer.spoken_at.date() == today:
        return "today"
    return "favourite" if glimmer.favourite else "kept"


def _spread(number: int) -> float:
    """Return 0 to 1, as if by chance, and always the same for a number."""
    mixed = number * _KNUTH % 2**32
    return (mixed ^ mixed >> 15) * _KNUTH % 2**32 / 2**32


def _margin(y: float) -> float:
    """Return by how much the round corners narrow the jar at this height."""
    into = max(0.0, y - (BOTTOM - _ROUND), TOP + _ROUND / 2 - y)
    return _ROUND - math.sqrt(_ROUND**2 - into**2)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month: its column and row, how many glimmers it has, and its shade, 0 to 4."""

    day: int
    column: int
    row: int
    total: int
    level: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year, 1 to 12, its days, and how many glimmers it has."""

    month: int
    days: tuple[Day, ...]
    total: int


def months(year: int, totals: Mapping[date, int], week_begins: int) -> list[Month]:
    """Return a year's months.

    Args:
        year: The year.
        totals: How many glimmers each day has that has one.
        week_begins: The weekday that begins a week; 0 is Monday.
    """
    found = []
    for month in range(1, 13):
        weeks = Calendar(week_begins).monthdayscalendar(year, month)
        days = tuple(
            Day(day, column, row, total, sum(total >= least for least in LEVELS))
            for row, week in enumerate(weeks)
            for column, day in enumerate(week)
            if day
            for total in [totals.get(date(year, month, day), 0)]
        )
        found.append(Month(month, days, sum(day.total for day in days)))
    return found


INNER, OUTER = 44.0, 92.0
"""The ring's radii around its middle at (100, 100)."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """An hour of the ring: the line from its inner to its outer end, and how many it stands for."""

    x1: float
    y1: float
    x2: float
    y2: float
    total: int


def ring(hours: Sequence[int]) -> list[Spoke]:
    """Return 24 spokes, midnight on top, as long as there are glimmers in their hours."""
    most = max(hours) or 1
    spokes = []
    for hour, total in enumerate(hours):
        angle = (hour + 0.5) * math.tau / 24
        across, up = math.sin(angle), -math.cos(angle)
        far = INNER + (OUTER - INNER) * total / most
        (x1, y1), (x2, y2) = (
            (round(100 + across * each, 1), round(100 + up * each, 1)) for each in (INNER, far)
        )
        spokes.append(Spoke(x1, y1, x2, y2, total))
    return spokes
