"""What was deleted, gone for good: text, former wordings, search index, voices and old copies."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import TYPE_CHECKING

from voice_glimmer.journal.errors import told
from voice_glimmer.journal.opening import DATABASE, opened, writing
from voice_glimmer.journal.places import folder_of
from voice_glimmer.journal.recordings import FOLDER, files_of
from voice_glimmer.journal.which import stored

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from voice_glimmer.journal.places import Place

ORPHANED_SECONDS = 3600
"""A recording that nothing refers to for so long belongs to no glimmer that is being kept."""

_OF_GLIMMERS = "glimmer_id in (select id from glimmers where deleted_at < ?)"
_OF_TABLES = (
    (
        "wording_words",
        "wording_id in (select wordings.id from wordings join glimmers"
        " on glimmers.id = glimmer_id where deleted_at < ?)",
    ),
    ("wordings", _OF_GLIMMERS),
    ("words", _OF_GLIMMERS),
    ("tags", _OF_GLIMMERS),
)

log = logging.getLogger(__name__)


def empty(journal: Place, before: datetime, now: datetime) -> int:
    """Let what was deleted before then go for good; return how many glimmers.

    SQLite overwrites what it deletes (`secure_delete`), the search index is written anew, and the
    WAL cut to nothing. What a flash card keeps of overwritten blocks is beyond any program.

    Args:
        journal: The journal's folder.
        before: Deleted earlier than this; aware.
        now: The time; aware.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: Not all of it could be removed; the next time tries again.
    """
    with closing(opened(journal)) as db, told():
        return _empty(db, journal, before, now)


def _empty(db: Database, journal: Place, before: datetime, now: datetime) -> int:
    with writing(db):
        for table, where in _OF_TABLES:
            db.table(table).delete_where(where, [stored(before)])
        gone = db.table("glimmers").count_where("deleted_at < ?", [stored(before)])
        db.table("glimmers").delete_where("deleted_at < ?", [stored(before)])
        db.table("recordings").delete_where(
            "path not in (select recording from glimmers where recording is not null"
            " union select recording from wordings where recording is not null)"
        )
    if gone:
        # Until its segments are merged, the index has what was deleted from it.
        db.execute("insert into glimmers_fts (glimmers_fts) values ('optimize')")
        db.conn.commit()
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
        log.info("%d glimmers that were deleted are gone for good", gone)
    _sweep(db, journal, before.timestamp(), now.timestamp() - ORPHANED_SECONDS)
    return gone


def _sweep(db: Database, journal: Place, before: float, orphaned: float) -> None:
    """Remove recordings without a glimmer, and the copies of the journal from before then."""
    paths = (str(row["path"]) for row in db.table("recordings").rows)
    held = {file for path in paths for file in files_of(journal, path)}
    for path in (journal / FOLDER).glob("*/*"):
        # One that is just being kept has its file before it has its row.
        if path not in held and path.is_file() and path.stat().st_mtime < orphaned:
            path.unlink(missing_ok=True)
    for path in folder_of(journal).glob(f"{DATABASE}.before-*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
