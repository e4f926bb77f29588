"""A journal as a zip archive: `journal.jsonl`, and the voices under the names they have.

Nothing an archive says of itself is trusted: names are compared with ours and never used as they
are, sizes are counted while reading, and each recording has to have the hash that is its name.
"""

from __future__ import annotations

import re
import struct
import zlib
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from voice_glimmer.faults import Fault
from voice_glimmer.journal.carrying import LARGEST_VOICE, carry_in, voice
from voice_glimmer.journal.errors import told
from voice_glimmer.journal.lines import VOICE, lines_of, parse
from voice_glimmer.journal.opening import opened
from voice_glimmer.journal.transfer import glimmers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO, BinaryIO

    from sqlite_utils import Database

    from voice_glimmer.journal.lines import Line
    from voice_glimmer.journal.places import Place
    from voice_glimmer.journal.transfer import Imported

LINES = "journal.jsonl"
LARGEST_RATIO = 100
"""Of what is unpacked to the archive, beyond one voice; 5,000 glimmers with words had 4.4."""

_FOLDER = re.compile(r"recordings/([0-9a-f]{2}/)?")


def write(journal: Place, file: BinaryIO) -> None:
    """Write a journal with its voices; what is deleted, or is lost from disk, stays out.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be read, or the archive not be written.
    """
    # In one transaction, so that voices and lines are of the same moment.
    with closing(opened(journal)) as db, told(), db.atomic(), ZipFile(file, "w") as archive:
        there = set[str]()
        for path in _paths(db):
            if (content := voice(journal, path)) is not None:
                archive.writestr(_member(path, ZIP_STORED), content)
                there.add(path)
        with archive.open(_member(LINES, ZIP_DEFLATED), "w", force_zip64=True) as member:
            for line in glimmers(db):
                member.write(f"{line.with_voices(there).model_dump_json()}\n".encode())


def take_in(path: Path, journal: Place, *, dry_run: bool = False) -> Imported:
    """Take an archive into a journal, all of it or nothing.

    Raises:
        Fault: The archive is damaged or none of ours; nothing was imported.
        JournalUnavailableError: The journal cannot be written; nothing was imported.
    """
    with ExitStack() as stack:
        with reading():
            archive = stack.enter_context(ZipFile(path))
            source = _Archive(archive, path.stat().st_size)
        return carry_in(source, journal, dry_run=dry_run)


def is_ours(path: Path) -> bool:
    """Tell whether a zip is a journal of this program, and not of another.

    Raises:
        Fault: It is damaged.
    """
    with reading(), ZipFile(path) as archive:
        return LINES in archive.namelist()


@contextmanager
def reading() -> Iterator[None]:
    """Tell of all that `zipfile` finds in a damaged or hostile archive as a Fault."""
    try:
        yield
    except (
        *(BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError),
        *(NotImplementedError, RuntimeError, OverflowError),
    ) as error:
        raise Fault("This archive is damaged or none of ours. Nothing was imported.") from error


def unpacked(archive: ZipFile, member: ZipInfo, limit: int) -> bytes:
    """Return what is in a member, whatever its header says.

    Raises:
        RuntimeError: It is encrypted.
        ValueError: It is packed as ours never are, or has more than `limit` bytes.
    """
    with _open(archive, member) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError("too large")
    return content


class _Archive:
    def __init__(self, archive: ZipFile, size: int) -> None:
        self._archive = archive
        self._members = {each.filename: each for each in archive.infolist()}
        voices = [name for name in self._members if re.fullmatch(VOICE, name)]
        others = {LINES, *voices, *filter(_FOLDER.fullmatch, self._members)}
        if len(self._members) < len(archive.infolist()) or self._members.keys() ^ others:
            raise ValueError("a member that is none of ours, or twice, or none with glimmers")
        self._voices = voices
        self._most = LARGEST_VOICE + LARGEST_RATIO * size

    def lines(self) -> Iterator[Line]:
        return parse(self._texts())

    def _texts(self) -> Iterator[str]:
        length = 0
        with reading(), _open(self._archive, self._members[LINES]) as member:
            for text in lines_of(member):
                length += len(text)
                if length > self._most:
                    raise ValueError("too large")
                yield text

    def voices(self) -> Iterator[tuple[str, bytes]]:
        length = 0
        for name in self._voices:
            with reading():
                content = unpacked(self._archive, self._members[name], LARGEST_VOICE)
                length += len(content)
                if length > self._most:
                    raise ValueError("too large")
            yield name, content


def _open(archive: ZipFile, member: ZipInfo) -> IO[bytes]:
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise ValueError("packed as ours never are")
    return archive.open(member)


def _member(name: str, packing: int) -> ZipInfo:
    # No time of day: the same journal makes the same archive.
    member = ZipInfo(name)
    member.compress_type = packing
    member.external_attr = 0o600 << 16
    return member


def _paths(db: Database) -> list[str]:
    rows = db.execute(
        "select path from recordings where path in"
        " (select recording from glimmers where deleted_at is null union all"
        " select wordings.recording from wordings join glimmers on glimmers.id = glimmer_id"
        " where deleted_at is null) order by path"
    )
    return [str(path) for (path,) in rows.fetchall()]
