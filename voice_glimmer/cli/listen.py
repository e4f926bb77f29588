"""`voice-glimmer listen`: the real loop on a microphone and a loudspeaker."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from voice_glimmer.appliance import broadcast, service
from voice_glimmer.cli.display import Display
from voice_glimmer.cli.fittings import Watchers, fitted
from voice_glimmer.cli.journal import clock_of
from voice_glimmer.cli.parts import assembled
from voice_glimmer.faults import Fault
from voice_glimmer.note import Note
from voice_glimmer.settings import settings_file
from voice_glimmer.speaking.player import Loudspeaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from voice_glimmer.clock import Clock
    from voice_glimmer.hearing.frames import Microphone
    from voice_glimmer.journal.glimmers import Journal
    from voice_glimmer.settings import Settings
    from voice_glimmer.turns import Watcher

SOUND_DEVICES = Path("/dev/snd")


def listen(settings: Settings, console: Console, microphone: Microphone) -> None:
    """Listen until the person presses Ctrl-C or the service is told to end.

    Raises:
        Fault: Something is missing or cannot be used.
    """

    def clock(journal: Journal) -> Clock:
        made = clock_of(journal)
        if not made.believed:
            display.note("Time", "I do not know the time yet. I put it right once I do.")
        return made

    display = Display(console, settings.wake_phrases[0])
    watchers: list[Watcher] = [display]
    with (
        closing(microphone),
        closing(
            Loudspeaker(settings.output, settings.lead_in, prompt=settings.barge_in)
        ) as loudspeaker,
        closing(display),
        assembled(
            settings,
            lambda: loudspeaker,
            clock,
            Watchers(watchers),
            Random(),  # noqa: S311
            progress=display.preparing,
        ) as parts,
    ):
        display.note("Model", f"{parts.model_path.name} in {parts.model_path.parent}")
        display.note("Journal", str(settings.journal))
        if parts.loop.recover():
            display.note("Kept", "I was interrupted last time. I have kept what you had said.")
        # Only a flag is set: whatever the loop is writing just then, it finishes.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: microphone.leave())
        display.start(asleep=parts.loop.asleep)
        with fitted(settings, microphone, loudspeaker, parts.loop.spare, display.note) as fittings:
            watchers += fittings.watchers
            parts.loop.run(fittings.around(microphone.frames()))
    console.print("Goodbye.")


@contextmanager
def held_as_service() -> Iterator[None]:
    """As a service, wait where listening cannot begin, and end only then.

    Raises:
        SystemExit: With 2, after the wait.
        Fault: At a terminal, at once.
    """
    try:
        yield
    except Fault as fault:
        if not (manager := service.notifier(os.environ)):
            raise
        # Whatever was to be put in order on the way out, is.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with closing(manager):
            look = partial(service.surroundings, SOUND_DEVICES, settings_file())
            service.hold(manager, _held(str(fault)), look, time.sleep)
        raise SystemExit(2) from fault


def _held(sentence: str) -> service.Held:
    """Return why listening cannot begin, and how long to wait; noted for the next start."""
    held = service.Held(sentence, time.monotonic())
    if folder := broadcast.folder(os.environ):
        folder.mkdir(mode=0o700, exist_ok=True)
        note = Note(folder / "held.json", service.Held, service.Held("", 0.0))
        held = held.after(note.read())
        note.write(held)
    return held


def hush_libraries() -> None:
    """Keep what ALSA and PortAudio print by themselves off the terminal, but for a bug report.

    Python's own stderr, and the log, stay as they are.
    """
    if logging.getLogger().isEnabledFor(logging.INFO):
        return
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
