"""`voice-glimmer listen`: the real loop on a microphone and a loudspeaker."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from voice_glimmer.appliance.service import extended, leave_in_time, notifier
from voice_glimmer.cli.display import Display
from voice_glimmer.cli.fittings import Watchers, fitted
from voice_glimmer.cli.journal import clock_of
from voice_glimmer.cli.parts import assembled
from voice_glimmer.hearing.models import BUNDLED
from voice_glimmer.journal.opening import DATABASE
from voice_glimmer.note import Note
from voice_glimmer.settings import prompts_file, settings_file
from voice_glimmer.speaking.player import Loudspeaker

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from voice_glimmer.cli.beginning import Beginning
    from voice_glimmer.clock import Clock
    from voice_glimmer.hearing.frames import Microphone
    from voice_glimmer.journal.glimmers import Journal
    from voice_glimmer.loop import Loop
    from voice_glimmer.settings import Settings
    from voice_glimmer.turns import Watcher

BETTER_MODEL = (
    "This speech model came with me, is small, and may mishear you. A better one is 40 MB: "
    "voice-glimmer model get small-en-us"
)


def listen(
    settings: Settings,
    console: Console,
    microphone: Microphone,
    begun: Beginning,
) -> None:
    """Listen until the person presses Ctrl-C or the service is told to end.

    Args:
        settings: The person's.
        console: Where it is shown.
        microphone: What hears.
        begun: What was begun already.

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
            note=lambda said: display.note("Voice", said),
            progress=display.preparing,
            own_prompts=prompts_file(settings.language),
            begun=begun,
        ) as parts,
    ):
        display.note("Model", f"{parts.model_path.name} in {parts.model_path.parent}")
        if better_model_is_news(settings, parts.model_path):
            display.note("Please note", BETTER_MODEL)
        display.note("Journal", str(settings.journal))
        if _recovered(parts.loop):
            display.note("Kept", "I was interrupted last time. I have kept what you had said.")

        def leave(*_: object) -> None:
            # Whatever the loop is writing just then, it finishes.
            microphone.leave()
            leave_in_time(os.environ)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, leave)
        display.start(asleep=parts.loop.asleep)
        with fitted(settings, microphone, loudspeaker, parts.loop.spare, display.note) as fittings:
            watchers += fittings.watchers
            parts.loop.run(fittings.around(microphone.frames()))
    console.print("Goodbye.")


def _recovered(loop: Loop) -> int:
    """Keep what was left from the last time; as a service, however long that takes."""
    if not (manager := notifier(os.environ)):
        return loop.recover()
    with closing(manager):
        return loop.recover(partial(extended, manager))


def greet(settings: Settings, console: Console) -> None:
    """Tell once, at a terminal, that there is a welcome: before anything is set or kept."""
    new = not settings_file().exists() and not (settings.journal / DATABASE).exists()
    if new and console.is_terminal:
        console.print("New here? voice-glimmer welcome sets me up with you.", highlight=False)


def better_model_is_news(settings: Settings, used: Path) -> bool:
    """Tell, once for each journal, that the bundled model is in use and nobody chose it."""
    told = Note(settings.journal / "better-model.json", bool, nothing=False)
    if used != BUNDLED or settings.model is not None or told.read():
        return False
    told.write(value=True)
    return True
