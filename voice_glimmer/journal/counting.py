"""Counting what is kept, in SQL."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from voice_glimmer.journal.errors import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from voice_glimmer.journal.which import Which

_LOCAL_HOUR = (
    "strftime('%Y-%m-%d %H', substr(spoken_at, 1, 19),"
    " cast(utc_offset_minutes as text) || ' minutes')"
)
_LONG = len("2026-11-24 08")
_EARLIEST, _LATEST = "0003", "9999"
"""Years around which Python knows another: an imported time may be any."""


class Counting:
    """The part of a journal that counts."""

    _db: Database

    def hours(self, which: Which) -> dict[tuple[date, int], int]:
        """Return how many of these were said on each day in each hour, where the speaker was.

        What was said while the time was not known, or at one that cannot be, is left out.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        where, values = which.where()
        with told():
            rows = self._db.execute(
                f"select {_LOCAL_HOUR} as hour, count(*) from glimmers"  # noqa: S608 - ours
                f" where {where} and uncertain = 0 group by hour having hour is not null"
                " order by hour",
                values,
            ).fetchall()
        return {
            (date.fromisoformat(hour[:10]), int(hour[11:])): int(many)
            for hour, many in ((str(hour), many) for hour, many in rows)
            if len(hour) == _LONG and _EARLIEST <= hour < _LATEST
        }

    def texts(self, which: Which) -> Iterator[str]:
        """Yield the words of each of these, in no order.

        Raises:
            JournalUnavailableError: The journal could not be read.
        """
        where, values = which.where()
        with told():
            for (text,) in self._db.execute(
                f"select text from glimmers where {where}",  # noqa: S608 - ours
                values,
            ):
                yield str(text)
