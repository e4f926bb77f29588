"""Voices that are kept already: made smaller in an idle hour, and let go by a limit."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from voice_glimmer.journal import recordings
from voice_glimmer.journal.errors import told
from voice_glimmer.journal.opening import opened, writing
from voice_glimmer.journal.which import stored

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from voice_glimmer.journal.places import Place

MIB = 2**20

log = logging.getLogger(__name__)


def compress(journal: Place) -> int:
    """Make Ogg Opus of every FLAC, of some 24 kbit/s; return how many.

    A glimmer refers to one whole file at every moment. The FLAC itself is removed by
    `emptying.empty`, for another program may be playing it.

    Args:
        journal: The journal's folder.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be written; what was compressed until then stays so.
    """
    done = 0
    with closing(opened(journal)) as db, told():
        exact = db.execute("select path, duration from recordings where path like '%.flac'")
        for path, duration in exact.fetchall():
            try:
                samples, rate = recordings.load(journal, str(path))
            except OSError as error:
                log.warning("a recording stays as it is: %s", error)
                continue
            smaller = recordings.store(journal, samples.tobytes(), rate, "opus")
            with writing(db):
                listed = asdict(replace(smaller, duration=duration))
                db.table("recordings").insert(listed, ignore=True)
                _refer(db, str(path), smaller.path)
            done += 1
    return done


def limit(journal: Place, *, since: datetime | None, mib: int | None) -> int:
    """Let the oldest voices go until the rest fits; words always stay. Return how many went.

    Args:
        journal: The journal's folder.
        since: Voices of glimmers from before then go; aware.
        mib: Mebibytes that all recordings may have together.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be written; nothing has changed.
    """
    with closing(opened(journal)) as db, told():
        # A recording is as old as the newest glimmer that has it, now or in a former wording.
        rows = db.execute(
            "select path, size, max(spoken_at) as newest from recordings join ("
            " select recording, spoken_at from glimmers union all"
            " select wordings.recording, spoken_at from wordings"
            " join glimmers on glimmers.id = glimmer_id"
            ") on recording = path group by path order by newest desc, path"
        ).fetchall()
        left = float("inf") if mib is None else mib * MIB
        earliest = "" if since is None else stored(since)
        going = []
        for path, size, newest in rows:
            left -= size
            if left < 0 or newest < earliest:
                going.append(str(path))
        with writing(db):
            for path in going:
                _refer(db, path, None)
    return len(going)


def _refer(db: Database, path: str, other: str | None) -> None:
    """Refer to another recording, or to none, wherever this one is referred to."""
    for table in ("glimmers", "wordings"):
        db.execute(f"update {table} set recording = ? where recording = ?", [other, path])  # noqa: S608 - ours
    db.table("recordings").delete_where("path = ?", [path])
