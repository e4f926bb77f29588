"""Finding glimmers."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from voice_glimmer.journal.drawing import draw
from voice_glimmer.journal.errors import JournalUnavailableError, NoSuchGlimmerError, told
from voice_glimmer.journal.opening import writing
from voice_glimmer.journal.which import Which

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from random import Random

    from sqlite_utils import Database

_WITH_TAGS = """glimmers.*,
 (select json_group_array(tag) from tags where glimmer_id = glimmers.id) as tags"""

EXCERPT_WORDS = 12
_BEGINS, _ENDS = "\x02", "\x03"

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


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt; `matched` tells whether it was searched for."""

    text: str
    matched: bool


class Finding:
    """The part of a journal that finds what is kept."""

    _db: Database

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
        return list(self.each(which, limit=limit, oldest_first=oldest_first))

    def each(
        self, which: Which, *, limit: int | None = None, skip: int = 0, oldest_first: bool = False
    ) -> Iterator[Glimmer]:
        """Yield these glimmers, the newest or the oldest first, and never hold more than one.

        Args:
            which: Which are meant.
            limit: How many at most; all without.
            skip: How many are left out at the beginning.
            oldest_first: Whether the oldest come first.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        way = "asc" if oldest_first else "desc"
        limit = -1 if limit is None else limit
        with told():
            by_index = bool(which.match) and not self._any_strayed()
            rows = (self._first_matching if by_index else self._sorted)(which, way, limit, skip)
            for row in rows:
                if glimmer := _glimmer(row):
                    yield glimmer

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

    def version(self) -> tuple[int, int]:
        """Return what is another whenever anything in the journal has changed, by whomever.

        The first counts what others have changed, the second what was changed here
        (https://sqlite.org/pragma.html#pragma_data_version).

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        with told():
            (others,) = self._db.execute("pragma data_version").fetchone()
            return int(others), self._db.conn.total_changes

    def newest_number(self) -> int:
        """Return the highest number that a glimmer has; 0 where there is none.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        with told():
            row = self._db.execute(
                "select id from glimmers where deleted_at is null order by id desc limit 1"
            ).fetchone()
        return 0 if row is None else int(row[0])

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

    def get(self, id: int) -> Glimmer:  # noqa: A002
        """Return a glimmer.

        Raises:
            NoSuchGlimmerError: There is none of that number, or it is deleted.
            JournalUnavailableError: The journal could not be read.
        """
        with told():
            rows = self._db.table("glimmers").rows_where(
                "id = ? and deleted_at is null", [id], select=_WITH_TAGS
            )
            found = _glimmers(rows)
        if not found:
            raise NoSuchGlimmerError(f"no glimmer {id}")
        return found[0]

    def earlier(self, id: int) -> list[str]:  # noqa: A002
        """Return a glimmer's earlier wordings, the latest first.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        with told():
            rows = self._db.table("wordings").rows_where(
                "glimmer_id = ?", [id], select="text", order_by="id desc"
            )
            return [str(row["text"]) for row in rows]

    def deleted_last(self) -> int | None:
        """Return the number of the glimmer that was deleted last; None where none is deleted.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        with told():
            row = self._db.execute(
                "select id from glimmers where deleted_at is not null"
                " order by deleted_at desc, id desc limit 1"
            ).fetchone()
        return None if row is None else int(row[0])

    def excerpt(self, id: int, topic: str) -> tuple[Piece, ...]:  # noqa: A002
        """Return the part of its words in which most of a topic is; none where it is not in them.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        if not (match := Which(topic=topic).match):
            return ()
        with told():
            row = self._db.execute(
                "select snippet(glimmers_fts, 0, ?, ?, '…', ?) from glimmers_fts"
                " where glimmers_fts match ? and rowid = ?",
                [_BEGINS, _ENDS, EXCERPT_WORDS, match, id],
            ).fetchone()
        if row is None:
            return ()
        pieces = re.split(f"({_BEGINS}[^{_ENDS}]*{_ENDS})", str(row[0]))
        return tuple(
            Piece(piece.strip(_BEGINS + _ENDS), matched=piece[0] == _BEGINS)
            for piece in pieces
            if piece
        )

    def _one_of(self, number: int) -> list[Glimmer]:
        rows = self._db.table("glimmers").rows_where("id = ?", [number], select=_WITH_TAGS)
        return _glimmers(rows)

    def _sorted(self, which: Which, way: str, limit: int, skip: int) -> Iterator[dict[str, Any]]:
        return self._db.table("glimmers").rows_where(
            *which.where(),
            order_by=f"spoken_at {way}, id {way}",
            select=_WITH_TAGS,
            limit=limit,
            offset=skip,
        )

    def _any_strayed(self) -> bool:
        (strayed,) = self._db.execute(
            "select exists (select 1 from glimmers where strayed = 1)"
        ).fetchone()
        return bool(strayed)

    def _first_matching(
        self, which: Which, way: str, limit: int, skip: int
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of a topic, read from the index in its own order until there are enough.

        That is the order of the numbers, and so of time; sorted by time, all of them would be read.
        """
        where, values = which.but_for_topic()
        return self._db.query(
            f"select {_WITH_TAGS} from glimmers_fts"  # noqa: S608 - ours
            " cross join glimmers on glimmers.id = glimmers_fts.rowid"
            f" where glimmers_fts match ? and {where}"
            f" order by glimmers_fts.rowid {way} limit ? offset ?",
            [which.match, *values, limit, skip],
        )


def _glimmers(rows: Iterable[dict[str, Any]]) -> list[Glimmer]:
    return [glimmer for row in rows if (glimmer := _glimmer(row))]


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
