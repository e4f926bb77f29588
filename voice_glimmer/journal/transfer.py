"""A journal as JSON Lines, one glimmer a line, and back: with history and tags, without voices.

Exporting, importing that elsewhere and exporting again gives the same bytes. Importing twice adds
nothing twice, for every glimmer has a `uid` of its own.
"""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from voice_glimmer.faults import Fault
from voice_glimmer.journal.errors import told
from voice_glimmer.journal.opening import opened, writing
from voice_glimmer.journal.which import as_tag, stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlite_utils import Database

log = logging.getLogger(__name__)

LONGEST_LINE = 10_000_000
"""Characters: no glimmer of three minutes has a tenth of that."""

_WORD_COLUMNS = 'word, start, "end", confidence'

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Name = Annotated[str, Field(max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Word(_Strict):
    """A recognised word: its seconds in the recording, and the recogniser's confidence."""

    word: Name
    start: Seconds
    end: Seconds
    confidence: Share


class Wording(_Strict):
    """A former wording; one without `replaced_at` was taken back."""

    text: str
    confidence: Share | None
    duration: Seconds
    replaced_at: AwareDatetime | None
    words: tuple[Word, ...]


class Line(_Strict):
    """A glimmer as it is written; `spoken_at` has the offset of where it was said."""

    uid: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    spoken_at: AwareDatetime
    zone: Name
    text: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(pattern="^(voice|typed|imported)$")]
    confidence: Share | None
    duration: Seconds
    prompt: str
    favourite: bool
    tags: tuple[Name, ...]
    words: tuple[Word, ...]
    wordings: tuple[Wording, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many glimmers were new, and how many the journal had already."""

    new: int
    known: int


def export(journal: Path) -> Iterator[str]:
    """Yield the lines of a journal, oldest first; what is deleted stays out.

    So does what another program wrote and no program of ours can read, such as a time that is none;
    the log says which glimmer it was.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be read.
    """
    with closing(opened(journal)) as db, told():
        rows = db.execute("select * from glimmers where deleted_at is null order by spoken_at, id")
        columns = [name for name, *_ in rows.description]
        for row in rows:
            found = dict(zip(columns, row, strict=True))
            try:
                line = _line(db, found).model_dump_json() + "\n"
            except (ValueError, OverflowError, TypeError) as error:
                # Not the error's own words, which quote what somebody said.
                log.error("glimmer %s is left out: %s", found["id"], type(error).__name__)
                continue
            yield line


def take_in(lines: Iterable[str], journal: Path, *, dry_run: bool = False) -> Imported:
    """Take lines into a journal, all of them or none.

    Args:
        lines: As `export` yields them.
        journal: The journal's folder; made where there is none.
        dry_run: Only look; the journal stays as it is.

    Raises:
        Fault: A line is no glimmer, and says which; or the journal cannot be opened.
        JournalUnavailableError: It cannot be written.
    """
    new = known = 0
    with closing(opened(journal)) as db, told():
        try:
            with writing(db):
                for number, text in enumerate(lines, start=1):
                    if not text.strip():
                        continue
                    if _insert(db, _read(text, number)):
                        new += 1
                    else:
                        known += 1
                if dry_run:
                    raise _OnlyLookedError
        except _OnlyLookedError:
            pass
    return Imported(new, known)


class _OnlyLookedError(Exception):
    """Takes a dry run's transaction back."""


def _read(text: str, number: int) -> Line:
    try:
        if len(text) > LONGEST_LINE:
            raise ValueError("too long")
        line = Line.model_validate_json(text)
        stored(line.spoken_at)
        for wording in line.wordings:
            if wording.replaced_at:
                stored(wording.replaced_at)
    except (ValidationError, ValueError, OverflowError) as error:
        # Not the error's own words, which quote what somebody said.
        raise Fault(f"Line {number} is no glimmer. Nothing was imported.") from error
    return line


def _line(db: Database, row: dict[str, Any]) -> Line:
    zone = timezone(timedelta(minutes=row["utc_offset_minutes"]))
    tags = db.execute("select tag from tags where glimmer_id = ? order by tag", [row["id"]])
    wordings = db.execute(
        "select id, text, confidence, duration, replaced_at from wordings"
        " where glimmer_id = ? order by id",
        [row["id"]],
    ).fetchall()
    return Line(
        uid=row["uid"],
        spoken_at=datetime.fromisoformat(row["spoken_at"]).astimezone(zone),
        zone=row["zone"],
        text=row["text"],
        source=row["source"],
        confidence=row["confidence"],
        duration=row["duration"],
        prompt=row["prompt"],
        favourite=bool(row["favourite"]),
        tags=tuple(tag for (tag,) in tags),
        words=_words(db, "words", "glimmer_id", row["id"]),
        wordings=tuple(
            Wording(
                text=text,
                confidence=confidence,
                duration=duration,
                replaced_at=datetime.fromisoformat(replaced_at) if replaced_at else None,
                words=_words(db, "wording_words", "wording_id", number),
            )
            for number, text, confidence, duration, replaced_at in wordings
        ),
    )


def _words(db: Database, table: str, column: str, number: int) -> tuple[Word, ...]:
    rows = db.execute(
        f"select {_WORD_COLUMNS} from {table} where {column} = ? order by position",  # noqa: S608
        [number],
    )
    return tuple(
        Word(word=word, start=start, end=end, confidence=confidence)
        for word, start, end, confidence in rows
    )


def _insert(db: Database, line: Line) -> bool:
    """Insert a glimmer unless the journal has it, deleted or not; return whether it was new."""
    if db.table("glimmers").count_where("uid = ?", [line.uid]):
        return False
    fields = {"uid", "zone", "text", "source", "confidence", "duration", "prompt"}
    offset = line.spoken_at.utcoffset() or timedelta()
    glimmer = db.table("glimmers").insert(
        {
            **line.model_dump(include=fields),
            "spoken_at": stored(line.spoken_at),
            "utc_offset_minutes": round(offset.total_seconds() / 60),
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
                "replaced_at": stored(each.replaced_at) if each.replaced_at else None,
            }
        )
        _insert_words(db, "wording_words", {"wording_id": wording.last_pk}, each.words)
    return True


def _insert_words(db: Database, table: str, of: dict[str, Any], words: Iterable[Word]) -> None:
    db.table(table).insert_all(
        {**of, "position": position, **word.model_dump()} for position, word in enumerate(words)
    )
