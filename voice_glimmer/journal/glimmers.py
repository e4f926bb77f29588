"""Keeping glimmers, and finding them."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlite_utils import Database

from voice_glimmer.faults import Fault
from voice_glimmer.journal import recordings
from voice_glimmer.journal.changes import Changes, JournalUnavailableError, add_words
from voice_glimmer.journal.schema import migrations
from voice_glimmer.journal.which import Glimmer, Which, from_row, offset_minutes, stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path
    from random import Random

    from voice_glimmer.conversation.events import Word

__all__ = ["Glimmer", "Journal", "JournalUnavailableError", "Which"]

DATABASE = "journal.db"


class Journal(Changes):
    """The journal in a folder; made, with the folder, where there is none.

    Raises:
        Fault: The folder cannot be written, or holds no journal of ours.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / DATABASE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # SQLite gives its WAL and shared-memory files the database's own mode.
            path.touch(mode=0o600)
            super().__init__(folder, _opened(path))
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
    ) -> int:
        """Keep a glimmer durably and return its number.

        Its recording comes first, then everything else in one transaction.

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
            recording = recordings.store(self.folder, name, voice, rate) if voice else None
            if recording and (known := self._numbered(recording)):
                return known
            with self._db.atomic():
                kept = self._db.table("glimmers").insert(
                    {
                        "text": text,
                        "spoken_at": stored(spoken_at),
                        "utc_offset_minutes": offset_minutes(spoken_at),
                        "duration": duration,
                        "prompt": prompt,
                        "recording": recording,
                    }
                )
                number = int(kept.last_pk or 0)
                add_words(self._db, number, words)
        except (OSError, sqlite3.Error) as error:
            raise JournalUnavailableError(str(error)) from error
        return number

    def has(self, name: str) -> bool:
        """Tell whether the recording of this name is in the journal.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        try:
            return self._numbered(f"{recordings.FOLDER}/{name}.flac") is not None
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
            rows = self._db.table("glimmers").rows_where(
                *which.where(), order_by=order, limit=limit, offset=offset
            )
            found = [from_row(row, self._tags(int(row["id"]))) for row in rows]
        except sqlite3.Error as error:
            raise JournalUnavailableError(str(error)) from error
        return [glimmer for glimmer in found if glimmer]

    def _numbered(self, recording: str) -> int | None:
        """Return the number of the glimmer that has, or once had, this recording; or None."""
        for table, column in (("glimmers", "id"), ("wordings", "glimmer_id")):
            rows = self._db.table(table).rows_where("recording = ?", [recording], select=column)
            for row in rows:
                return int(row[column])
        return None

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
