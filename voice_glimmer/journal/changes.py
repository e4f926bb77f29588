"""Changing glimmers that are kept.

Every method changes all or nothing, in one transaction, and raises NoSuchGlimmerError for a number
that no glimmer has, or a deleted one (only `restore` takes that), and JournalUnavailableError where
the journal cannot be read or written.
"""

from __future__ import annotations

from dataclasses import asdict
from statistics import fmean
from typing import TYPE_CHECKING

from voice_glimmer.journal import recordings
from voice_glimmer.journal.errors import JournalUnavailableError, NoSuchGlimmerError, told
from voice_glimmer.journal.opening import writing
from voice_glimmer.journal.which import as_tag, stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from voice_glimmer.conversation.events import Word
    from voice_glimmer.journal.places import Place
    from voice_glimmer.journal.recordings import Recording


def confidence(words: Sequence[Word]) -> float | None:
    """Return the mean of the words' confidences, 0 to 1; None where nothing was recognised."""
    return fmean(word.confidence for word in words) if words else None


class Changes:
    """The part of a journal that changes what is kept.

    Attributes:
        folder: The journal's folder.
        keeps_voices: Whether voices are kept with the words from now on.
    """

    folder: Place
    keeps_voices: bool
    _db: Database

    def favour(self, id: int, *, favourite: bool) -> bool:  # noqa: A002
        """Make it a favourite, or no longer one; return whether that changed anything."""
        with told(), writing(self._db):
            cursor = self._db.execute(
                "update glimmers set favourite = ?"
                " where id = ? and deleted_at is null and favourite != ?",
                [int(favourite), id, int(favourite)],
            )
            self._must_be_there(id)
            return bool(cursor.rowcount)

    def tag(self, id: int, tag: str) -> bool:  # noqa: A002
        """Give it a tag, which it may have already; return whether it had not.

        Raises:
            ValueError: The tag is empty.
        """
        if not (clean := as_tag(tag)):
            raise ValueError("a tag needs a letter")
        with told(), writing(self._db):
            cursor = self._db.execute(
                "insert or ignore into tags select id, ? from glimmers"
                " where id = ? and deleted_at is null",
                [clean, id],
            )
            self._must_be_there(id)
            return bool(cursor.rowcount)

    def untag(self, id: int, tag: str) -> bool:  # noqa: A002
        """Take a tag away, which it need not have; return whether it had it."""
        with told(), writing(self._db):
            cursor = self._db.execute(
                "delete from tags where glimmer_id = ? and tag = ?", [id, as_tag(tag)]
            )
            self._must_be_there(id)
            return bool(cursor.rowcount)

    def delete(self, id: int, at: datetime) -> None:  # noqa: A002
        """Delete it, from `at` (aware) on; all of it stays stored until it is restored."""
        with told(), writing(self._db):
            self._one(
                "update glimmers set deleted_at = ? where id = ? and deleted_at is null",
                [stored(at), id],
                id,
            )

    def restore(self, id: int) -> None:  # noqa: A002
        """Bring a deleted one back as it was; one that is not deleted stays."""
        with told(), writing(self._db):
            self._one("update glimmers set deleted_at = null where id = ?", [id], id)

    def change(
        self,
        id: int,  # noqa: A002
        text: str,
        words: Sequence[Word],
        at: datetime,
        *,
        duration: float,
        name: str,
        voice: bytes,
        rate: int,
    ) -> None:
        """Give it a new wording; the former one stays in its history, with words and recording.

        Args:
            id: Its number.
            text: Its new words, joined.
            words: The same words, with seconds from the new recording's beginning.
            at: When it was changed, aware; when it was first spoken stays as it is.
            duration: Seconds of recorded voice.
            name: The new recording's name; changing twice with the same name changes once.
            voice: int16 little-endian mono samples; may be empty.
            rate: Their rate, in Hz.
        """
        with told():
            self._must_be_there(id)
            owner = self._owner_of(name) if name else None
            if owner == id:
                return
            if owner is not None:
                raise JournalUnavailableError(f"the recording {name} belongs to glimmer {owner}")
            recording = self._stored(voice, rate)
        with told(), writing(self._db):
            self._put_aside(id, stored(at))
            self._db.table("glimmers").update(
                id,
                {
                    "text": text,
                    "confidence": confidence(words),
                    "duration": duration,
                    "recording": self._referred(recording),
                    "dictation": name or None,
                },
            )
            self._add_words(id, words)

    def unchange(self, id: int) -> bool:  # noqa: A002
        """Take its last change back; the wording that is given up stays in its history.

        Taken back again, it takes back the change before.

        Returns:
            Whether there was a change to take back.
        """
        with told(), writing(self._db):
            # What has no `replaced_at` was taken back: no later `unchange` returns to it.
            former = self._db.execute(
                "update wordings set replaced_at = null where id = (select max(id) from wordings"
                " where glimmer_id = ? and replaced_at is not null)"
                " returning id, text, confidence, recording, dictation, duration",
                [id],
            ).fetchall()
            if not former:
                self._must_be_there(id)
                return False
            self._put_aside(id, None)
            wording, *held = former[0]
            self._db.execute(
                'insert into words select ?, position, word, start, "end", confidence'
                " from wording_words where wording_id = ?",
                [id, wording],
            )
            self._db.execute("delete from wording_words where wording_id = ?", [wording])
            self._db.table("wordings").delete(wording)
            self._db.execute(
                "update glimmers set (text, confidence, recording, dictation, duration)"
                " = (?, ?, ?, ?, ?) where id = ?",
                [*held, id],
            )
        return True

    def _put_aside(self, glimmer: int, replaced_at: str | None) -> None:
        """Move the present wording and its words into the history."""
        cursor = self._db.execute(
            "insert into wordings"
            " (glimmer_id, text, confidence, recording, dictation, duration, replaced_at)"
            " select id, text, confidence, recording, dictation, duration, ? from glimmers"
            " where id = ? and deleted_at is null",
            [replaced_at, glimmer],
        )
        if not cursor.rowcount:
            raise NoSuchGlimmerError(f"no glimmer {glimmer}")
        self._db.execute(
            'insert into wording_words select ?, position, word, start, "end", confidence'
            " from words where glimmer_id = ?",
            [cursor.lastrowid, glimmer],
        )
        self._db.execute("delete from words where glimmer_id = ?", [glimmer])

    def _add_words(self, glimmer: int, words: Sequence[Word]) -> None:
        self._db.table("words").insert_all(
            {
                "glimmer_id": glimmer,
                "position": position,
                "word": word.text,
                "start": word.start,
                "end": word.end,
                "confidence": word.confidence,
            }
            for position, word in enumerate(words)
        )

    def _stored(self, voice: bytes | Recording, rate: int) -> Recording | None:
        if isinstance(voice, recordings.Recording):
            return voice
        kept = voice and self.keeps_voices
        return recordings.store(self.folder, voice, rate) if kept else None

    def _referred(self, recording: Recording | None) -> str | None:
        """List a recording, unless it is, and return its path."""
        if recording is None:
            return None
        self._db.table("recordings").insert(asdict(recording), ignore=True)
        return recording.path

    def _owner_of(self, name: str) -> int | None:
        """Return the glimmer that this dictation is a wording of, deleted or not."""
        row = self._db.execute(
            "select id from glimmers where dictation = ?"
            " union all select glimmer_id from wordings where dictation = ?",
            [name, name],
        ).fetchone()
        return None if row is None else int(row[0])

    def _must_be_there(self, glimmer: int) -> None:
        if not self._db.table("glimmers").count_where("id = ? and deleted_at is null", [glimmer]):
            raise NoSuchGlimmerError(f"no glimmer {glimmer}")

    def _one(self, sql: str, values: list[str | int], glimmer: int) -> None:
        if not self._db.execute(sql, values).rowcount:
            raise NoSuchGlimmerError(f"no glimmer {glimmer}")
