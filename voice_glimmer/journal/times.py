"""Times that were not known when something was said, and become known."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from voice_glimmer.conversation.events import Reckoning
from voice_glimmer.journal.errors import told
from voice_glimmer.journal.opening import opened, writing
from voice_glimmer.journal.which import offset_minutes, stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_glimmer.clock import Correction
    from voice_glimmer.journal.places import Place


def latest(journal: Place) -> datetime | None:
    """Return the latest moment in a journal, which no clock can be before; None in an empty one.

    What was imported does not count: it has another machine's time.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be read.
    """
    with closing(opened(journal)) as db, told():
        moments = db.execute(
            "select max(spoken_at) from glimmers where source != 'imported'"
            " union all select max(deleted_at) from glimmers"
            " union all select max(replaced_at) from wordings"
        ).fetchall()
    return max((datetime.fromisoformat(each) for (each,) in moments if each), default=None)


def set_right(
    journal: Place,
    time_of: Callable[[Reckoning], datetime | None],
    correction: Correction | None = None,
) -> int:
    """Give glimmers the time at which they were said, once it is known; return how many.

    Args:
        journal: The journal's folder.
        time_of: Returns the time of what was reckoned, or None where that cannot be known.
        correction: By how much the time was off; what was deleted or replaced since moves too.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be written; nothing has changed.
    """
    done = 0
    with closing(opened(journal)) as db, told(), writing(db):
        rows = db.execute("select id, boot, boot_seconds from glimmers where boot is not null")
        for number, boot, seconds in rows.fetchall():
            if not (moment := time_of(Reckoning(boot, seconds))):
                continue
            db.table("glimmers").update(
                number,
                {
                    "spoken_at": stored(moment),
                    "utc_offset_minutes": offset_minutes(moment),
                    "uncertain": 0,
                    "boot": None,
                    "boot_seconds": None,
                },
            )
            done += 1
        if correction:
            for table, column in (("glimmers", "deleted_at"), ("wordings", "replaced_at")):
                since = db.execute(
                    f"select id, {column} from {table} where {column} >= ?",  # noqa: S608 - ours
                    [stored(correction.since)],
                )
                for number, moment in since.fetchall():
                    moved = datetime.fromisoformat(moment) + correction.by
                    db.table(table).update(number, {column: stored(moved)})
    return done
