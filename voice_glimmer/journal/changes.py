"""What is done to a kept glimmer. Each can be taken back, and no wording is ever lost by it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from voice_glimmer.journal import recordings
from voice_glimmer.journal.which import Glimmer, filed, from_row, stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    from sqlite_utils import Database

    from voice_glimmer.conversation.events import Word


class JournalUnavailableError(Exception):
    """The journal could not be read or written just now; nothing in it has changed."""


class Changes:
    """The part of a journal that alters what is kept.

    Every method that alters a glimmer returns it as it is now, and raises
    `JournalUnavailableError` where it could not, or where there is no such glimmer any more.

    Args:
        folder: The journal's folder.
        db: Its database.
    """

    def __init__(self, folder: Path, db: Database) -> None:
        self.folder = folder
        self._db = db

    def favour(self, number: int, *, favourite: bool) -> Glimmer:
        """Make it a favourite, or none."""
        with self._changing(number):
            self._db.table("glimmers").update(number, {"favourite": int(favourite)})
        return self._glimmer(number)

    def tag(self, number: int, tag: str) -> Glimmer:
        """File it under a tag."""
        with self._changing(number):
            row = {"glimmer_id": number, "tag": filed(tag)}
            self._db.table("tags").insert(row, ignore=True)
        return self._glimmer(number)

    def untag(self, number: int, tag: str) -> Glimmer:
        """File it under this tag no more."""
        with self._changing(number):
            self._db.table("tags").delete_where("glimmer_id = ? and tag = ?", [number, filed(tag)])
        return self._glimmer(number)

    def delete(self, number: int, at: datetime) -> Glimmer:
        """Have it found no more from this moment on; `restore` brings it back whole."""
        with self._changing(number):
            self._db.table("glimmers").update(number, {"deleted_at": stored(at)})
        return self._glimmer(number)

    def restore(self, number: int) -> Glimmer:
        """Bring it back after `delete`."""
        with self._changing(number, deleted=True):
            self._db.table("glimmers").update(number, {"deleted_at": None})
        return self._glimmer(number)

    def change(
        self,
        number: int,
        text: str,
        words: Sequence[Word],
        at: datetime,
        *,
        duration: float,
        name: str,
        voice: bytes,
        rate: int,
    ) -> Glimmer:
        """Give it another wording; the former one, with its voice, goes into its history.

        The arguments are those of `Journal.keep`; `at` is the moment of the change.
        """
        with self._changing(number):
            recording = recordings.store(self.folder, name, voice, rate) if voice else None
            self._replace(
                number,
                at,
                {"text": text, "recording": recording, "duration": duration},
                map(asdict, words),
            )
        return self._glimmer(number)

    def unchange(self, number: int, at: datetime) -> Glimmer:
        """Put the last wording of its history in the place of this one, and this one there."""
        with self._changing(number):
            rows = self._db.table("wordings").rows_where(
                "glimmer_id = ?", [number], order_by="id desc", limit=1
            )
            former = next(rows, None)
            if former is None:
                raise JournalUnavailableError(f"glimmer {number} was never changed")
            self._db.table("wordings").delete(former["id"])
            wording = {name: former[name] for name in ("text", "recording", "duration")}
            self._replace(number, at, wording, json.loads(former["words"]))
        return self._glimmer(number)

    def wordings(self, number: int) -> list[str]:
        """Return the texts of its history, the latest first.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        try:
            rows = self._db.table("wordings").rows_where(
                "glimmer_id = ?", [number], order_by="id desc", select="text"
            )
            return [row["text"] for row in rows]
        except sqlite3.Error as error:
            raise JournalUnavailableError(str(error)) from error

    def voice_of(self, number: int) -> tuple[npt.NDArray[np.int16], int] | None:
        """Return its recording, int16 samples of shape (n,) and their rate in Hz, or None.

        Raises:
            JournalUnavailableError: There should be one, and it cannot be read.
        """
        recording = self._glimmer(number).recording
        if recording is None:
            return None
        try:
            return recordings.load(self.folder, recording)
        except OSError as error:
            raise JournalUnavailableError(str(error)) from error

    def _replace(
        self, number: int, at: datetime, wording: dict[str, Any], words: Iterable[dict[str, Any]]
    ) -> None:
        now = self._db.table("glimmers").get(number)
        said = self._db.table("words").rows_where(
            "glimmer_id = ?", [number], order_by="position", select="word, start, end, confidence"
        )
        self._db.table("wordings").insert(
            {
                "glimmer_id": number,
                "text": now["text"],
                "words": json.dumps([{"text": row.pop("word"), **row} for row in said]),
                "recording": now["recording"],
                "duration": now["duration"],
                "replaced_at": stored(at),
            }
        )
        self._db.table("words").delete_where("glimmer_id = ?", [number])
        self._db.table("glimmers").update(number, wording)
        _insert_words(self._db, number, words)

    @contextmanager
    def _changing(self, number: int, *, deleted: bool = False) -> Iterator[None]:
        """Alter a glimmer that is there, or was deleted, in one transaction."""
        condition = f"id = ? and deleted_at is {'not ' if deleted else ''}null"
        try:
            with self._db.atomic():
                if not self._db.table("glimmers").count_where(condition, [number]):
                    raise JournalUnavailableError(f"there is no glimmer {number}")
                yield
        except (OSError, sqlite3.Error) as error:
            raise JournalUnavailableError(str(error)) from error

    def _glimmer(self, number: int) -> Glimmer:
        try:
            rows = self._db.table("glimmers").rows_where("id = ?", [number])
            found = next((from_row(row, self._tags(number)) for row in rows), None)
        except sqlite3.Error as error:
            raise JournalUnavailableError(str(error)) from error
        if found is None:
            raise JournalUnavailableError(f"there is no glimmer {number}")
        return found

    def _tags(self, number: int) -> list[str]:
        rows = self._db.table("tags").rows_where("glimmer_id = ?", [number], select="tag")
        return [row["tag"] for row in rows]


def add_words(db: Database, number: int, words: Iterable[Word]) -> None:
    """Store the words of a glimmer."""
    _insert_words(db, number, map(asdict, words))


def _insert_words(db: Database, number: int, words: Iterable[dict[str, Any]]) -> None:
    db.table("words").insert_all(
        {
            "glimmer_id": number,
            "position": position,
            "word": word["text"],
            "start": word["start"],
            "end": word["end"],
            "confidence": word["confidence"],
        }
        for position, word in enumerate(words)
    )
