"""What is observed of the machine itself. It loads none of the libraries that it asks about."""

from __future__ import annotations

import importlib.metadata
import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from voice_glimmer.appliance import doctor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_glimmer.appliance.doctor import Finding, Unit

UNIT = "voice-glimmer.service"
ANSWER_SECONDS = 5.0
"""How long another program may take to answer."""

SOUND_DEVICES = Path("/dev/snd")
BOARD = Path("/proc/device-tree/model")
THERMAL = Path("/sys/class/thermal")
PLATFORM = Path("/sys/devices/platform")

log = logging.getLogger(__name__)


def basics() -> Iterator[Finding]:
    """Yield what is found of Python and the libraries."""
    yield doctor.python(sys.version_info[:3])
    yield doctor.libraries(_missing_libraries())


def findings(journal: Path, *, seen_by_others: bool) -> Iterator[Finding]:
    """Yield what is found of the disk, of permissions and of the service.

    Args:
        journal: The journal's folder, which need not be there.
        seen_by_others: Whether others may read it.
    """
    around = (journal, *journal.absolute().parents)
    there = next(each for each in around if os.access(each, os.F_OK))
    yield doctor.disk(shutil.disk_usage(there).free, journal)
    yield from doctor.permissions(
        journal,
        writable=os.access(there, os.W_OK),
        seen_by_others=seen_by_others,
        may_use_sound=_may_use_sound(),
    )
    yield doctor.service(_unit(), _unit("--user"))
    if "Raspberry Pi" in _text(BOARD):
        yield doctor.heat(celsius(), throttled())


def throttled(platform: Path = PLATFORM) -> int | None:
    """Return a Raspberry Pi's bits of throttling; None where its firmware does not tell them.

    It is what `vcgencmd get_throttled` asks for, which the service's account may not.
    """
    for told in platform.glob("soc*/soc*:firmware/get_throttled"):
        return doctor.throttled(_text(told))
    return None


def celsius(thermal: Path = THERMAL) -> float | None:
    """Return how warm the machine is, where it is warmest; None where that is not told."""
    zones = [_text(path).strip() for path in thermal.glob("thermal_zone*/temp")]
    degrees = (int(each) / 1000 for each in zones if re.fullmatch(r"-?\d+", each))
    return max(degrees, default=None)


def logged() -> list[str]:
    """Return the newest lines that the service has printed and logged; none where there is none."""
    lines: list[str] = []
    for flags in ([], ["--user"]):
        told = _told("journalctl", *flags, "-u", UNIT, "-n", "500", "-o", "cat", "--no-pager")
        lines += told.splitlines()
    return lines


def _missing_libraries() -> list[str]:
    needed = importlib.metadata.requires("voice-glimmer") or []
    names = [re.split(r"[^\w.-]", each)[0] for each in needed if "extra ==" not in each]
    return [name for name in names if not any(importlib.metadata.distributions(name=name))]


def _may_use_sound() -> bool:
    controls = list(SOUND_DEVICES.glob("controlC*"))
    return not controls or any(os.access(each, os.R_OK | os.W_OK) for each in controls)


def _unit(*flags: str) -> Unit | None:
    wanted = "LoadState,ActiveState,UnitFileState"
    return doctor.unit(_told("systemctl", *flags, "show", UNIT, f"--property={wanted}"))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _told(*command: str) -> str:
    """Return what a program prints; nothing where it is not there, or does not answer."""
    try:
        done = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.info("%s does not answer: %s", command[0], error)
        return ""
    return done.stdout
