"""The terminal: calmly, what state it is in, the words as they are heard, and what was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status


LISTENING = {
    do.Ear.WAKE: 'Resting. Say "{phrase}" when you like.',
    do.Ear.OPEN: "Listening.",
    do.Ear.ANSWER: "Listening: yes, no, or try again.",
    do.Ear.GAP: 'Reading. Between two glimmers: "next", "again", "stop", and more.',
    do.Ear.WAKE_UP: 'Asleep. "Wake up" ends it.',
}
ASLEEP = 'Asleep. Say "{phrase}", then "wake up".'

BAR = 20
"""Characters of a progress bar."""

AILING = {
    ev.Ailment.DEAD: "I hear nothing at all from it. Is it muted?",
    ev.Ailment.TOO_LOUD: "It is too loud, and words get lost. Please turn it down.",
    ev.Ailment.TOO_QUIET: "Voices reach it only faintly. Please come closer, or turn it up.",
    ev.Ailment.LOSING: "Bits of sound are lost. Is this machine too busy?",
}


class Display:
    """Shows a conversation as it happens. On a terminal the last line is alive; piped, it is not.

    Args:
        console: Where to show it.
        phrase: The wake phrase.
    """

    def __init__(self, console: Console, phrase: str) -> None:
        self._console = console
        self._phrase = phrase
        self._status: Status | None = None
        self._ear: do.Ear | None = None
        self._resting = ""

    def happened(self, event: ev.Event) -> None:
        """Show what was heard and what became of it."""
        match event:
            case ev.Woke(phrase=phrase):
                self._line("[bold]You[/]", phrase)
            case ev.Partial(text=text):
                self._alive(f"Listening: {text}")
            case ev.Spoke(draft=draft):
                self._line("[bold]You[/]", draft.text)
            case ev.Answered(text=text):
                self._line("[bold]You[/]", text or "(not understood)")
            case ev.Interrupted(text=text):
                self._line("[bold]You, interrupting[/]", text)
            case ev.Saved():
                self._line("[green]Kept[/]", event.draft.text)
            case ev.SaveFailed():
                self._line("[yellow]Not written yet[/]", "It is safe in the spool. I will retry.")
            case _:
                self._microphone(event)

    def did(self, action: do.Action, text: str, *, spoken: bool) -> None:
        """Show what was said and what is listened for now."""
        match action:
            case do.Chime(name=name):
                self._line("[dim]Chime[/]", name)
            case do.Invite() | do.Say() | do.Quote() | do.Replay() | do.Breathe():
                self._line("[cyan]Glimmer[/]", text)
                if not spoken:
                    self._line("[yellow]Voice[/]", "I could not say this aloud. Please read it.")
            case do.Listen(ear=ear, asleep=asleep):
                words = ASLEEP if asleep else LISTENING[ear]
                said = self._resting = words.format(phrase=self._phrase)
                if ear is do.Ear.WAKE and self._ear is not ear:
                    self._line("[dim]Now[/]", said)
                self._ear = ear
                self._alive(said)
            case _:
                pass

    def note(self, label: str, text: str) -> None:
        """Show a line of our own."""
        self._line(f"[dim]{label}[/]", text)

    def preparing(self, done: int, total: int) -> None:
        """Show how much of what it says often the voice has rendered, on a living last line."""
        if self._ear is do.Ear.WAKE:
            bar = "━" * (BAR * done // total)
            left = "" if done == total else f" Preparing my voice: {bar:┄<{BAR}}"
            self._alive(self._resting + left)

    def start(self, *, asleep: bool) -> None:
        """Show that listening begins."""
        self.did(do.Listen(do.Ear.WAKE, asleep=asleep), "", spoken=True)

    def close(self) -> None:
        """Leave the last line as it is."""
        if self._status is not None:
            self._status.stop()

    def _microphone(self, event: ev.Event) -> None:
        match event:
            case ev.MicrophoneLost():
                self._line("[yellow]Microphone[/]", "I cannot hear it any more. Is it plugged in?")
            case ev.MicrophoneAiling(ailment=ailment):
                self._line("[yellow]Microphone[/]", AILING[ailment])
            case ev.MicrophoneBack():
                self._line("[green]Microphone[/]", "It is back. I am listening again.")
            case ev.Muted():
                self._line("[yellow]Microphone[/]", "You have switched it off. I hear nothing.")
            case ev.Unmuted():
                self._line("[green]Microphone[/]", "It is on again. I am listening.")
            case ev.MicrophoneWell():
                self._line("[green]Microphone[/]", "It is well again.")
            case _:
                pass

    def _line(self, label: str, text: str) -> None:
        self._console.print(f"{label}: {escape(text)}", highlight=False, soft_wrap=True)

    def _alive(self, text: str) -> None:
        if not self._console.is_terminal:
            return
        if self._status is None:
            self._status = self._console.status("", spinner="line", refresh_per_second=2)
            self._status.start()
        self._status.update(escape(text))
