"""A service that cannot begin waits, and ends only then: systemd starts a fresh process."""

from __future__ import annotations

import logging
import os
import signal
import time
import traceback
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from voice_glimmer.appliance import broadcast, service
from voice_glimmer.faults import Fault
from voice_glimmer.note import Note
from voice_glimmer.settings import settings_file

if TYPE_CHECKING:
    from collections.abc import Iterator

UNFORESEEN = "Something went wrong that I did not foresee."
SOUND_DEVICES = Path("/dev/snd")

log = logging.getLogger(__name__)


@contextmanager
def held_as_service() -> Iterator[None]:
    """As a service, wait where listening cannot begin, and end only then.

    Raises:
        SystemExit: With 2, after the wait.
        Exception: At a terminal, whatever ended it, at once.
    """
    try:
        yield
    except Exception as error:
        if not (manager := service.notifier(os.environ)):
            raise
        log_unforeseen(error)
        # Whatever was to be put in order on the way out, is.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with closing(manager):
            look = partial(service.surroundings, SOUND_DEVICES, settings_file())
            service.hold(
                manager,
                _held(str(error) if isinstance(error, Fault) else UNFORESEEN),
                look,
                time.sleep,
            )
        raise SystemExit(2) from error


def log_unforeseen(error: Exception) -> None:
    """Log where it was raised, without its message, which may have words in it that were said."""
    if not isinstance(error, Fault):
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s was not foreseen:\n%s", type(error).__name__, where)


def _held(sentence: str) -> service.Held:
    """Return why listening cannot begin, and how long to wait; noted for the next start."""
    held = service.Held(sentence, time.monotonic())
    if folder := broadcast.folder(os.environ):
        folder.mkdir(mode=0o700, exist_ok=True)
        note = Note(folder / "held.json", service.Held, service.Held("", 0.0))
        held = held.after(note.read())
        note.write(held)
    return held
