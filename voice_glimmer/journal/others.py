"""Glimmers from the exports of other journal programs (pure but for the zip that is read).

jrnl's is what `jrnl --format json` prints: local times without a zone, the title split from the
body, tags with their symbol (its `plugins/json_exporter.py`). Day One's is a zip with a JSON file
for each journal: times in UTC with a zone beside them, Markdown with backslashes before
punctuation, and photos, sounds, videos and PDFs as `![](dayone-moment:…)`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ValidationError

from voice_glimmer.faults import Fault
from voice_glimmer.journal.archive import reading, unpacked
from voice_glimmer.journal.lines import Line, checked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST_JSON = 256 * 2**20
"""Bytes; such a file is held in memory while it is read."""

_NAMESPACE = UUID("9a3e3d6e-6a0f-4f0a-8f0c-5c1f2c7a9b51")
_MOMENT = re.compile(r"!\[[^\]]*\]\(dayone-moment:[^)]*\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TAG_SYMBOLS = re.compile(r"^\W+")


class _JrnlEntry(BaseModel):
    title: str
    body: str
    date: date
    time: time
    tags: tuple[str, ...] = ()
    starred: bool = False


class _Jrnl(BaseModel):
    entries: tuple[_JrnlEntry, ...]


class _DayOneEntry(BaseModel):
    uuid: str
    text: str = ""
    creationDate: AwareDatetime  # noqa: N815 - Day One's name
    timeZone: str = ""  # noqa: N815
    tags: tuple[str, ...] = ()
    starred: bool = False
    photos: tuple[Any, ...] = ()
    audios: tuple[Any, ...] = ()
    videos: tuple[Any, ...] = ()
    pdfAttachments: tuple[Any, ...] = ()  # noqa: N815

    def left_out(self) -> int:
        media = (self.photos, self.audios, self.videos, self.pdfAttachments)
        return sum(map(len, media))


class _DayOne(BaseModel):
    entries: tuple[_DayOneEntry, ...]


def from_json(content: bytes, zone: tzinfo) -> tuple[list[Line], int]:
    """Return the glimmers in jrnl's or Day One's JSON, and how many media are left out.

    Args:
        content: The file.
        zone: Where entries were written that do not say so.

    Raises:
        Fault: It is neither.
    """
    try:
        if b'"creationDate"' not in content:
            theirs = _Jrnl.model_validate_json(content).entries
            return _lines(_of_jrnl(each, zone) for each in theirs), 0
        entries = _DayOne.model_validate_json(content).entries
        left_out = sum(each.left_out() for each in entries)
        return _lines(_of_day_one(each, zone) for each in entries), left_out
    except (ValidationError, ValueError, OverflowError) as error:
        raise Fault("This is no journal of jrnl or Day One. Nothing was imported.") from error


def from_zip(path: Path, zone: tzinfo) -> tuple[list[Line], int]:
    """Return the glimmers in Day One's zip, and how many media are left out.

    Args:
        path: The zip.
        zone: Where entries were written that do not say so.

    Raises:
        Fault: It is damaged, or not Day One's.
    """
    lines, left_out = list[Line](), 0
    with reading(), ZipFile(path) as archive:
        journals = [each for each in archive.infolist() if each.filename.endswith(".json")]
        if not journals:
            raise ValueError("no JSON")
        for member in journals:
            more, without = from_json(unpacked(archive, member, LARGEST_JSON), zone)
            lines += more
            left_out += without
    return lines, left_out


def _lines(lines: Iterable[Line]) -> list[Line]:
    return [checked(line) for line in lines if line.text]


def _of_jrnl(entry: _JrnlEntry, zone: tzinfo) -> Line:
    # As jrnl writes it: where it cut the title off, it does not tell a space from a new line.
    text = f"{entry.title.strip()}\n{entry.body.strip()}".strip()
    moment = datetime.combine(entry.date, entry.time)
    return _line(
        uid=f"jrnl\n{moment.isoformat()}\n{text}",
        spoken_at=moment.replace(tzinfo=zone),
        text=text,
        favourite=entry.starred,
        tags=tuple(_TAG_SYMBOLS.sub("", tag) for tag in entry.tags),
    )


def _of_day_one(entry: _DayOneEntry, zone: tzinfo) -> Line:
    text = _ESCAPED.sub(r"\1", _MOMENT.sub("", entry.text))
    return _line(
        uid=f"day one\n{entry.uuid}",
        spoken_at=entry.creationDate.astimezone(_zone(entry.timeZone) or zone),
        text=re.sub(r"\n{3,}", "\n\n", text).strip(),
        favourite=entry.starred,
        tags=entry.tags,
    )


def _line(
    *, uid: str, spoken_at: datetime, text: str, favourite: bool, tags: tuple[str, ...]
) -> Line:
    return Line.model_construct(
        uid=uuid5(_NAMESPACE, uid).hex,
        spoken_at=spoken_at,
        zone=getattr(spoken_at.tzinfo, "key", None) or "",
        text=text,
        source="imported",
        duration=0.0,
        prompt="",
        favourite=favourite,
        tags=tags,
    )


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None
