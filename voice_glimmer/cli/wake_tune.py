"""`voice-glimmer wake tune`: fits gain and sensitivity to a person and their kitchen, by voice."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import ExitStack, closing, contextmanager
from enum import Enum
from typing import TYPE_CHECKING

from voice_glimmer.cli import tuning_words as words
from voice_glimmer.cli.beginning import speech_model
from voice_glimmer.cli.display import Display
from voice_glimmer.conversation import actions as do
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import RATE, Microphone, Outage
from voice_glimmer.hearing.takes import OVER, Gathering, Progress
from voice_glimmer.hearing.tuning import Spotting, Trouble, findings, tuned
from voice_glimmer.journal.spool import Spool
from voice_glimmer.loop import LOST_SECONDS
from voice_glimmer.settings import (
    DEFAULT_SENSITIVITY,
    Settings,
    cache_folder,
    overriding,
    settings_file,
)
from voice_glimmer.speaking import prompts
from voice_glimmer.speaking.manner import Manner
from voice_glimmer.speaking.mouth import Mouth
from voice_glimmer.speaking.player import Loudspeaker
from voice_glimmer.speaking.rendered import Rendered
from voice_glimmer.tuned import KEYS, Tuned, told
from voice_glimmer.voicing import ready, started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import Console

    from voice_glimmer.hearing.frames import Frame
    from voice_glimmer.hearing.tuning import Findings, Tuning

log = logging.getLogger(__name__)


class Lost(Enum):
    """What has gone away meanwhile, and what is said of that."""

    MICROPHONE = words.LOST
    LOUDSPEAKER = words.SILENT


class Session:
    """What is said, heard and set, from the welcome to the report.

    Args:
        settings: The person's settings.
        phrase: The wake phrase that is tuned.
        spotting: What hears it.
        mouth: What speaks.
        silenced: Tells whether nobody can hear it any more.
        display: Where the same is shown.
        file: Where the outcome is written.

    Attributes:
        saved: Whether something was written.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        phrase: str,
        spotting: Spotting,
        mouth: Mouth,
        silenced: Callable[[], bool],
        display: Display,
        file: Tuned,
    ) -> None:
        self._settings = settings
        self._phrase = phrase
        self._spotting = spotting
        self._gathering = Gathering(spotting.take)
        self._mouth = mouth
        self._silenced = silenced
        self._display = display
        self._file = file
        self.saved = False

    def run(self, source: Iterable[Frame | Outage]) -> bool:
        """Hold the conversation over these frames; return whether the tuning succeeded."""
        frames = iter(source)
        self._say(words.WELCOME)
        succeeded, said = self._outcome(self._gathered(frames))
        self._say(said)
        for heard in frames:
            self._mouth.go_on()
            if (heard.at if isinstance(heard, Outage) else heard.end) > self._mouth.quiet_at:
                break
        return succeeded

    def _gathered(self, frames: Iterator[Frame | Outage]) -> Progress | Lost:
        """Return how the gathering ended, or what was lost before it did."""
        for heard in frames:
            self._mouth.go_on()
            if self._silenced():
                return Lost.LOUDSPEAKER
            if isinstance(heard, Outage):
                if heard.lasting >= LOST_SECONDS:
                    break
            elif heard.end > self._mouth.quiet_at:
                progress = self._gathering.feed(heard)
                if progress in OVER:
                    return progress
                if progress:
                    self._go_on(progress)
        return Lost.MICROPHONE

    def _go_on(self, progress: Progress) -> None:
        match progress:
            case Progress.KITCHEN:
                self._say(words.invitation(self._phrase))
            case Progress.TAKE:
                self._say(words.counted(len(self._gathering.takes)))
            case _:
                self._say(words.AGAIN[progress])
        self._mouth.chime("woke")
        self._display.did(do.Chime("woke"), "", spoken=True)

    def _outcome(self, ended: Progress | Lost) -> tuple[bool, str]:
        """Return whether something suits, and what is to be said."""
        if isinstance(ended, Lost):
            log.warning("the %s was lost while tuning", ended.name.lower())
            return False, ended.value
        if ended is Progress.DEAD:
            log.warning("the microphone ails while tuning: dead")
            return False, words.DEAD
        kitchen, takes = self._gathering.kitchen, self._gathering.takes
        if ended is Progress.GIVEN_UP or kitchen is None:
            return self._trouble(self._gathering.trouble())
        self._say(words.counted(len(takes)))
        found = findings(kitchen, [take.phrase for take in takes])
        self._display.note("Levels", words.levels(found))
        tuning = tuned(
            found,
            kitchen,
            takes,
            self._spotting.wakes,
            gain=self._settings.gain,
            default=DEFAULT_SENSITIVITY,
        )
        return self._trouble(tuning) if isinstance(tuning, Trouble) else self._set(found, tuning)

    def _trouble(self, why: Trouble) -> tuple[bool, str]:
        log.info("tuning changed nothing: %s", why.value)
        return False, words.trouble(why, self._phrase)

    def _set(self, found: Findings, tuning: Tuning) -> tuple[bool, str]:
        """Write what suits; return whether that could be done, and what is to be said."""
        log.info("%s, %s", found, tuning)
        before = {"gain": self._settings.gain, "sensitivity": self._settings.sensitivity}
        after = {"gain": tuning.gain, "sensitivity": tuning.sensitivity}
        changes = {key: str(value) for key, value in after.items() if value != before[key]}
        if changes:
            try:
                with _uninterrupted():
                    self._file.save(changes)
                    self.saved = True
            except Fault as fault:
                log.error("tuning changed nothing: %s", fault)
                self._display.note("Settings", str(fault))
                return False, fault.aloud
            set_ = ", ".join(f"{key} = {value}" for key, value in changes.items())
            self._display.note("Set", f"{set_} in {settings_file()}")
            self._display.note("To undo", words.UNDO)
        report = words.report(
            found,
            tuning,
            **before,
            missed=len(self._gathering.missed),
            overriding=overriding(KEYS, os.environ) if changes else [],
        )
        return True, report

    def _say(self, text: str) -> None:
        spoken = self._mouth.say(text)
        self._display.did(do.Say(text), prompts.plain(text), spoken=spoken)


def tune(settings: Settings, phrase: str | None, console: Console) -> bool:
    """Hold the conversation on real devices; return whether the tuning succeeded.

    Raises:
        Fault: Something is missing or cannot be used.
    """
    phrase = chosen(settings.wake_phrases, phrase)
    file = Tuned(settings_file())
    file.check()
    session: Session | None = None
    try:
        with ExitStack() as open_things:
            # As `listen` holds it: two that listen would answer each other's chimes.
            open_things.enter_context(closing(Spool(settings.journal, RATE)))
            microphone = open_things.enter_context(closing(Microphone(settings.input)))
            loudspeaker = open_things.enter_context(
                closing(Loudspeaker(settings.output, settings.lead_in))
            )
            begun = open_things.enter_context(closing(started(settings)))
            display = open_things.enter_context(closing(Display(console, phrase)))
            path, model = speech_model(settings)
            voice = open_things.enter_context(
                closing(ready(begun, settings, lambda said: display.note("Voice", said)))
            )
            display.note("Model", f"{path.name} in {path.parent}")
            display.note("Tuning", f'"{phrase}"')
            for name in overriding(KEYS, os.environ):
                display.note("Please note", f"{name} is set, and wins over what I will set.")
            session = Session(
                settings=settings,
                phrase=phrase,
                spotting=Spotting(model, settings.wake_phrases, phrase),
                mouth=Mouth(
                    Rendered(voice, cache_folder() / "speech", ()),
                    loudspeaker,
                    Manner(volume=settings.max_volume),
                ),
                silenced=lambda: loudspeaker.away,
                display=display,
                file=file,
            )
            return session.run(microphone.frames())
    except KeyboardInterrupt:
        saved = session is not None and session.saved
        console.print(f"\nI stop here. {'What I set stays.' if saved else words.UNCHANGED}")
        return saved


def undo(console: Console) -> None:
    """Bring back what stood in the settings file before the last tuning.

    Raises:
        Fault: It cannot be done, or would trample what was changed by hand since.
    """
    before = Tuned(settings_file()).undo()
    if before is None:
        said = "There is nothing to undo."
    else:
        said = f"It is as it was before the tuning: {told(before)}."
    console.print(said, soft_wrap=True, markup=False, highlight=False)


def chosen(phrases: Sequence[str], phrase: str | None) -> str:
    """Return the phrase to tune: the first, or the one that was asked for.

    Raises:
        Fault: It is none of the wake phrases.
    """
    if phrase is None:
        return phrases[0]
    said = " ".join(phrase.lower().split())
    if said not in phrases:
        known = ", ".join(f'"{each}"' for each in phrases)
        raise Fault(f'"{phrase}" is none of the wake phrases in your settings: {known}.')
    return said


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C off for a moment: the file and what is remembered of it belong together."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
