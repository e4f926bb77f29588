"""Looking at a journal without changing anything in it, for a report that has none of its words."""

from __future__ import annotations

import fcntl
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.journal import schema
from voice_glimmer.journal.connecting import connected, errors
from voice_glimmer.journal.lean import database
from voice_glimmer.journal.opening import DATABASE, PRIVATE_FOLDERS, known, names, refused
from voice_glimmer.journal.places import Sealed, folder_of, key_of
from voice_glimmer.journal.recordings import file_of, is_ours

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from voice_glimmer.journal.places import Place

NEWEST = "select max(spoken_at) from glimmers where source != 'imported'"


@dataclass(frozen=True, slots=True)
class Examination:
    """What a journal is like.

    Attributes:
        sound: Whether SQLite finds no fault in it; if it does, nothing is counted.
        newer: Whether a newer program made it.
        encrypted: Whether it is.
        waiting: How many dictations wait in the spool to be kept.
        glimmers: How many it holds.
        recordings: How many recordings it knows.
        lost: How many of these are not on disk, or empty.
        newest: When the newest glimmer was said that was said here; None where there is none.
    """

    sound: bool
    newer: bool
    encrypted: bool
    waiting: int
    glimmers: int = 0
    recordings: int = 0
    lost: int = 0
    newest: datetime | None = None


def examined(journal: Place) -> Examination | None:
    """Examine a journal, also while it is in use; None where there is none yet.

    An integrity check reads all of it: 100,000 glimmers take a second or two.

    Raises:
        Fault: It cannot be read, is none of ours, or the key does not fit.
    """
    path, key = journal / DATABASE, key_of(journal)
    try:
        if not path.exists() or not path.stat().st_size:
            return None
        with closing(database(connected(path, key))) as db:
            db.execute("pragma query_only = on")
            made_by = names(db, schema.migrations)
            if not made_by:
                raise refused(path, key)
            seen = Examination(
                sound=_is_sound(db),
                newer=bool(made_by - known(schema.migrations)),
                waiting=0 if is_listening(folder_of(journal)) else _waiting(folder_of(journal)),
                encrypted=isinstance(journal, Sealed),
            )
            return _counted(seen, db, journal) if seen.sound else seen
    except errors(OSError, name="OperationalError") as error:
        raise Fault(f"I cannot read the journal in {folder_of(journal)}.") from error
    except errors(UnicodeDecodeError, ValueError, name="DatabaseError") as error:
        raise refused(path, key) from error


def _counted(seen: Examination, db: Database, journal: Place) -> Examination:
    paths = [str(row[0]) for row in db.execute("select path from recordings")]
    (newest,) = db.execute(NEWEST).fetchone()
    return replace(
        seen,
        glimmers=db.table("glimmers").count_where("deleted_at is null"),
        recordings=len(paths),
        lost=sum(not _is_there(journal, each) for each in paths),
        newest=newest and datetime.fromisoformat(newest),
    )


def is_listening(folder: Path) -> bool:
    """Tell whether a Voice Glimmer listens with the journal in this folder just now."""
    try:
        with (folder / "spool" / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def seen_by_others(folder: Path) -> bool:
    """Tell whether others on this machine may read a journal, or what is in its folders."""
    return any(_mode(folder / name) & 0o077 for name in (*PRIVATE_FOLDERS, DATABASE))


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _is_sound(db: Database) -> bool:
    try:
        whole = db.execute("pragma integrity_check").fetchone() == ("ok",)
        return whole and db.execute("pragma foreign_key_check").fetchone() is None
    except errors():
        return False


def _is_there(journal: Place, recording: str) -> bool:
    file = file_of(journal, recording)
    return is_ours(recording) and file.is_file() and file.stat().st_size > 0


def _waiting(folder: Path) -> int:
    return sum(path.stat().st_size > 0 for path in (folder / "spool").glob("*.flac"))
