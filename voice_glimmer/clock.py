"""The person's own time, and whether to believe it.

A Raspberry Pi has no clock that goes on while it is off: without a network it starts in the past.
Until the time is known it goes on from the newest glimmer, so that their order stays; what is said
meanwhile is reckoned from the machine's start, and gets its time once that is known.
"""

from __future__ import annotations

import ctypes
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from voice_glimmer.conversation.events import Reckoning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LOCALTIME = Path("/etc/localtime")
CLOCK_CHIPS = Path("/sys/class/rtc")
BOOT = Path("/proc/sys/kernel/random/boot_id")

TIME_ERROR = 5
"""What adjtimex(2) returns while no time server has set the clock."""

TIMEX_BYTES = 512
"""More than the `struct timex` that adjtimex(2) fills in, on every Linux."""

log = logging.getLogger(__name__)


class Machine(Protocol):
    """A machine's clocks."""

    boot: str
    """Another one after every start of the machine."""

    def wall(self) -> datetime:
        """Return the time that the machine believes it is, in UTC."""

    def since_boot(self) -> float:
        """Return the seconds since its start, times of suspension among them."""

    def is_synchronised(self) -> bool:
        """Tell whether a time server has set it."""

    def has_clock_chip(self) -> bool:
        """Tell whether its time goes on while it is off."""


class Linux:
    """The machine that this runs on."""

    def __init__(self) -> None:
        self.boot = BOOT.read_text(encoding="ascii").strip()

    def wall(self) -> datetime:
        """Return the time that the machine believes it is, in UTC."""
        return datetime.now(UTC)

    def since_boot(self) -> float:
        """Return the seconds since its start, times of suspension among them."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def is_synchronised(self) -> bool:
        """Ask the kernel, which timesyncd, chrony and ntpd all tell."""
        # All zero: it only reads, and needs no rights.
        timex = ctypes.create_string_buffer(TIMEX_BYTES)
        state: int = ctypes.CDLL(None).adjtimex(timex)
        return 0 <= state < TIME_ERROR

    def has_clock_chip(self) -> bool:
        """Look for one."""
        return CLOCK_CHIPS.is_dir() and any(CLOCK_CHIPS.iterdir())


@dataclass(frozen=True, slots=True)
class Correction:
    """How a time was off that was reckoned: since that moment as it was reckoned, by so much."""

    since: datetime
    by: timedelta


@dataclass(frozen=True, slots=True)
class Certain:
    """A clock that is right."""

    now: Callable[[], datetime]
    believed = True

    def reckoning(self, _moment: datetime) -> None:
        """Return nothing: the time is known."""

    def settle(self) -> None:
        """Have nothing to settle."""

    def time_of(self, _reckoning: Reckoning) -> None:
        """Return nothing: nothing was reckoned."""


class Clock:
    """What time it is.

    Args:
        zone: The person's time zone.
        newest: The latest moment that the journal knows; aware, or None where it knows none.
        machine: The machine's clocks.

    Attributes:
        believed: Whether the time is known; it does not change but by `settle`.
    """

    def __init__(self, zone: tzinfo, newest: datetime | None, machine: Machine) -> None:
        self._zone = zone
        self._machine = machine
        self._newest = newest
        self.believed = self._is_believable()
        self._from, self._at = machine.wall(), machine.since_boot()
        if not self.believed and newest and self._from < newest:
            self._from = newest.astimezone(UTC)
        if not self.believed:
            log.info("the time is not known; it goes on from %s", self._from)

    def now(self) -> datetime:
        """Return the local time, aware; reckoned where it is not known."""
        if self.believed:
            return self._machine.wall().astimezone(self._zone)
        elapsed = timedelta(seconds=self._machine.since_boot() - self._at)
        return (self._from + elapsed).astimezone(self._zone)

    def reckoning(self, moment: datetime) -> Reckoning | None:
        """Return when that was on the machine's own count; None where the time is known."""
        if self.believed:
            return None
        ago = (self.now().astimezone(UTC) - moment.astimezone(UTC)).total_seconds()
        return Reckoning(self._machine.boot, self._machine.since_boot() - ago)

    def settle(self) -> Correction | None:
        """Believe the machine, if its time has become known since; return how it was off.

        Called where nothing is said or kept just then, for all moments that are held become wrong.
        """
        if self.believed or not self._is_believable():
            return None
        reckoned, self.believed = self.now(), True
        log.info("the time is known: %s was %s", reckoned, self.now())
        return Correction(self._from, self.now().astimezone(UTC) - reckoned.astimezone(UTC))

    def time_of(self, reckoning: Reckoning) -> datetime | None:
        """Return the local time of what was reckoned since this start of the machine, or None.

        While the time is not known, that is the one from which it goes on.
        """
        if reckoning.boot != self._machine.boot:
            return None
        ago = timedelta(seconds=self._machine.since_boot() - reckoning.seconds)
        return (self.now().astimezone(UTC) - ago).astimezone(self._zone)

    def _is_believable(self) -> bool:
        if self._machine.is_synchronised():
            return True
        ahead = self._newest is None or self._machine.wall() >= self._newest
        return ahead and self._machine.has_clock_chip()


def local_zone(environment: Mapping[str, str], localtime: Path = LOCALTIME) -> tzinfo:
    """Return this machine's time zone, found as the C library does: `TZ`, else /etc/localtime.

    Where there is neither, it is UTC. Where `TZ` is a rule, not a name, or what it names cannot be
    read, today's offset is taken for every day, and that is logged.
    """
    named = environment.get("TZ", "").removeprefix(":")
    if not named and not localtime.exists():
        return ZoneInfo("UTC")
    path = Path(named or localtime)
    try:
        if path.is_absolute():
            with path.open("rb") as file:
                return ZoneInfo.from_file(file)
        return ZoneInfo(named)
    except (OSError, ValueError, ZoneInfoNotFoundError) as error:
        log.warning("the time zone is not known, so its changes are not either: %s", error)
        offset = datetime.now().astimezone().tzinfo
        return offset or ZoneInfo("UTC")
