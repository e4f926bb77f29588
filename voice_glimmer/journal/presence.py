"""Whether somebody listens in the kitchen just now, for programs that look on."""

from __future__ import annotations

import fcntl
import logging
import os
from enum import Enum
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from voice_glimmer.journal.places import Place

FILE = "presence"
_WIDTH = 16

log = logging.getLogger(__name__)


class Present(Enum):
    """What the program that listens is doing."""

    AWAY = "away"
    ASLEEP = "asleep"
    RESTING = "resting"
    LISTENING = "listening"
    MUTED = "muted"


class Presence:
    """Tells by a small file in a journal's folder what the program that listens is doing.

    It is locked as long as that program runs: with it, however it ends, the kernel ends the lock.
    """

    def __init__(self, journal: Path) -> None:
        self._path = journal / FILE
        self._file: int | None = None
        self._noted: Present | None = None

    def note(self, present: Present) -> None:
        """Note this from now on. What cannot be written is only not seen by others."""
        if present is self._noted:
            return
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Of one length and in one call, so that nobody reads half of it.
            os.pwrite(self._file, present.value.ljust(_WIDTH).encode(), 0)
        except BlockingIOError:
            return  # somebody is just looking; at the next note they are gone
        except OSError as error:
            log.warning("what is being done cannot be shown to others: %s", error)
        self._noted = present

    def close(self) -> None:
        """Be away."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def another_listens(journal: Place) -> Fault:
    """Return what to tell whoever would be the second to listen with this journal."""
    return Fault(
        f"Another Voice Glimmer already listens with the journal in {journal}. "
        "Please stop that one first, or choose another journal. "
        "The service is stopped by: sudo systemctl stop voice-glimmer"
    )


def must_be_alone(journal: Path, fault: Fault) -> None:
    """Where another listens, tell of that and not of a microphone that cannot be opened.

    That one holds it, and PortAudio then does not even list it.

    Raises:
        Fault: Another listens with the journal in this folder.
    """
    if present(journal) is not Present.AWAY:
        raise another_listens(journal) from fault


def present(journal: Path) -> Present:
    """Return what the program that listens with the journal in this folder is doing."""
    try:
        file = os.open(journal / FILE, os.O_RDONLY)
    except OSError:
        return Present.AWAY
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        try:
            return Present(os.pread(file, _WIDTH, 0).decode().strip())
        except ValueError:
            return Present.AWAY
    finally:
        os.close(file)
    return Present.AWAY
