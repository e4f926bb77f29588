"""When glimmers were said, counted on the clocks of where the speaker was then."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from voice_glimmer.journal.errors import told

if TYPE_CHECKING:
    from sqlite_utils import Database

    from voice_glimmer.journal.which import Which

_LOCAL = "strftime('{}', substr(spoken_at, 1, 19), cast(utc_offset_minutes as text) || ' minutes')"


class Counting:
    """The part of a journal that counts."""

    _db: Database

    def by_day(self, which: Which) -> dict[date, int]:
        """Return how many of these glimmers there are of each local day that has one, in order.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        return {date.fromisoformat(day): many for day, many in self._counted("%Y-%m-%d", which)}

    def by_hour(self, which: Which) -> list[int]:
        """Return how many of these glimmers were said in each local hour, shaped (24,).

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        counted = {int(hour): many for hour, many in self._counted("%H", which)}
        return [counted.get(hour, 0) for hour in range(24)]

    def _counted(self, form: str, which: Which) -> list[tuple[str, int]]:
        where, values = which.where()
        local = _LOCAL.format(form)
        with told():
            rows = self._db.execute(
                f"select {local} as local, count(*) from glimmers where {where}"  # noqa: S608 - ours
                " group by local having local is not null order by local",
                values,
            ).fetchall()
        return [(str(local), int(many)) for local, many in rows]
