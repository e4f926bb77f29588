"""`voice-glimmer listen`: the real loop on a microphone and a loudspeaker."""

from __future__ import annotations

import logging
import os
import signal
import sys
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

from voice_glimmer.cli.display import Display
from voice_glimmer.cli.journal import clock_of
from voice_glimmer.cli.parts import assembled
from voice_glimmer.journal.opening import DATABASE
from voice_glimmer.settings import settings_file
from voice_glimmer.speaking.player import Loudspeaker

if TYPE_CHECKING:
    from rich.console import Console

    from voice_glimmer.clock import Clock
    from voice_glimmer.hearing.frames import Microphone
    from voice_glimmer.journal.glimmers import Journal
    from voice_glimmer.settings import Settings


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
            display,
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
        parts.loop.run(microphone.frames())
    console.print("Goodbye.")


def greet(settings: Settings, console: Console) -> None:
    """Tell once, at a terminal, that there is a welcome: before anything is set or kept."""
    new = not settings_file().exists() and not (settings.journal / DATABASE).exists()
    if new and console.is_terminal:
        console.print("New here? voice-glimmer welcome sets me up with you.", highlight=False)


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
