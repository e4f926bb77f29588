"""Glimmers out of a journal, and into another, with history and tags.

As JSON Lines, one glimmer a line: exporting, importing that elsewhere and exporting again gives the
same bytes. Importing twice adds nothing twice, for every glimmer has a `uid` of its own.
"""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from sqlite_utils.db import NotFoundError

from voice_glimmer.journal.errors import told
from voice_glimmer.journal.lines import Line, Voice, Word, Wording, parse
from voice_glimmer.journal.opening import opened, writing
from voice_glimmer.journal.which import as_tag, offset_minutes, stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlite_utils import Database

    from voice_glimmer.journal.places import Place

log = logging.getLogger(__name__)

OLDEST_FIRST = "spoken_at, id"
LOCAL_TIME = (
    "datetime(substr(spoken_at, 1, 19), cast(utc_offset_minutes as text) || ' minutes'),"
    f" {OLDEST_FIRST}"
)

_WORD_COLUMNS = 'word, start, "end", confidence'
_WORDING_COLUMNS = "id, text, confidence, duration, recording, replaced_at"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import, or would come of it.

    Attributes:
        new: Glimmers that the journal did not have.
        known: Glimmers that it has, or had until they were deleted.
        left_out: Photos, videos and sounds of another program, which stay in its file.
    """

    new: int
    known: int
    left_out: int = 0


def export(journal: Place) -> Iterator[str]:
    """Yield a journal as JSON Lines, oldest first, without voices; what is deleted stays out.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be read.
    """
    for line in without_voices(journal):
        yield line.model_dump_json() + "\n"


def without_voices(journal: Place, order: str = OLDEST_FIRST) -> Iterator[Line]:
    """Yield a journal's glimmers, without voices; what is deleted stays out.

    Args:
        journal: The journal's folder.
        order: As of `glimmers`.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be read.
    """
    with closing(opened(journal)) as db, told():
        for line in glimmers(db, order):
            yield line.with_voices(())


def glimmers(db: Database, order: str = OLDEST_FIRST) -> Iterator[Line]:
    """Yield what an open journal has; what is deleted stays out.

    So does what another program wrote and no program of ours can read, such as a time that is none;
    the log says which glimmer it was.

    Args:
        db: The journal's database.
        order: `OLDEST_FIRST`, or `LOCAL_TIME` to have months whole where somebody travels.

    Raises:
        sqlite3.Error: It cannot be read.
    """
    rows = db.execute(f"select * from glimmers where deleted_at is null order by {order}")  # noqa: S608
    columns = [name for name, *_ in rows.description]
    for row in rows:
        found = dict(zip(columns, row, strict=True))
        try:
            line = _line(db, found)
        except (ValueError, OverflowError, TypeError, NotFoundError) as error:
            # Not the error's own words, which quote what somebody said.
            log.error("glimmer %s is left out: %s", found["id"], type(error).__name__)
            continue
        yield line


def take_in(lines: Iterable[str], journal: Place, *, dry_run: bool = False) -> Imported:
    """Take JSON Lines into a journal, all of them or none, without voices.

    Args:
        lines: As `export` yields them.
        journal: The journal's folder; made where there is none.
        dry_run: Only look; the journal stays as it is.

    Raises:
        Fault: A line is no glimmer, and says which; or the journal cannot be opened.
        JournalUnavailableError: It cannot be written.
    """
    return add(parse(lines), journal, dry_run=dry_run)


def add(lines: Iterable[Line], journal: Place, *, dry_run: bool = False) -> Imported:
    """Add glimmers to a journal, all of them or none, without voices.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be written.
    """
    with closing(opened(journal)) as db, told():
        return insert(lines, db, {}, dry_run=dry_run)


def insert(
    lines: Iterable[Line], db: Database, sizes: Mapping[str, int], *, dry_run: bool
) -> Imported:
    """Insert glimmers into an open journal, all of them or none.

    Args:
        lines: The glimmers.
        db: The journal's database.
        sizes: The bytes of the recordings that are there, by path; others are left out.
        dry_run: Only look; the journal stays as it is.

    Raises:
        sqlite3.Error: It cannot be written.
    """
    new = known = 0
    try:
        with writing(db):
            for line in lines:
                if has(db, line.uid):
                    known += 1
                else:
                    _insert(db, line.with_voices(sizes), sizes)
                    new += 1
            if dry_run:
                raise _OnlyLookedError
    except _OnlyLookedError:
        pass
    return Imported(new, known)


class _OnlyLookedError(Exception):
    """Takes a dry run's transaction back."""


def has(db: Database, uid: str) -> bool:
    """Tell whether the journal has this glimmer, deleted or not."""
    return bool(db.table("glimmers").count_where("uid = ?", [uid]))


def _line(db: Database, row: dict[str, Any]) -> Line:
    zone = timezone(timedelta(minutes=row["utc_offset_minutes"]))
    tags = db.execute("select tag from tags where glimmer_id = ? order by tag", [row["id"]])
    wordings = db.table("wordings").rows_where(
        "glimmer_id = ?", [row["id"]], select=_WORDING_COLUMNS, order_by="id"
    )
    return Line(
        uid=row["uid"],
        spoken_at=datetime.fromisoformat(row["spoken_at"]).astimezone(zone),
        zone=row["zone"],
        uncertain=bool(row["uncertain"]),
        text=row["text"],
        source=row["source"],
        confidence=row["confidence"],
        duration=row["duration"],
        recording=_voice(db, row["recording"]),
        prompt=row["prompt"],
        favourite=bool(row["favourite"]),
        tags=tuple(tag for (tag,) in tags),
        words=_words(db, "words", "glimmer_id", row["id"]),
        wordings=tuple(
            Wording(
                text=each["text"],
                confidence=each["confidence"],
                duration=each["duration"],
                recording=_voice(db, each["recording"]),
                replaced_at=at and datetime.fromisoformat(at),
                words=_words(db, "wording_words", "wording_id", each["id"]),
            )
            for each in wordings
            for at in [each["replaced_at"]]
        ),
    )


def _voice(db: Database, path: str | None) -> Voice | None:
    if path is None:
        return None
    row = db.table("recordings").get(path)
    return Voice(path=path, rate=row["rate"], duration=row["duration"])


def _words(db: Database, table: str, column: str, number: int) -> tuple[Word, ...]:
    rows = db.execute(
        f"select {_WORD_COLUMNS} from {table} where {column} = ? order by position",  # noqa: S608
        [number],
    )
    return tuple(
        Word(word=word, start=start, end=end, confidence=confidence)
        for word, start, end, confidence in rows
    )


def _insert(db: Database, line: Line, sizes: Mapping[str, int]) -> None:
    db.table("recordings").insert_all(
        ({**voice.model_dump(), "size": sizes[voice.path]} for voice in line.voices()), ignore=True
    )
    fields = {"uid", "zone", "text", "source", "confidence", "duration", "prompt"}
    glimmer = db.table("glimmers").insert(
        {
            **line.model_dump(include=fields),
            "recording": line.recording and line.recording.path,
            "spoken_at": stored(line.spoken_at),
            "utc_offset_minutes": offset_minutes(line.spoken_at),
            "uncertain": int(line.uncertain),
            "favourite": int(line.favourite),
        }
    )
    number = glimmer.last_pk
    db.table("tags").insert_all(
        ({"glimmer_id": number, "tag": clean} for tag in line.tags if (clean := as_tag(tag))),
        ignore=True,
    )
    _insert_words(db, "words", {"glimmer_id": number}, line.words)
    for each in line.wordings:
        wording = db.table("wordings").insert(
            {
                **each.model_dump(include={"text", "confidence", "duration"}),
                "glimmer_id": number,
                "recording": each.recording and each.recording.path,
                "replaced_at": each.replaced_at and stored(each.replaced_at),
            }
        )
        _insert_words(db, "wording_words", {"wording_id": wording.last_pk}, each.words)


def _insert_words(db: Database, table: str, of: dict[str, Any], words: Iterable[Word]) -> None:
    db.table(table).insert_all(
        {**of, "position": position, **word.model_dump()} for position, word in enumerate(words)
    )
