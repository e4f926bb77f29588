"""What is done once a night while nobody speaks: emptying, making voices smaller, a backup."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from voice_glimmer.faults import Fault
from voice_glimmer.journal.backup import back_up, times
from voice_glimmer.journal.emptying import empty
from voice_glimmer.journal.errors import JournalUnavailableError
from voice_glimmer.journal.voices import compress, limit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from pathlib import Path

    from voice_glimmer.journal.places import Place

DELETED_STAYS = timedelta(days=30)
"""How long what was deleted can be brought back."""

NIGHT_BEGINS = timedelta(hours=3)
"""From midnight: late enough that the last glimmer of the evening is in the night's backup."""

TOLD_AFTER = 3
"""After so many nights without a backup the person is told, and after as many again."""

NICENESS = 10
"""Of the night's work: whatever else runs on the machine comes first."""

LEAVING_SECONDS = 2.0
"""How long leaving waits for the night's work, each step of which is whole or not at all."""

Codec = Literal["opus", "flac", "none"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person has chosen.

    Attributes:
        codec: How voices are kept: small, exact, or not at all.
        voice_days: For how many days; None for ever.
        voice_mib: How many mebibytes of them; None for any number.
        backups: Where copies are made; None for no copies.
    """

    codec: Codec = "opus"
    voice_days: int | None = None
    voice_mib: int | None = None
    backups: Path | None = None


class Background:
    """Does one piece of work at a time, beside everything else."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def __call__(self, work: Callable[[], None]) -> None:
        """Begin, unless what was begun before has not ended, as on a share that hangs."""
        if self._thread is not None and self._thread.is_alive():
            log.error("last night's work has not ended; this night's is left out")
            return

        def nicely() -> None:
            # Linux has a priority for each thread; hearing goes first.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
            work()

        self._thread = threading.Thread(target=nicely, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Wait a moment for its end."""
        if self._thread is not None:
            self._thread.join(LEAVING_SECONDS)


class Nightly:
    """The night's work on a journal.

    Args:
        journal: The journal's folder.
        wishes: What the person has chosen.
        begin: Does the work, now or beside everything else.

    Attributes:
        has_to_tell: Whether the person is to hear that backups fail; whoever tells them sets it
            back.
    """

    def __init__(
        self, journal: Place, wishes: Wishes, begin: Callable[[Callable[[], None]], None]
    ) -> None:
        self._journal = journal
        self._wishes = wishes
        self._begin = begin
        self._worked: date | None = None
        self._without_backup = 0
        self.has_to_tell = False

    def rest(self, now: datetime) -> None:
        """Begin, if nothing was done this night or since the start; `now` is local and aware."""
        if self._worked != night(now):
            self._worked = night(now)
            self._begin(lambda: self._work(now))

    def _work(self, now: datetime) -> None:
        for chore in (self._compress, self._limit, self._empty, self._back_up):
            try:
                chore(now)
            except (Fault, JournalUnavailableError) as error:
                log.error("this night's work is not done: %s", error)
            except Exception:
                # The next chore, and the next night, shall come all the same.
                log.exception("this night's work is not done")

    def _compress(self, _now: datetime) -> None:
        if self._wishes.codec == "opus":
            compress(self._journal)

    def _limit(self, now: datetime) -> None:
        days, mib = self._wishes.voice_days, self._wishes.voice_mib
        if days is not None or mib is not None:
            since = None if days is None else now - timedelta(days=days)
            limit(self._journal, since=since, mib=mib)

    def _empty(self, now: datetime) -> None:
        empty(self._journal, now - DELETED_STAYS, now)

    def _back_up(self, now: datetime) -> None:
        folder = self._wishes.backups
        if not folder or any(
            night(at.astimezone(now.tzinfo)) == night(now) for at in times(folder)
        ):
            return
        self._without_backup += 1
        # A share may be off for a night; who is told too often stops listening.
        self.has_to_tell = self._without_backup % TOLD_AFTER == 0
        back_up(self._journal, folder, now)
        self._without_backup, self.has_to_tell = 0, False


def night(at: datetime) -> date:
    """Return the day on which the night's work before this local time was due (pure)."""
    return (at.replace(tzinfo=None) - NIGHT_BEGINS).date()
