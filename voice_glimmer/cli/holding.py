"""A service that cannot begin waits, and ends only then: systemd starts a fresh process."""

from __future__ import annotations

import logging
import os
import signal
import time
import traceback
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from voice_glimmer.appliance import broadcast, service
from voice_glimmer.faults import Fault
from voice_glimmer.note import Note
from voice_glimmer.settings import Settings, load, settings_file

if TYPE_CHECKING:
    from collections.abc import Iterator

UNFORESEEN = "Something went wrong that I did not foresee."
SOUND_DEVICES = Path("/dev/snd")

ALOUD_SECONDS = 6.0
"""How long what is said aloud may take beyond the wait: less than the unit's watchdog allows."""

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
            held = _held(str(error) if isinstance(error, Fault) else UNFORESEEN)
            aloud = Thread(target=_say_that_it_cannot_listen, daemon=True)
            if held.is_news:
                aloud.start()
            look = partial(service.surroundings, SOUND_DEVICES, settings_file())
            service.hold(manager, held, look, time.sleep)
            if held.is_news:
                aloud.join(ALOUD_SECONDS)
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


def _say_that_it_cannot_listen() -> None:
    """Say so, for nobody sees a service's terminal; not why, which is full of paths."""
    from rich.console import Console  # noqa: PLC0415 - listening begins without all this

    from voice_glimmer.cli.aloud import heard, speaking  # noqa: PLC0415
    from voice_glimmer.conversation import language  # noqa: PLC0415
    from voice_glimmer.reciting import said  # noqa: PLC0415

    try:
        settings = load()
    except Fault:
        settings = Settings()
    try:
        with speaking(settings, datetime.now(UTC).astimezone()) as mouth:
            words = language.load(settings.language).say("cannot_listen")
            heard(said(words, mouth), mouth, Console(quiet=True))
    except Fault as fault:
        log.warning("it could not be said aloud: %s", fault)
    except Exception as error:
        log_unforeseen(error)
