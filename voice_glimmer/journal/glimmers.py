"""Keeping glimmers, and finding them."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from uuid import uuid4

from voice_glimmer.journal import recordings
from voice_glimmer.journal.changes import Changes, confidence
from voice_glimmer.journal.drawing import draw
from voice_glimmer.journal.errors import JournalUnavailableError, NoSuchGlimmerError, told
from voice_glimmer.journal.opening import opened, writing
from voice_glimmer.journal.which import Which, stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from random import Random

    import numpy as np
    from numpy.typing import NDArray

    from voice_glimmer.conversation.events import Reckoning, Word

__all__ = ["Glimmer", "Journal", "JournalUnavailableError", "NoSuchGlimmerError", "Which"]

_WITH_TAGS = "*, (select json_group_array(tag) from tags where glimmer_id = glimmers.id) as tags"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Glimmer:
    """A kept glimmer.

    Attributes:
        id: Its number in this journal.
        text: Its words.
        spoken_at: When it was said, in the speaker's time zone then.
        prompt: What had been asked.
        recording: The voice's path inside the journal's folder, or None.
        duration: Seconds of recorded voice.
        favourite: Whether it is a favourite.
        tags: Its tags, sorted.
        uncertain: Whether the time was not known when it was said, and has not become known.
    """

    id: int
    text: str
    spoken_at: datetime
    prompt: str
    recording: str | None
    duration: float
    favourite: bool
    tags: tuple[str, ...]
    uncertain: bool = False


class Journal(Changes):
    """The journal in a folder; made, with the folder, where there is none.

    Args:
        folder: The folder.
        keeps_voices: Whether voices are kept with the words from now on.

    Raises:
        Fault: The folder cannot be written, holds no journal of ours, or a newer program's.
    """

    def __init__(self, folder: Path, *, keeps_voices: bool = True) -> None:
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
        voice: bytes,
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
            voice: int16 little-endian mono samples; may be empty.
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
                    "utc_offset_minutes": _offset_minutes(spoken_at),
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

    def has(self, name: str) -> bool:
        """Tell whether the dictation of this name is in the journal, also as a former wording.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        with told():
            return self._owner_of(name) is not None

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

        All come up before one comes again.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        where, values = which.where()
        with told():
            rows = self._db.execute(
                f"select id, cast(drawn as integer) from glimmers where {where} order by id",  # noqa: S608 - ours
                values,
            ).fetchall()
        drawn = draw({int(number): int(turn or 0) for number, turn in rows}, random, limit=limit)
        self._remember(drawn)
        with told():
            return [each for number in drawn for each in self._one_of(number)]

    def _remember(self, drawn: Mapping[int, int]) -> None:
        """Note in which turns these were drawn; where that fails, they are read all the same."""
        try:
            with told(), writing(self._db):
                for number, turn in drawn.items():
                    self._db.execute("update glimmers set drawn = ? where id = ?", [turn, number])
        except JournalUnavailableError as error:
            log.warning("what was drawn cannot be remembered: %s", error)

    def count(self, which: Which | None = None) -> int:
        """Return how many of these glimmers there are, of all without `which`.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        with told():
            return self._db.table("glimmers").count_where(*(which or Which()).where())

    def words_between(self, id: int) -> tuple[float, float] | None:  # noqa: A002
        """Return when in its recording its first word begins and its last ends, in seconds.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        with told():
            first, last = self._db.execute(
                'select cast(min(start) as real), cast(max("end") as real) from words'
                " where glimmer_id = ?",
                [id],
            ).fetchone()
        return None if first is None else (float(first), float(last))

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

    def _one_of(self, number: int) -> list[Glimmer]:
        rows = self._db.table("glimmers").rows_where("id = ?", [number], select=_WITH_TAGS)
        return [glimmer for row in rows if (glimmer := _glimmer(row))]

    def _select(self, which: Which, order: str, limit: int) -> list[Glimmer]:
        with told():
            rows = list(
                self._db.table("glimmers").rows_where(
                    *which.where(), order_by=order, select=_WITH_TAGS, limit=limit
                )
            )
        return [glimmer for row in rows if (glimmer := _glimmer(row))]

    def close(self) -> None:
        """Close the database."""
        self._db.close()


def _offset_minutes(moment: datetime) -> int:
    return round((moment.utcoffset() or timedelta()).total_seconds() / 60)


def _zone_name(moment: datetime) -> str:
    """Return such as "Europe/Berlin"; empty for a zone without a name, as of /etc/localtime."""
    return getattr(moment.tzinfo, "key", None) or ""


def _glimmer(row: dict[str, str | int | float | None]) -> Glimmer | None:
    """Return the glimmer in a row; None where another program wrote what is no time or number."""
    try:
        zone = timezone(timedelta(minutes=int(row["utc_offset_minutes"] or 0)))
        return Glimmer(
            id=int(row["id"] or 0),
            text=str(row["text"]),
            spoken_at=datetime.fromisoformat(str(row["spoken_at"])).astimezone(zone),
            prompt=str(row["prompt"]),
            recording=None if row["recording"] is None else str(row["recording"]),
            duration=float(row["duration"] or 0),
            favourite=bool(row["favourite"]),
            tags=tuple(sorted(json.loads(str(row["tags"])))),
            uncertain=bool(row["uncertain"]),
        )
    except (ValueError, OverflowError) as error:
        log.warning("glimmer %s cannot be read: %s", row["id"], type(error).__name__)
        return None
