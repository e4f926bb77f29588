"""When glimmers were said, counted on the clocks of where the speaker was then."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from voice_glimmer.journal.errors import told

if TYPE_CHECKING:
    from sqlite_utils import Database

    from voice_glimmer.journal.which import Which

_LOCAL_HOUR = (
    "strftime('%Y-%m-%d %H:00', substr(spoken_at, 1, 19),"
    " cast(utc_offset_minutes as text) || ' minutes')"
)


class Counting:
    """The part of a journal that counts."""

    _db: Database

    def by_hour(self, which: Which) -> dict[datetime, int]:
        """Return how many of these glimmers were said in each hour that has one, in order.

        Hours are those on the clocks of where the speaker was, and so without a zone.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        where, values = which.where()
        with told():
            rows = self._db.execute(
                f"select {_LOCAL_HOUR} as hour, count(*) from glimmers where {where}"  # noqa: S608 - ours
                " group by hour having hour is not null order by hour",
                values,
            ).fetchall()
        return {datetime.fromisoformat(hour): int(many) for hour, many in rows}
