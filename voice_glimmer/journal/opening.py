"""Opening the journal's database: made, migrated, or refused with a sentence."""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing, contextmanager
from functools import cache
from typing import TYPE_CHECKING

from voice_glimmer.durable import sync_folder
from voice_glimmer.faults import Fault
from voice_glimmer.journal import schema
from voice_glimmer.journal.connecting import connected, errors, is_plain
from voice_glimmer.journal.lean import database
from voice_glimmer.journal.places import folder_of, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlite_utils import Database, Migrations

    from voice_glimmer.journal.keys import Key
    from voice_glimmer.journal.places import Place

DATABASE = "journal.db"
PRIVATE_FOLDERS = ("", "recordings", "spool", "backups")

log = logging.getLogger(__name__)


def opened(journal: Place, migrations: Migrations = schema.migrations) -> Database:
    """Open the database in a journal's folder; both are made where there are none.

    An older database is migrated, after a copy of it was written beside it.

    Args:
        journal: The journal's folder, with its key where it is encrypted.
        migrations: All that the program knows.

    Raises:
        Fault: The folder cannot be written, holds no journal of ours, or a newer program's; or the
            key does not fit.
    """
    folder, key = folder_of(journal), key_of(journal)
    path = folder / DATABASE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its WAL and shared-memory files the database's own mode.
        path.touch(mode=0o600)
        _keep_private(folder)
        db = database(connected(path, key))
        try:
            _prepare(db, journal, migrations)
        except BaseException:
            db.close()
            raise
    except errors(OSError, name="OperationalError") as error:
        raise Fault(
            f"I cannot write the journal in {folder}. "
            "Please check the folder's permissions and the disk, or choose another folder."
        ) from error
    except errors(UnicodeDecodeError, name="DatabaseError") as error:
        raise refused(path, key) from error
    return db


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """Change all or nothing, in a transaction that waits for other programs before it begins.

    One that has read before it writes, as sqlite-utils does to learn of a table, is refused at once
    where another program wrote in between (SQLITE_BUSY_SNAPSHOT, https://sqlite.org/rescode.html).

    Raises:
        sqlite3.Error: It could not be written; nothing has changed.
    """
    db.conn.execute("begin immediate")
    with db.conn:
        yield


def refused(path: Path, key: Key | None) -> Fault:
    """Return what to say of a file that cannot be read as a journal."""
    plain = is_plain(path)
    if key and plain:
        return Fault(
            f"The journal in {path.parent} is not encrypted, but there is a key in the settings. "
            "Please run voice-glimmer seal, or take the key out of the settings."
        )
    if key:
        return Fault(
            f"The key does not fit the journal in {path.parent}, or the journal is damaged. "
            "Nothing was changed. Please check which key is in the settings."
        )
    if plain:
        return Fault(
            f"The file {path} is not a journal, or it is damaged. "
            "Please move it aside, or choose another folder."
        )
    return Fault(
        f"The file {path} is encrypted, or it is not a journal, or damaged. "
        "Please put its key into the settings, move it aside, or choose another folder."
    )


def _prepare(db: Database, journal: Place, migrations: Migrations) -> None:
    # In this order: another program may be making the journal just now.
    empty = is_empty(db, migrations)
    applied, all_known = names(db, migrations), known(migrations)
    if applied - all_known:
        raise Fault(
            f"The journal in {journal} was written by a newer Voice Glimmer. "
            "Nothing was changed. Please update this program."
        )
    if applied == all_known:
        must_be_ours(db, migrations)
    if not applied and not empty:
        raise sqlite3.DatabaseError("it is another program's")
    db.enable_wal()
    db.execute("PRAGMA foreign_keys = ON")
    # What is deleted for good is overwritten, and not only forgotten.
    db.execute("PRAGMA secure_delete = ON")
    if applied != all_known:
        with writing(db):
            # Asked anew: another program may have been first.
            if names(db, migrations) and (pending := migrations.pending(db)):
                # By a connection of its own, for SQLite copies none that is writing.
                key = key_of(journal)
                with closing(connected(journal / DATABASE, key)) as before:
                    copy_to(before, journal / f"{DATABASE}.before-{pending[0].name}", key)
            migrations.apply(db)
            must_be_ours(db, migrations)


def names(db: Database, migrations: Migrations) -> set[str]:
    """Return the names of the migrations that made this database.

    Raises:
        sqlite3.DatabaseError: It is damaged, or made so that no program of ours can migrate it.
    """
    columns = {column for _, _, _, column, *_ in _columns(db, [migrations.migrations_table])}
    if not columns:
        return set()
    # `Migrations` trusts that these are there.
    if not columns >= {"migration_set", "name", "applied_at"}:
        raise sqlite3.DatabaseError("the list of migrations is none")
    rows = db.execute(
        "select name from _sqlite_migrations where migration_set = ?", [migrations.name]
    )
    return {str(name) for (name,) in rows}


def known(migrations: Migrations) -> set[str]:
    """Return the names of all migrations, applied or not."""
    with closing(database(memory=True)) as empty:
        return {each.name for each in migrations.pending(empty)}


def must_be_ours(db: Database, migrations: Migrations) -> None:
    """Check that a database has all tables that these migrations make; others may be there, too.

    A strict table (https://sqlite.org/stricttables.html) has the types that are read from it.

    Raises:
        sqlite3.DatabaseError: It has not.
    """
    expected = _made_by(migrations)
    if lacking := expected - _columns(db, [table for table, *_ in expected]):
        raise sqlite3.DatabaseError(f"these columns are not as they should be: {sorted(lacking)}")


def is_empty(db: Database, migrations: Migrations) -> bool:
    """Tell whether a database has nothing but a list of migrations, which need not be there."""
    others = "select 1 from sqlite_master where tbl_name != ?"
    return db.execute(others, [migrations.migrations_table]).fetchone() is None


Column = tuple[str, str, int, str, str, int, int]
"""Of a table: its name, kind, and whether it is strict; of a column: name, type, not null, key."""


@cache
def _made_by(migrations: Migrations) -> frozenset[Column]:
    with closing(database(memory=True)) as db:
        migrations.apply(db)
        tables = set(db.table_names()) - {migrations.migrations_table}
        return frozenset(_columns(db, tables))


def _columns(db: Database, tables: Iterable[str]) -> set[Column]:
    found = set[Column]()
    for table in set(tables):
        found.update(
            db.execute(
                'select t.name, t.type, t.strict, c.name, c.type, c."notnull", c.pk'
                " from pragma_table_list(?) as t, pragma_table_info(t.name) as c"
                " where t.type != 'view' and t.schema = 'main'",
                [table],
            )
        )
    return found


def copy_to(db: sqlite3.Connection, path: Path, key: Key | None) -> None:
    """Write a copy of an open database, durably, private and whole or not at all.

    Args:
        db: The database.
        path: Where the copy shall be.
        key: The database's key; the copy has the same.

    Raises:
        OSError: It could not be written.
        sqlite3.Error: The database could not be read, or the copy not be written.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600)
        with closing(connected(temporary, key)) as copy:
            db.backup(copy)
            # A copy is one file: nothing of it may wait in a WAL of its own.
            copy.execute("PRAGMA journal_mode = DELETE")
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.rename(path)
        sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _keep_private(folder: Path) -> None:
    """Take from others what they were given to read: what is inside such folders is private."""
    database = folder / DATABASE
    files = [database, *(database.with_name(f"{DATABASE}-{end}") for end in ("wal", "shm"))]
    for path in (*(folder / name for name in PRIVATE_FOLDERS), *files):
        try:
            mode = path.stat().st_mode & 0o777
            if mode & 0o077:
                path.chmod(mode & 0o700)
                log.warning("others could read %s; they no longer can", path)
        except FileNotFoundError:
            continue
        except OSError as error:
            # A file system without permissions, such as a USB stick's, has none to take away.
            log.warning("whether others can read %s is not for me to say: %s", path, error)
