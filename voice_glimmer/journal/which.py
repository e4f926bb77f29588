"""Which glimmers are meant, as a condition that SQLite answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from voice_glimmer.journal.variants import variants

if TYPE_CHECKING:
    from datetime import datetime

LOCAL_DAY = (
    "strftime('%m-%d', substr(spoken_at, 1, 19), cast(utc_offset_minutes as text) || ' minutes')"
)
"""A row's local month and day; SQLite finds it by an index of the same expression, in schema.py.

Cut off after whole seconds: SQLite rounds to milliseconds, which could reach into the next day.
"""


@dataclass(frozen=True, slots=True)
class Which:
    """Which glimmers are meant; all that are not deleted, if nothing is said.

    Attributes:
        since: Spoken then or later; aware.
        until: Spoken earlier; aware.
        topic: Words that are all in them, in any order and form: "robins" finds "robin", "color"
            "colour" and "3" "three".
        favourite: Favourites alone.
        tag: With this tag.
        on_day: Spoken on this (month, day) of any year, where the speaker was; 29 February is
            found by itself alone.
        prompt: Said after this prompt.
        at_least: With so many seconds of voice or more.
        at_most: With no more seconds of voice.
        before: What comes after this moment and number in the order newest first; aware.
    """

    since: datetime | None = None
    until: datetime | None = None
    topic: str = ""
    favourite: bool = False
    tag: str = ""
    on_day: tuple[int, int] | None = None
    prompt: str = ""
    at_least: float | None = None
    at_most: float | None = None
    before: tuple[datetime, int] | None = None

    @property
    def match(self) -> str:
        """What the search index is asked for the topic; empty for any."""
        # Of "neighbor's" the first part: who spoke of a neighbor need not have said "s".
        return _expression(re.findall(r"(?<![\w'])\w+", self.topic.lower()))

    def where(self) -> tuple[str, list[str | float]]:
        """Return the condition in SQL, and its values."""
        conditions, values = self.but_for_topic()
        if match := self.match:
            conditions += " and id in (select rowid from glimmers_fts where glimmers_fts match ?)"
            values.append(match)
        return conditions, values

    def but_for_topic(self) -> tuple[str, list[str | float]]:
        """Return the condition without the topic in SQL, and its values."""
        # The plus takes the condition from SQLite's choice of an index: it would otherwise walk
        # along all that are not deleted instead of looking up the few that match.
        deleted_at = "+deleted_at" if self.topic or self.tag else "deleted_at"
        conditions, values = [f"{deleted_at} is null"], list[str | float]()
        if self.since:
            conditions.append("spoken_at >= ?")
            values.append(stored(self.since))
        if self.until:
            conditions.append("spoken_at < ?")
            values.append(stored(self.until))
        if self.before:
            conditions.append("(spoken_at, id) < (?, ?)")
            values += [stored(self.before[0]), self.before[1]]
        if self.favourite:
            conditions.append("favourite = 1")
        if tag := as_tag(self.tag):
            conditions.append("id in (select glimmer_id from tags where tag = ?)")
            values.append(tag)
        if self.prompt:
            conditions.append("prompt = ?")
            values.append(self.prompt)
        if self.at_least is not None:
            conditions.append("duration >= ?")
            values.append(self.at_least)
        if self.at_most is not None:
            conditions.append("duration <= ?")
            values.append(self.at_most)
        if self.on_day:
            conditions.append(f"{LOCAL_DAY} = ?")
            values.append("{:02}-{:02}".format(*self.on_day))
        return " and ".join(conditions), values


def _expression(words: list[str]) -> str:
    """Return what FTS5 is asked: each word, in one way to write it or another."""
    # In quotes no word is an operator of SQLite's, such as "not" or "near".
    quoted = ([f'"{way}"' for way in ways] for ways in variants(words))
    return " AND ".join(f"({' OR '.join(ways)})" for ways in quoted)


def stored(moment: datetime) -> str:
    """Return a moment as it is stored, so that sorting the text sorts the moments."""
    return moment.astimezone(UTC).isoformat()


def offset_minutes(moment: datetime) -> int:
    """Return how many minutes the clocks were ahead of UTC then."""
    return round((moment.utcoffset() or timedelta()).total_seconds() / 60)


def as_tag(text: str) -> str:
    """Return a tag as it is stored: lower-case, with single spaces and none around it."""
    return " ".join(text.lower().split())
