"""What is well and what is to be mended: from what was observed to a finding (pure).

Each check is a function of what was observed, and of nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

OLDEST_PYTHON = (3, 11)

ROOM_MIB = 200
"""MiB that the disk must have left: three hours of voice as FLAC, which the night makes smaller."""

HOT = 80.0
"""Degrees Celsius from which a Raspberry Pi slows down; before 85 it is slow enough to be noticed
(https://www.raspberrypi.com/documentation/computers/raspberry-pi.html, "Frequency management")."""


class Grade(StrEnum):
    """What a finding comes to."""

    WELL = "well"
    NOTE = "note"
    MEND = "mend"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing.

    Attributes:
        what: The thing.
        grade: What it comes to.
        found: A sentence that says how it is.
        why: A sentence that says why that matters; empty where all is well.
        mend: The command that mends it; empty where all is well, or no command does.
    """

    what: str
    grade: Grade
    found: str
    why: str = ""
    mend: str = ""


def well(what: str, found: str) -> Finding:
    """Return that all is well."""
    return Finding(what, Grade.WELL, found)


def note(what: str, found: str, why: str = "", mend: str = "") -> Finding:
    """Return something that is good to know, and need not be mended."""
    return Finding(what, Grade.NOTE, found, why, mend)


def to_mend(what: str, found: str, why: str, mend: str) -> Finding:
    """Return something that is to be mended."""
    return Finding(what, Grade.MEND, found, why, mend)


def settings(mistake: str) -> Finding:
    """Judge the settings by what is wrong with them; empty if nothing is."""
    if not mistake:
        return well("Settings", "All of them can be used.")
    return to_mend(
        "Settings",
        mistake,
        "No other command starts before that is mended. I go on here with the defaults.",
        "voice-glimmer settings edit",
    )


def python(version: tuple[int, int, int]) -> Finding:
    """Judge Python by its version."""
    told = ".".join(map(str, version))
    if version[:2] >= OLDEST_PYTHON:
        return well("Python", f"It is {told}.")
    return to_mend(
        "Python",
        f"It is {told}, and I need 3.11 or newer.",
        "Older ones lack what I am written with.",
        "sudo apt install python3",
    )


def libraries(missing: Sequence[str], broken: str = "") -> Finding:
    """Judge the libraries.

    Args:
        missing: The names of those that are not installed.
        broken: Why one that is cannot be loaded; empty if all can.
    """
    if not missing and not broken:
        return well("Libraries", "All are installed.")
    return to_mend(
        "Libraries",
        f"Not installed: {', '.join(missing)}." if missing else f"One cannot be loaded: {broken}.",
        "I cannot hear, speak or keep anything without them, and look no further.",
        "scripts/start, or where pipx installed me: pipx reinstall voice-glimmer",
    )


def disk(free: int, folder: Path) -> Finding:
    """Judge the disk by the bytes that are free where the journal is, or will be."""
    mib = free // 2**20
    if mib >= ROOM_MIB:
        told = f"{mib / 1024:.0f} GiB" if mib >= 10 * 1024 else f"{mib} MiB"
        return well("Disk", f"{told} are free.")
    return to_mend(
        "Disk",
        f"{mib} MiB are free for {folder}.",
        "Once it is full, I hold what you say in memory only, and a power cut takes it.",
        "df -h, and make room; voice-glimmer empty lets go what you deleted",
    )


def clock(*, believed: bool, synchronised: bool) -> Finding:
    """Judge the clock: is it believed, and has a time server set it."""
    if synchronised:
        return well("Clock", "A time server has set it.")
    if believed:
        return well("Clock", "It goes on while the machine is off.")
    return note(
        "Clock",
        "I do not know the time yet.",
        "What you say meanwhile gets its time once I know it. Until then its day is a guess.",
        "sudo timedatectl set-ntp true",
    )


def permissions(
    folder: Path, *, writable: bool, seen_by_others: bool, may_use_sound: bool
) -> list[Finding]:
    """Judge what this account may do, and others with it.

    Args:
        folder: The journal's.
        writable: Whether it, or where it will be made, can be written.
        seen_by_others: Whether others may read it.
        may_use_sound: Whether this account may use the sound devices.
    """
    found = []
    if not writable:
        found.append(
            to_mend(
                "Permissions",
                f"I cannot write into {folder}.",
                "Nothing could be kept.",
                f'sudo chown -R "$USER": {folder}',
            )
        )
    if seen_by_others:
        found.append(
            to_mend(
                "Permissions",
                f"Others on this machine can read {folder}.",
                "What you keep is for you alone.",
                f"chmod -R go= {folder}",
            )
        )
    if not may_use_sound:
        found.append(
            to_mend(
                "Permissions",
                "This account may not use the sound devices.",
                "I could neither hear nor speak.",
                'sudo usermod -aG audio "$USER", then log in again',
            )
        )
    return found or [well("Permissions", "The journal is for you alone, and can be written.")]


@dataclass(frozen=True, slots=True)
class Unit:
    """A systemd unit, as `systemctl show` tells of it.

    Attributes:
        active: Such as "active", "inactive" or "failed".
        enabled: Such as "enabled" or "disabled".
    """

    active: str
    enabled: str


def unit(shown: str) -> Unit | None:
    """Return what `systemctl show --property LoadState,ActiveState,UnitFileState` says."""
    told = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    if told.get("LoadState") != "loaded":
        return None
    return Unit(told.get("ActiveState", ""), told.get("UnitFileState", ""))


def service(system: Unit | None, user: Unit | None) -> Finding:
    """Judge the service that starts with the machine, or with the person's session."""
    found, flag = (system, "") if system else (user, "--user ")
    control = f"systemctl {flag}" if flag else "sudo systemctl "
    if found is None:
        return note("Service", "None is set up, so I listen while you run me. That is fine.")
    if found.active == "failed":
        return to_mend(
            "Service",
            "It has failed.",
            "Nobody listens until it runs again.",
            f"journalctl {flag}-u voice-glimmer -n 50, then {control}restart voice-glimmer",
        )
    if found.active not in {"active", "activating", "reloading"}:
        return to_mend(
            "Service",
            "It is set up, but does not run.",
            "Nobody listens until it does.",
            f"{control}start voice-glimmer",
        )
    if found.enabled not in {"enabled", "enabled-runtime", "static", "linked"}:
        return note(
            "Service",
            "It runs, but will not start by itself.",
            "After a power cut nobody would listen.",
            f"{control}enable voice-glimmer",
        )
    return well("Service", "It runs, and starts by itself.")


UNDER_VOLTAGE = 0x1
SLOWED = 0x2 | 0x4 | 0x8
SINCE_START = 16
"""Throttling is a number of bits: what is so now, and 16 higher what has been so
since the start (https://www.raspberrypi.com/documentation/computers/os.html#get_throttled)."""


def throttled(told: str) -> int | None:
    """Return the bits of throttling, from their hexadecimal digits; None where there are none."""
    try:
        return int(told, 16)
    except ValueError:
        return None


def heat(celsius: float | None, bits: int | None) -> Finding:
    """Judge a Raspberry Pi by its temperature in degrees Celsius and its bits of throttling.

    Both are None where they are not told.
    """
    degrees = "" if celsius is None else f" It is {celsius:.0f} °C warm."
    now = bits or 0
    ever = now | now >> SINCE_START
    if ever & UNDER_VOLTAGE:
        return to_mend(
            "Power",
            f"The Raspberry Pi gets too little voltage, or did since its start.{degrees}",
            "It slows down then, and may damage what it writes.",
            "use the power supply of Raspberry Pi itself, and a short cable",
        )
    if now & SLOWED or (celsius is not None and celsius >= HOT):
        return to_mend(
            "Temperature",
            f"The Raspberry Pi slows down, as it is too hot.{degrees}",
            "I answer late then, and sound may get lost.",
            "give it air: open its case, or use a fan",
        )
    if ever & SLOWED:
        return note("Temperature", f"The Raspberry Pi was too hot for a while.{degrees}")
    if bits is None:
        return note("Power", f"The Raspberry Pi does not say whether it has enough.{degrees}")
    return well("Temperature", f"The Raspberry Pi is not too hot.{degrees}")


def backups(
    folder: Path | None, newest: datetime | None, now: datetime, *, has_journal: bool
) -> Finding:
    """Judge the backups.

    Args:
        folder: Where they are; None where none are wanted.
        newest: When the newest was made; aware, None where there is none.
        now: The time; aware.
        has_journal: Whether there is something to copy.
    """
    if folder is None:
        return note(
            "Backups",
            "You have none.",
            "A disk can break. On another, such as a mounted share, I make a copy every night.",
            "voice-glimmer settings set backups FOLDER",
        )
    if newest is None:
        if not has_journal:
            return well("Backups", "There is nothing to copy yet.")
        return to_mend(
            "Backups",
            f"There is none in {folder} yet.",
            "A disk can break.",
            "voice-glimmer backup",
        )
    days = (now - newest).days
    if days < 2:
        return well("Backups", "The newest is of today or yesterday.")
    return to_mend(
        "Backups",
        f"The newest is {days} days old.",
        "What you kept since then is only on this disk. Perhaps the share is not mounted.",
        "voice-glimmer backup",
    )
