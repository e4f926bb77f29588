"""Keeping glimmers, and finding them."""

from __future__ import annotations

import logging
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from sqlite_utils import Database

from voice_glimmer.faults import Fault
from voice_glimmer.journal import recordings
from voice_glimmer.journal.schema import migrations

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

    from voice_glimmer.conversation.events import Word

DATABASE = "journal.db"

log = logging.getLogger(__name__)


class JournalUnavailableError(Exception):
    """The journal could not be read or written just now; nothing in it has changed."""


@dataclass(frozen=True, slots=True)
class Glimmer:
    """A kept glimmer.

    Attributes:
        id: Its number in this journal.
        text: Its words.
        spoken_at: When it was said, in the speaker's time zone then.
        prompt: What had been asked.
        recording: The voice's path inside the journal's folder, or None.
    """

    id: int
    text: str
    spoken_at: datetime
    prompt: str
    recording: str | None


@dataclass(frozen=True, slots=True)
class Which:
    """Which glimmers are meant; all, if nothing is said.

    Attributes:
        since: Spoken then or later; aware.
        until: Spoken earlier; aware.
        topic: Words that are all in them, in any order and form: "robins" finds "robin".
    """

    since: datetime | None = None
    until: datetime | None = None
    topic: str = ""

    def where(self) -> tuple[str, list[str]]:
        """Return the condition in SQL, and its values."""
        conditions, values = ["1"], list[str]()
        if self.since:
            conditions.append("spoken_at >= ?")
            values.append(_stored(self.since))
        if self.until:
            conditions.append("spoken_at < ?")
            values.append(_stored(self.until))
        # Of "neighbor's" the first part: who spoke of a neighbor need not have said "s".
        if words := re.findall(r"(?<![\w'])\w+", self.topic):
            conditions.append("id in (select rowid from glimmers_fts where glimmers_fts match ?)")
            # In quotes no word is an operator of SQLite's, such as "not" or "near".
            values.append(" ".join(f'"{word}"' for word in words))
        return " and ".join(conditions), values


class Journal:
    """The journal in a folder; made, with the folder, where there is none.

    Raises:
        Fault: The folder cannot be written, or holds no journal of ours.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = folder / DATABASE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # SQLite gives its WAL and shared-memory files the database's own mode.
            path.touch(mode=0o600)
            self._db = _opened(path)
        except (OSError, sqlite3.OperationalError) as error:
            raise Fault(
                f"I cannot write the journal in {folder}. "
                "Please check the folder's permissions and the disk, or choose another folder."
            ) from error
        except sqlite3.DatabaseError as error:
            raise Fault(
                f"The file {path} is not a journal, or it is damaged. "
                "Please move it aside, or choose another folder."
            ) from error

    def keep(
        self,
        text: str,
        words: Sequence[Word],
        spoken_at: datetime,
        *,
        duration: float,
        prompt: str,
        name: str,
        voice: bytes,
        rate: int,
    ) -> None:
        """Keep a glimmer durably: its recording first, then everything else in one transaction.

        Args:
            text: Its words, joined.
            words: The same words, with seconds from the recording's beginning.
            spoken_at: When it was said; aware of its time zone.
            duration: Seconds of recorded voice.
            prompt: What had been asked.
            name: The recording's name; keeping the same name twice keeps it once.
            voice: int16 little-endian mono samples; may be empty.
            rate: Their rate, in Hz.

        Raises:
            JournalUnavailableError: It was not kept.
        """
        try:
            stored = recordings.store(self.folder, name, voice, rate) if voice else None
            if stored and self.has(name):
                return
            with self._db.atomic():
                kept = self._db.table("glimmers").insert(
                    {
                        "text": text,
                        "spoken_at": _stored(spoken_at),
                        "utc_offset_minutes": _offset_minutes(spoken_at),
                        "duration": duration,
                        "prompt": prompt,
                        "recording": stored,
                    }
                )
                self._db.table("words").insert_all(
                    {
                        "glimmer_id": kept.last_pk,
                        "position": position,
                        "word": word.text,
                        "start": word.start,
                        "end": word.end,
                        "confidence": word.confidence,
                    }
                    for position, word in enumerate(words)
                )
        except (OSError, sqlite3.Error) as error:
            raise JournalUnavailableError(str(error)) from error

    def has(self, name: str) -> bool:
        """Tell whether the recording of this name is in the journal.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        path = f"{recordings.FOLDER}/{name}.flac"
        try:
            return self._db.table("glimmers").count_where("recording = ?", [path]) > 0
        except sqlite3.Error as error:
            raise JournalUnavailableError(str(error)) from error

    def newest(self, limit: int) -> list[Glimmer]:
        """Return the last glimmers, newest first.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        return self.find(Which(), limit=limit)

    def find(self, which: Which, *, limit: int, oldest_first: bool = False) -> list[Glimmer]:
        """Return these glimmers, the newest or the oldest first.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        way = "asc" if oldest_first else "desc"
        return self._select(which, f"spoken_at {way}, id {way}", limit)

    def any_of(self, which: Which, random: Random, *, limit: int) -> list[Glimmer]:
        """Return some of these glimmers, drawn by `random`; fewer where there are fewer.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        total = self.count(which)
        drawn = random.sample(range(total), min(limit, total))
        return [glimmer for offset in drawn for glimmer in self._select(which, "id", 1, offset)]

    def count(self, which: Which | None = None) -> int:
        """Return how many of these glimmers there are, of all without `which`.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        try:
            return self._db.table("glimmers").count_where(*(which or Which()).where())
        except sqlite3.Error as error:
            raise JournalUnavailableError(str(error)) from error

    def _select(self, which: Which, order: str, limit: int, offset: int = 0) -> list[Glimmer]:
        try:
            rows = list(
                self._db.table("glimmers").rows_where(
                    *which.where(), order_by=order, limit=limit, offset=offset
                )
            )
        except sqlite3.Error as error:
            raise JournalUnavailableError(str(error)) from error
        return [glimmer for row in rows if (glimmer := _glimmer(row))]

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _opened(path: Path) -> Database:
    db = Database(path)
    try:
        db.enable_wal()
        db.execute("PRAGMA foreign_keys = ON")
        migrations.apply(db)
    except BaseException:
        db.close()
        raise
    return db


def _stored(moment: datetime) -> str:
    """Return a moment as it is stored, so that sorting the text sorts the moments."""
    return moment.astimezone(UTC).isoformat()


def _offset_minutes(moment: datetime) -> int:
    return round((moment.utcoffset() or timedelta()).total_seconds() / 60)


def _glimmer(row: dict[str, str | int | float | None]) -> Glimmer | None:
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
    )
