"""`voice-glimmer talk`: the same conversation, typed."""

from __future__ import annotations

import time
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

from rich.markup import escape

from voice_glimmer.cli.journal import clock_of, place_of
from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation import language
from voice_glimmer.journal.glimmers import Journal
from voice_glimmer.settings import prompts_file
from voice_glimmer.speaking.prompting import Prompting
from voice_glimmer.turns import Turns, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console

    from voice_glimmer.clock import Certain, Clock
    from voice_glimmer.conversation.sentences import Kind
    from voice_glimmer.settings import Settings
    from voice_glimmer.speaking.sound import Sound


class Typist:
    """Hears by reading: turns a line into the events that its words, spoken, would be.

    Args:
        phrases: The wake phrases.
        clock: Knows the local time, or reckons it.

    Attributes:
        ear: What is listened for.
        phrases: The wake phrases.
    """

    def __init__(self, phrases: Sequence[str], clock: Clock | Certain) -> None:
        self.phrases = phrases
        self._clock = clock
        self.ear = do.Ear.WAKE

    def listen(self, ear: do.Ear, saying: str = "") -> None:  # noqa: ARG002 - there is no echo
        """Listen for this from now on."""
        self.ear = ear

    def woken_by(self, line: str) -> tuple[str, str]:
        """Return the wake phrase that a line begins with, or "", and the rest of it."""
        text = spoken(line)
        for phrase in self.phrases:
            if f"{text} ".startswith(f"{phrase} "):
                return phrase, text[len(phrase) :].strip()
        return "", text

    def heard(self, text: str) -> ev.Event:
        """Return what these words are to whoever listens now; none are silence."""
        if not text:
            return ev.FellSilent()
        if self.ear is do.Ear.OPEN:
            words = tuple(ev.Word(word, 0.0, 0.0, 1.0) for word in text.split())
            now = self._clock.now()
            reckoning = self._clock.reckoning(now)
            return ev.Spoke(ev.Draft(text, words, now, "", 0.0, reckoning=reckoning))
        return ev.Answered(text)


class Page:
    """Speaks by writing, and shows what was kept.

    Args:
        console: Where it writes.
        typed: What the person is told that they can type, by the name of an ear.
    """

    def __init__(self, console: Console, typed: Mapping[str, str]) -> None:
        self._console = console
        self._typed = typed

    def chime(self, name: str) -> None:
        """Stay silent."""

    def say(self, text: str) -> bool:  # noqa: ARG002 - what is said comes back to `did`
        """Have it written by `did`."""
        return True

    quote = say

    def replay(self, sound: Sound) -> bool:  # noqa: ARG002
        """Have the words written by `did` instead."""
        return True

    def breathe(self, inhale: str, exhale: str) -> bool:  # noqa: ARG002
        """Have the words written by `did`."""
        return True

    def adjust(self, how: Kind) -> bool:  # noqa: ARG002
        """Leave it to the reader."""
        return True

    def hush(self) -> None:
        """Have nothing to take back."""

    def said(self) -> str:
        """Return nothing: it cannot be mistaken for the person."""
        return ""

    def happened(self, event: ev.Event) -> None:
        """See an event."""

    def did(self, action: do.Action, text: str, *, spoken: bool) -> None:  # noqa: ARG002
        """Write what was said."""
        match action:
            case do.Quote() | do.Replay():
                self._line(f"[green]{escape(text)}[/]")
            case _ if text:
                self._line(f"[cyan]{escape(text)}[/]")
            case _:
                pass

    def awaits(self, ear: do.Ear) -> None:
        """Write what can be typed."""
        self._line(f"[dim]{self._typed[ear.name.lower()]}[/]")

    def _line(self, text: str) -> None:
        self._console.print(text, highlight=False, soft_wrap=True)


class NoVoices:
    """What is typed has no voice."""

    def voice(self, name: str) -> bytes:  # noqa: ARG002
        """Return nothing."""
        return b""

    def discard(self, name: str) -> None:
        """Have nothing to remove."""


def take(turns: Turns, typist: Typist, line: str, at: float) -> None:
    """Take a line, as if it had been said at that moment, in monotonic seconds.

    Nobody has to type the wake phrase.
    """
    turns.happen(ev.Tick(at))
    phrase, text = typist.woken_by(line)
    if phrase or (text and typist.ear is do.Ear.WAKE):
        turns.happen(ev.Woke(phrase or typist.phrases[0]))
    if typist.ear is not do.Ear.WAKE:
        turns.happen(typist.heard(text))


def spoken(line: str) -> str:
    """Return a typed line as it would be heard: in lower case, without marks, single-spaced."""
    straight = line.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join("".join(m if m.isalnum() or m == "'" else " " for m in straight).split())


def talk(settings: Settings, lines: Iterable[str], console: Console) -> None:
    """Talk until there are no more lines; what is half said then is kept.

    Args:
        settings: Where the journal is, and the language.
        lines: What the person types.
        console: Where the program writes.

    Raises:
        Fault: The journal cannot be opened.
    """
    random = Random()  # noqa: S311
    words = language.load(settings.language)
    page = Page(console, words.typed)
    with closing(Journal(place_of(settings))) as journal:
        clock = clock_of(journal)
        typist = Typist(settings.wake_phrases, clock)
        turns = Turns(
            listener=typist,
            speaker=page,
            journal=journal,
            drafts=NoVoices(),
            prompts=Prompting(
                settings.language,
                settings.journal,
                lambda: moment(journal, clock),
                random,
                prompts_file(settings.language),
            ),
            language=words,
            now=clock.now,
            random=random,
            watcher=page,
        )
        page.awaits(typist.ear)
        for line in lines:
            before = typist.ear
            take(turns, typist, line, time.monotonic())
            if typist.ear is not before:
                page.awaits(typist.ear)
        turns.leaving = True
        turns.happen(ev.Leaving())


def typed(console: Console) -> Iterator[str]:
    """Yield what is typed, line by line, until Ctrl-D or Ctrl-C."""
    while True:
        try:
            yield console.input("> ")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
