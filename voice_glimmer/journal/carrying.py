"""Carrying glimmers into a journal together with their voices, from a file that may be hostile."""

from __future__ import annotations

import logging
import os
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Protocol

from voice_glimmer.faults import Fault
from voice_glimmer.journal import recordings
from voice_glimmer.journal.errors import told
from voice_glimmer.journal.opening import opened
from voice_glimmer.journal.transfer import Imported, has, insert

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from sqlite_utils import Database

    from voice_glimmer.journal.lines import Line
    from voice_glimmer.journal.places import Place

LARGEST_VOICE = 64 * 2**20
"""Bytes: three minutes are 6 MB at most."""

log = logging.getLogger(__name__)


class Source(Protocol):
    """A file with glimmers and voices, which may be read more than once.

    Both raise Fault where the file is damaged.
    """

    def lines(self) -> Iterator[Line]:
        """Yield the glimmers."""
        ...

    def voices(self) -> Iterator[tuple[str, bytes]]:
        """Yield the recordings: the path in a journal's folder, and what is in the file."""
        ...


def carry_in(source: Source, journal: Place, *, dry_run: bool) -> Imported:
    """Take glimmers and voices into a journal, all of them or none.

    All lines are looked at before the first voice is written, and all voices are written before
    the first line, so that no other program has to wait for the journal meanwhile.

    Args:
        source: The file.
        journal: The journal's folder; made where there is none.
        dry_run: Only look; the journal stays as it is.

    Raises:
        Fault: The file is damaged; nothing was imported.
        JournalUnavailableError: The journal cannot be written; nothing was imported.
    """
    with closing(opened(journal)) as db, told():
        needed, new = set[str](), set[str]()
        for line in source.lines():
            paths = {voice.path for voice in line.voices()}
            needed |= paths
            if not dry_run and not has(db, line.uid):
                new |= paths
        written = list[str]()
        try:
            sizes = _write(source, journal, new, written)
            if needed - sizes.keys():
                raise Fault("A recording is missing in this file. Nothing was imported.")
            for path in written:
                # What is emptied meanwhile leaves new files alone; these may be an hour old.
                os.utime(recordings.file_of(journal, path))
            return insert(source.lines(), db, sizes, dry_run=dry_run)
        except BaseException:
            _remove(db, journal, written)
            raise


def voice(journal: Place, path: str) -> bytes | None:
    """Return a recording's file; None, and a line in the log, where it is lost or damaged."""
    try:
        return recordings.whole(journal, path)
    except (OSError, ValueError) as error:
        log.warning("the recording %s is left out: %s", path, error)
        return None


def _write(
    source: Source, journal: Place, new: Container[str], written: list[str]
) -> dict[str, int]:
    """Write the voices that are new, prove all, and return their sizes in bytes by path."""
    sizes = dict[str, int]()
    for path, content in source.voices():
        if recordings.path_of(content, path.rpartition(".")[2]) != path:
            raise Fault("A recording in this file is damaged. Nothing was imported.")
        sizes[path] = len(content)
        if path in new:
            written.append(path)
            recordings.write(journal, path, content)
    return sizes


def _remove(db: Database, journal: Place, paths: list[str]) -> None:
    """Remove what was written for an import that failed; what it leaves is emptied later."""
    with suppress(Exception):
        for path in paths:
            if not db.table("recordings").count_where("path = ?", [path]):
                recordings.file_of(journal, path).unlink(missing_ok=True)
