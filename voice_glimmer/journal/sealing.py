"""Encrypting a journal that is there, and the way back.

At every moment the folder holds one whole journal: what is new is written beside what is old, the
database takes its place last, in one rename, and only then does what is old go.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from voice_glimmer.durable import sync_folder
from voice_glimmer.faults import Fault
from voice_glimmer.journal import recordings
from voice_glimmer.journal.connecting import connected, errors, is_plain
from voice_glimmer.journal.opening import DATABASE, opened
from voice_glimmer.journal.places import Sealed, folder_of, key_of
from voice_glimmer.journal.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from voice_glimmer.journal.keys import Key
    from voice_glimmer.journal.places import Place

_RATE = 16_000
_PIECE = 2**20

_BESIDE = ("-wal", "-shm", "-journal")
"""How the files end that SQLite has beside a database (https://sqlite.org/tempfiles.html)."""

log = logging.getLogger(__name__)


def seal(journal: Sealed) -> None:
    """Encrypt a plain journal with this key: database, its copies from before, and recordings.

    What was plain is then overwritten and removed; what a flash card keeps of overwritten blocks is
    beyond any program. Of one that is encrypted already with this key, only what an interrupted
    sealing has left is removed. Backups stay as they are.

    Raises:
        Fault: It is in use or cannot be written, something in the spool is not kept yet, or it is
            encrypted with another key; it is as it was.
    """
    _rewrite(journal.folder, journal)


def unseal(journal: Sealed) -> None:
    """Decrypt a journal; the way back from `seal`.

    Raises:
        Fault: As of `seal`.
    """
    _rewrite(journal, journal.folder)


def is_sealed(folder: Path) -> bool:
    """Tell whether the journal in a folder is encrypted."""
    return not is_plain(folder / DATABASE)


def _rewrite(old: Place, new: Place) -> None:
    folder, key = folder_of(old), key_of(new)
    with closing(Spool(old, _RATE)) as spool:
        if _has(old):
            opened(old).close()
            if spool.leftovers():
                raise Fault(
                    "What you were saying last time is not kept yet, so I have changed nothing. "
                    "Please let voice-glimmer listen start once; it keeps it."
                )
            _switched(old, new)
        try:
            _let_go(old, new)
            for copy in folder.glob(f"{DATABASE}.before-*"):
                if copy.name.endswith(_BESIDE) or is_plain(copy) is not isinstance(new, Sealed):
                    continue
                with _alone(copy, key_of(old)) as (db, file):
                    _replace(db, file, copy, key)
        except errors(OSError) as error:
            log.warning("something from before is left: %s", error)
            raise Fault(
                f"That is done, but something from before is left in {folder}. Please run it again."
            ) from error


def _has(place: Place) -> bool:
    """Tell whether the database is in this form."""
    return is_plain(place / DATABASE) is not isinstance(place, Sealed)


def _switched(old: Place, new: Place) -> None:
    """Switch, or leave it as it was; what fails after the switch is no fault any more.

    Raises:
        Fault: It is as it was.
    """
    try:
        _switch(old, new)
    except BaseException as error:
        failed = _has(old)
        if failed:
            with suppress(Fault, *errors(OSError)):
                _let_go(new, old)
        if not isinstance(error, errors(OSError)):
            raise
        log.warning("rewriting the journal was interrupted: %s", error)
        if failed:
            raise Fault(
                f"I could not rewrite the journal in {old}, and it is as it was. Please end every "
                "other program that has it open, and check that there is room for a second copy."
            ) from error


def _switch(old: Place, new: Place) -> None:
    with _alone(old / DATABASE, key_of(old)) as (db, file):
        for (path,) in db.execute("select path from recordings").fetchall():
            try:
                recordings.write(new, path, recordings.content(old, path))
            except FileNotFoundError as error:
                log.warning("a recording is lost already: %s", error)
            except ValueError as error:
                raise Fault(
                    f"The recording {recordings.file_of(old, path)} is damaged. "
                    "The journal is as it was; please move that file elsewhere, and try again."
                ) from error
        _replace(db, file, old / DATABASE, key_of(new))


@contextmanager
def _alone(path: Path, key: Key | None) -> Iterator[tuple[sqlite3.Connection, BinaryIO]]:
    """Open a database that no other program has open or can open, and its file."""
    # The file is closed after the database, whose locks end with it.
    with path.open("r+b") as file, closing(_sqlcipher(path, key)) as db:
        db.execute("pragma locking_mode = exclusive").fetchall()
        if db.execute("pragma journal_mode = delete").fetchone() != ("delete",):
            raise OSError(f"{path} is in use")
        db.execute("begin exclusive")
        db.execute("commit")
        yield db, file


def _sqlcipher(path: Path, key: Key | None) -> sqlite3.Connection:
    """Return a connection that can also write the other kind of database."""
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - an extra

    if key:
        return connected(path, key)
    connection: sqlite3.Connection = dbapi2.connect(str(path))
    return connection


def _replace(db: sqlite3.Connection, file: BinaryIO, path: Path, key: Key | None) -> None:
    """Put a database with another key in this one's place, and overwrite this one."""
    part = path.with_name(f".{path.name}.part")
    leftovers = [part.with_name(f"{part.name}{end}") for end in ("", "-journal")]
    for each in leftovers:
        each.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        db.execute("attach ? as part key ?", [str(part), key.sql if key else ""])
        db.execute("select sqlcipher_export('part')").fetchall()
        db.execute("detach part")
        _prove(part, key)
        part.rename(path)
    except BaseException:
        for each in leftovers:
            each.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    # Also what was encrypted: a program that waits for the old file shall not write into it.
    _overwrite(file)


def _prove(path: Path, key: Key | None) -> None:
    with closing(connected(path, key, read_only=True)) as db:
        if db.execute("pragma integrity_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("what was written is not whole")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _let_go(gone: Place, there: Place) -> None:
    """Remove the recordings in one form that the journal has in the other."""
    with closing(opened(there)) as db:
        paths = [str(row["path"]) for row in db.table("recordings").rows]
    held = {file for path in paths for file in recordings.files_of(there, path)}
    for path in (gone / recordings.FOLDER).glob("*/*"):
        if path in held or (path.suffix == recordings.SEALED) is not isinstance(gone, Sealed):
            continue
        if not isinstance(gone, Sealed):
            with path.open("r+b") as file:
                _overwrite(file)
        path.unlink()


def _overwrite(file: BinaryIO) -> None:
    left = file.seek(0, os.SEEK_END)
    file.seek(0)
    while left:
        left -= file.write(bytes(min(left, _PIECE)))
    file.flush()
    os.fsync(file.fileno())
