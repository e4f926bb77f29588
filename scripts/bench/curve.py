"""Misses against false accepts: from what was heard to what is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ALLOWED = 0.1
"""False accepts an hour at which ways are compared: one in ten hours."""


class Positive(NamedTuple):
    """A phrase that was said: whose it is, and where in its sound, in seconds."""

    name: str
    starts: float
    ends: float


@dataclass(frozen=True, slots=True)
class Point:
    """What one way did with one setting.

    Attributes:
        setting: Which.
        missed: The names of the positives in which it did not wake from the phrase's start on.
        positives: How many there were.
        false_accepts: How often it woke in the negatives.
        hours: How long those are.
        late: For each phrase that woke it, seconds from the phrase's end until it did.
    """

    setting: float
    missed: tuple[str, ...]
    positives: int
    false_accepts: int
    hours: float
    late: tuple[float, ...]

    @property
    def miss(self) -> float:
        """The share of the positives that was missed."""
        return len(self.missed) / self.positives

    @property
    def rate(self) -> float:
        """False accepts an hour."""
        return self.false_accepts / self.hours

    def latency(self) -> tuple[float, float] | None:
        """Return the median and the 95th percentile of `late`; None where nothing was heard."""
        if not self.late:
            return None
        median, most = np.percentile(self.late, [50, 95])
        return float(median), float(most)

    def figures(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "setting": self.setting,
            "miss": self.miss,
            "missed": list(self.missed),
            "false_accepts": self.false_accepts,
            "false_accepts_an_hour": self.rate,
            "latency": self.latency(),
        }


def points(
    positives: Sequence[Positive],
    heard: Sequence[Mapping[float, Sequence[float]]],
    accepted: Sequence[Mapping[float, Sequence[float]]],
    hours: float,
) -> list[Point]:
    """Return a way's curve.

    Args:
        positives: What was said.
        heard: For each of them, by setting, the seconds at which the way woke.
        accepted: The same for each file without the phrase.
        hours: How long those files are.
    """
    curve = []
    for setting in heard[0]:
        missed, late = [], []
        for positive, woke in zip(positives, heard, strict=True):
            after = [at for at in woke[setting] if at >= positive.starts]
            if after:
                late.append(min(after) - positive.ends)
            else:
                missed.append(positive.name)
        accepts = sum(len(each[setting]) for each in accepted)
        curve.append(Point(setting, tuple(missed), len(positives), accepts, hours, tuple(late)))
    return curve


def compared(curve: Sequence[Point]) -> Point:
    """Return where on its curve a way is compared with others.

    Where it misses least among the settings with at most `ALLOWED` false accepts; where none has
    so few, the one that comes nearest.
    """
    allowed = [point for point in curve if point.rate <= ALLOWED]
    if allowed:
        return min(allowed, key=lambda point: (len(point.missed), point.rate))
    return min(curve, key=lambda point: (point.rate, len(point.missed)))


def summary(ours: str, chosen: Mapping[str, Point]) -> str:
    """Return the lines that compare the ways, each at its point, with `ours`."""
    mine = chosen[ours]
    lines = [f"Misses at 1 false accept in {1 / ALLOWED:.0f} hours or fewer:"]
    for name, point in chosen.items():
        nearest = "" if point.rate <= ALLOWED else f", but {point.rate:.2g} false accepts an hour"
        line = f"  {name}, at {point.setting:g}: {point.miss:.1%}{nearest}"
        if name != ours:
            line += f"; {ours} has {ratio(mine, point)} of its misses"
        lines.append(line)
    return "\n".join(lines)


def ratio(mine: Point, theirs: Point) -> str:
    """Return how many of their misses are mine; in words where they have none."""
    if theirs.missed:
        return f"{len(mine.missed) / len(theirs.missed):.2f}"
    return "more than all" if mine.missed else "as few"
