"""Copies of a journal in another folder, such as a mounted share, and the way back.

A backup folder holds a database file for each night, and the recordings of all of them once:

    journal-20261124T031500Z.db
    recordings/ab/abc….flac

Those of an encrypted journal are encrypted with its key.
"""

from __future__ import annotations

import logging
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.journal import schema
from voice_glimmer.journal.connecting import connected, errors, is_plain
from voice_glimmer.journal.lean import database
from voice_glimmer.journal.opening import DATABASE, copy_to, known, must_be_ours, names, opened
from voice_glimmer.journal.places import key_of, place
from voice_glimmer.journal.recordings import FOLDER, file_of, is_ours, whole, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voice_glimmer.journal.keys import Key
    from voice_glimmer.journal.places import Place

DAILY = 7
WEEKLY = 4
BEFORE_RESTORE = f"{DATABASE}.before-restore"
_FORM = "journal-%Y%m%dT%H%M%SZ.db"

log = logging.getLogger(__name__)


def back_up(journal: Place, folder: Path, at: datetime) -> Path:
    """Copy a journal, also while it is in use, prove the copy and let old ones go.

    A recording that can no longer be read is left out: the rest is all the more worth a copy.

    Args:
        journal: The journal's folder.
        folder: Where backups are kept; made where there is none.
        at: The time, aware.

    Returns:
        The copy's path.

    Raises:
        Fault: It could not be written, or the copy is not whole; older copies are untouched.
    """
    path, key = folder / at.astimezone(UTC).strftime(_FORM), key_of(journal)
    backup = place(folder, key)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(opened(journal)) as db:
            copy_to(db.conn, path, key)
        lost = []
        for recording in _recordings(path, key):
            # A recording never changes: what is there under its name needs no second copy.
            if file_of(backup, recording).exists():
                continue
            try:
                content = whole(journal, recording)
            except (OSError, ValueError) as error:
                log.error("a recording is left out of the backup: %s", error)
                lost.append(recording)
            else:
                write(backup, recording, content)
        _forget(path, key, lost)
        prove(path, key)
    except errors(OSError, ValueError) as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise Fault(
            f"I could not back the journal up in {folder}. "
            "Please check that there is room, and that it can be written."
        ) from error
    except Fault:
        path.unlink(missing_ok=True)
        raise
    _let_old_ones_go(folder, key)
    return path


def left_out(journal: Place, copy: Path) -> int:
    """Return how many of a journal's recordings a copy just made of it lacks."""
    key = key_of(journal)
    with closing(opened(journal)) as db:
        there = {str(row[0]) for row in db.execute("select path from recordings")}
    return len(there.difference(_recordings(copy, key)))


def backups(folder: Path) -> list[Path]:
    """Return the copies in a backup folder, newest first."""
    return sorted((path for path in folder.glob("journal-*.db") if _time_of(path)), reverse=True)


def times(folder: Path) -> list[datetime]:
    """Return when they were made, in UTC, newest first."""
    return [at for path in backups(folder) if (at := _time_of(path))]


def prove(path: Path, key: Key | None = None) -> int:
    """Open a copy and look whether it is whole, with every recording; return how many glimmers.

    Args:
        path: The copy.
        key: The key of the journal that it is of; None where that is plain.

    Raises:
        Fault: It is no journal, damaged, newer than this program, or lacks a recording; or it is
            plain and the journal is not, or the other way round, or the key does not fit.
    """
    damaged = Fault(f"The backup {path} is damaged, or it is none. Nothing was changed.")
    try:
        if key and is_plain(path):
            raise Fault(
                f"The backup {path} is not encrypted, and the journal is. Nothing was changed. "
                "Please run voice-glimmer unseal first, and voice-glimmer seal afterwards."
            )
        if not is_plain(path):
            fits = "the key in the settings does not fit" if key else "it needs its key"
            damaged = Fault(
                f"The backup {path} is damaged, or it is none, or {fits}. Nothing was changed."
            )
        with closing(database(connected(path, key, read_only=True))) as db:
            made_by = names(db, schema.migrations)
            if made_by - known(schema.migrations):
                raise Fault(
                    f"The backup {path} was written by a newer Voice Glimmer. "
                    "Please update this program."
                )
            sound = db.execute("pragma integrity_check").fetchone() == ("ok",)
            if not made_by or not sound or db.execute("pragma foreign_key_check").fetchone():
                raise damaged
            if made_by == known(schema.migrations):
                must_be_ours(db, schema.migrations)
            count = db.table("glimmers").count_where("deleted_at is null")
        for recording in _recordings(path, key):
            whole(place(path.parent, key), recording)
    except errors(OSError, ValueError) as error:
        raise damaged from error
    return count


def restore(path: Path, journal: Place) -> int:
    """Put a copy in a journal's place, once it has proved itself; return how many glimmers.

    The journal from before stays beside it, as `BEFORE_RESTORE`. Programs that have the journal
    open go on with what was restored.

    Args:
        path: The copy.
        journal: The journal's folder; made where there is none.

    Raises:
        Fault: The copy is not whole, or the journal cannot be written; it is as it was.
    """
    key = key_of(journal)
    count = prove(path, key)
    with closing(opened(journal)) as db:
        try:
            for recording in _recordings(path, key):
                if not file_of(journal, recording).exists():
                    _copy(place(path.parent, key), journal, recording)
            copy_to(db.conn, journal / BEFORE_RESTORE, key)
            with closing(connected(path, key)) as copy:
                copy.backup(db.conn)
        except errors(OSError, ValueError) as error:
            raise Fault(
                f"I could not write the journal in {journal}. It is as it was. "
                "Please check that there is room, and that it can be written."
            ) from error
    # An older copy has the older tables: they are migrated as an older journal's are.
    opened(journal).close()
    return count


def to_keep(times: Iterable[datetime]) -> set[datetime]:
    """Return those of some backups' times that are kept (pure).

    The last of each of the last `DAILY` days that have one, and of the last `WEEKLY` weeks.
    """
    ordered = sorted(times, reverse=True)
    days = dict.fromkeys(at.date() for at in ordered)
    weeks = dict.fromkeys(at.isocalendar()[:2] for at in ordered)
    return {
        *(next(at for at in ordered if at.date() == day) for day in list(days)[:DAILY]),
        *(
            next(at for at in ordered if at.isocalendar()[:2] == week)
            for week in list(weeks)[:WEEKLY]
        ),
    }


def _let_old_ones_go(folder: Path, key: Key | None) -> None:
    found = {time: path for path in backups(folder) if (time := _time_of(path))}
    kept = to_keep(found)
    try:
        for time in found.keys() - kept:
            found[time].unlink()
        wanted = set[Path]()
        for time in kept:
            # From before the journal was encrypted, some may be plain.
            with_key = None if is_plain(found[time]) else key
            at = place(folder, with_key)
            wanted.update(file_of(at, each) for each in _recordings(found[time], with_key))
        for path in (folder / FOLDER).glob("*/*.*"):
            if path not in wanted:
                path.unlink()
    except errors(OSError, ValueError) as error:
        # There is room to be won, but nothing to be lost.
        log.warning("older backups in %s stay: %s", folder, error)


def _time_of(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.name, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def _recordings(path: Path, key: Key | None) -> Sequence[str]:
    """Return the paths of a database file's recordings.

    Raises:
        ValueError: A path leads elsewhere; such a file is not ours.
    """
    with closing(connected(path, key, read_only=True)) as db:
        paths = [str(row[0]) for row in db.execute("select path from recordings")]
    if not all(map(is_ours, paths)):
        raise ValueError("a recording has a path that is none of ours")
    return paths


def _forget(path: Path, key: Key | None, lost: Iterable[str]) -> None:
    """Take the mention of recordings out of a copy."""
    with closing(connected(path, key)) as copy, copy:
        for recording in lost:
            copy.execute("update glimmers set recording = null where recording = ?", [recording])
            copy.execute("update wordings set recording = null where recording = ?", [recording])
            copy.execute("delete from recordings where path = ?", [recording])


def _copy(source: Place, target: Place, recording: str) -> None:
    write(target, recording, whole(source, recording))
