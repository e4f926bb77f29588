"""A kept glimmer, and which of them are meant; both as they are stored."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logging.getLogger(__name__)

NEAREST = range(-2, 3)
"""By how many days UTC's date may differ from a local one in a leap year: in others March 1 is the
day after February 28."""


@dataclass(frozen=True, slots=True)
class Glimmer:
    """A kept glimmer.

    Attributes:
        id: Its number in this journal.
        text: Its words.
        spoken_at: When it was said, in the speaker's time zone then.
        prompt: What had been asked.
        recording: The voice's path inside the journal's folder, or None.
        favourite: Whether it is a favourite.
        tags: What it is filed under, in order.
    """

    id: int
    text: str
    spoken_at: datetime
    prompt: str
    recording: str | None
    favourite: bool
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Which:
    """Which glimmers are meant; all, if nothing is said.

    Attributes:
        since: Spoken then or later; aware.
        until: Spoken earlier; aware.
        topic: Words that are all in them, in any order and form: "robins" finds "robin".
        favourite: Only favourites.
        tag: Only those with this tag; empty for any.
        on_day: Only those of this month and day, where they were said; None for any.
    """

    since: datetime | None = None
    until: datetime | None = None
    topic: str = ""
    favourite: bool = False
    tag: str = ""
    on_day: tuple[int, int] | None = None

    def where(self) -> tuple[str, list[str]]:
        """Return the condition in SQL, and its values."""
        conditions, values = ["deleted_at is null"], list[str]()
        if self.since:
            conditions.append("spoken_at >= ?")
            values.append(stored(self.since))
        if self.until:
            conditions.append("spoken_at < ?")
            values.append(stored(self.until))
        # Of "neighbor's" the first part: who spoke of a neighbor need not have said "s".
        if words := re.findall(r"(?<![\w'])\w+", self.topic):
            conditions.append("id in (select rowid from glimmers_fts where glimmers_fts match ?)")
            # In quotes no word is an operator of SQLite's, such as "not" or "near".
            values.append(" ".join(f'"{word}"' for word in words))
        if self.favourite:
            conditions.append("favourite = 1")
        if self.tag:
            conditions.append("id in (select glimmer_id from tags where tag = ?)")
            values.append(filed(self.tag))
        if self.on_day:
            # The nearest days first, read off the text: working the time out takes far longer.
            conditions.append(f"substr(spoken_at, 6, 5) in ({', '.join('?' * len(NEAREST))})")
            values += _nearest(*self.on_day)
            local = "datetime(spoken_at, utc_offset_minutes || ' minutes')"
            conditions.append(f"strftime('%m-%d', {local}) = ?")
            values.append("{:02}-{:02}".format(*self.on_day))
        return " and ".join(conditions), values


def _nearest(month: int, day: int) -> list[str]:
    """Return the days around one, itself too, as a stored time has them."""
    leap = datetime(2000, month, day, tzinfo=UTC)
    return [f"{leap + timedelta(days=days):%m-%d}" for days in NEAREST]


def stored(moment: datetime) -> str:
    """Return a moment as it is stored, so that sorting the text sorts the moments."""
    return moment.astimezone(UTC).isoformat()


def offset_minutes(moment: datetime) -> int:
    """Return how far the moment's zone was ahead of UTC then, in minutes."""
    return round((moment.utcoffset() or timedelta()).total_seconds() / 60)


def filed(tag: str) -> str:
    """Return a tag as it is stored: in lower case, single-spaced."""
    return " ".join(tag.lower().split())


def from_row(row: dict[str, str | int | float | None], tags: Iterable[str]) -> Glimmer | None:
    """Return the glimmer in a row; None where another program wrote a time that is none."""
    try:
        zone = timezone(timedelta(minutes=int(row["utc_offset_minutes"] or 0)))
        spoken_at = datetime.fromisoformat(str(row["spoken_at"])).astimezone(zone)
    except (ValueError, OverflowError) as error:
        log.warning("glimmer %s has no usable time: %s", row["id"], error)
        return None
    return Glimmer(
        id=int(row["id"] or 0),
        text=str(row["text"]),
        spoken_at=spoken_at,
        prompt=str(row["prompt"]),
        recording=None if row["recording"] is None else str(row["recording"]),
        favourite=bool(row["favourite"]),
        tags=tuple(sorted(tags)),
    )
