"""Keeping glimmers, and finding them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import uuid4

from voice_glimmer.conversation.events import Word
from voice_glimmer.journal import recordings
from voice_glimmer.journal.changes import Changes, confidence
from voice_glimmer.journal.counting import Counting
from voice_glimmer.journal.errors import JournalUnavailableError, NoSuchGlimmerError, told
from voice_glimmer.journal.finding import Finding, Glimmer, Piece
from voice_glimmer.journal.growing import Growing
from voice_glimmer.journal.opening import opened, writing
from voice_glimmer.journal.rewording import retimed
from voice_glimmer.journal.which import Which, offset_minutes, stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from voice_glimmer.conversation.events import Reckoning
    from voice_glimmer.journal.places import Place

__all__ = [
    "Glimmer",
    "Journal",
    "JournalUnavailableError",
    "NoSuchGlimmerError",
    "Piece",
    "Which",
]

log = logging.getLogger(__name__)


class Journal(Finding, Counting, Changes):
    """The journal in a folder; made, with the folder, where there is none.

    Args:
        folder: The folder, with its key where the journal is encrypted.
        keeps_voices: Whether voices are kept with the words from now on.

    Raises:
        Fault: The folder cannot be written, holds no journal of ours, or a newer program's; or
            the key does not fit.
    """

    def __init__(self, folder: Place, *, keeps_voices: bool = True) -> None:
        self.folder = folder
        self.keeps_voices = keeps_voices
        self._db = opened(folder)

    def keep(
        self,
        text: str,
        words: Sequence[Word],
        spoken_at: datetime,
        *,
        duration: float,
        prompt: str,
        name: str,
        voice: bytes | recordings.Recording,
        rate: int,
        reckoning: Reckoning | None = None,
    ) -> int:
        """Keep a glimmer durably: its recording first, then everything else in one transaction.

        Args:
            text: Its words, joined.
            words: The same words, with seconds from the recording's beginning.
            spoken_at: When it was said; aware of its time zone.
            duration: Seconds of recorded voice.
            prompt: What had been asked.
            name: The dictation's name in the spool, empty if typed; keeping it twice keeps it once.
            voice: int16 little-endian mono samples, or what `growing` made of them; may be empty.
            rate: Their rate, in Hz.
            reckoning: When it was said on the machine's own count, where the time was not known.

        Returns:
            Its number; of a name that had been kept already the number from then, also if that
            glimmer was deleted or changed since, which it stays.

        Raises:
            JournalUnavailableError: It was not kept.
        """
        with told():
            if name and (owner := self._owner_of(name)) is not None:
                return owner
            recording = self._stored(voice, rate)
        with told(), writing(self._db):
            kept = self._db.table("glimmers").insert(
                {
                    "uid": uuid4().hex,
                    "text": text,
                    "spoken_at": stored(spoken_at),
                    "utc_offset_minutes": offset_minutes(spoken_at),
                    "zone": _zone_name(spoken_at),
                    "uncertain": int(reckoning is not None),
                    "boot": reckoning.boot if reckoning else None,
                    "boot_seconds": reckoning.seconds if reckoning else None,
                    "source": "voice" if name else "typed",
                    "confidence": confidence(words),
                    "duration": duration,
                    "prompt": prompt,
                    "recording": self._referred(recording),
                    "dictation": name or None,
                }
            )
            glimmer = int(str(kept.last_pk))
            self._add_words(glimmer, words)
        return glimmer

    def spoken_words(self, id: int) -> list[Word]:  # noqa: A002
        """Return a glimmer's words with their seconds in its recording; none if it was typed.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        with told():
            rows = self._db.table("words").rows_where("glimmer_id = ?", [id], order_by="position")
            return [
                Word(str(row["word"]), row["start"], row["end"], row["confidence"]) for row in rows
            ]

    def keep_typed(self, text: str, at: datetime, reckoning: Reckoning | None = None) -> int:
        """Keep a glimmer without a voice durably, and return its number.

        Args:
            text: Its words.
            at: When it was; aware of its time zone.
            reckoning: When that was on the machine's own count, where the time was not known.

        Raises:
            JournalUnavailableError: It was not kept.
        """
        return self.keep(
            text,
            (),
            at,
            duration=0.0,
            prompt="",
            name="",
            voice=b"",
            rate=0,
            reckoning=reckoning,
        )

    def reword(self, id: int, text: str, at: datetime) -> None:  # noqa: A002
        """Give it other words for the same voice, as where one was misheard; the former stay.

        Args:
            id: Its number.
            text: Its words from now on.
            at: When it was changed, aware.

        Raises:
            NoSuchGlimmerError: It is not there.
            JournalUnavailableError: It was not changed.
        """
        words = retimed(self.spoken_words(id), text)
        with told(), writing(self._db):
            self._put_aside(id, stored(at))
            # The dictation's name goes with the wording that it is the name of.
            self._db.table("glimmers").update(
                id, {"text": text, "confidence": confidence(words), "dictation": None}
            )
            self._add_words(id, words)

    def growing(self, rate: int) -> Growing | None:
        """Return a recording to which samples are added; None where voices are not kept.

        Args:
            rate: The samples' rate, in Hz.

        Raises:
            JournalUnavailableError: It could not be written.
        """
        return Growing(self.folder, rate) if self.keeps_voices else None

    def has(self, name: str) -> bool:
        """Tell whether the dictation of this name is in the journal, also as a former wording.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        with told():
            return self._owner_of(name) is not None

    def voice_of(self, id: int) -> tuple[NDArray[np.int16], int] | None:  # noqa: A002
        """Return its recording's samples, shaped (n,), and rate in Hz; None if it has none.

        Raises:
            NoSuchGlimmerError: It is not there.
            JournalUnavailableError: The journal or the recording could not be read.
        """
        with told():
            row = self._db.execute(
                "select recording from glimmers where id = ? and deleted_at is null", [id]
            ).fetchone()
            if row is None:
                raise NoSuchGlimmerError(f"no glimmer {id}")
            return None if row[0] is None else recordings.load(self.folder, str(row[0]))

    def recording_of(self, id: int) -> tuple[str, bytes] | None:  # noqa: A002
        """Return its recording's path inside the journal and the file, decrypted; None without one.

        The path names the file's hash, and ends in what it is: ".flac" or ".opus".

        Raises:
            NoSuchGlimmerError: It is not there.
            JournalUnavailableError: The journal or the recording could not be read.
        """
        path = self.get(id).recording
        if path is None:
            return None
        try:
            with told():
                return path, recordings.content(self.folder, path)
        except ValueError as error:
            raise JournalUnavailableError(str(error)) from error

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _zone_name(moment: datetime) -> str:
    """Return such as "Europe/Berlin"; empty for a zone without a name, as of /etc/localtime."""
    return getattr(moment.tzinfo, "key", None) or ""
