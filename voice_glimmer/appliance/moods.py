"""What a light shows: from what is happening to one of five moods."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Mood(StrEnum):
    """What it is doing. Asleep counts as resting: muted promises that the microphone is closed."""

    RESTING = "resting"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Doing:
    """What is known of it.

    Attributes:
        listening: Whether more than the wake phrase is listened to, or will be.
        thinking: Whether something was said that is not answered yet.
    """

    listening: bool = False
    thinking: bool = False

    def after(self, now: ev.Event | do.Action) -> Doing:
        """Return what is known after this (pure)."""
        match now:
            case ev.Woke():
                return replace(self, listening=True)
            case ev.Spoke() | ev.Answered():
                return replace(self, thinking=True)
            case do.Listen(ear=ear):
                return replace(self, listening=ear is not do.Ear.WAKE, thinking=False)
            case do.Invite() | do.Say() | do.Quote() | do.Replay() | do.Breathe():
                return replace(self, thinking=False)
            case _:
                return self

    def mood(self, *, speaking: bool, muted: bool) -> Mood:
        """Return what to show (pure).

        Args:
            speaking: Whether the loudspeaker has something to say.
            muted: Whether the person has switched the microphone off.
        """
        if muted:
            return Mood.MUTED
        if self.thinking:
            return Mood.THINKING
        if speaking:
            return Mood.SPEAKING
        return Mood.LISTENING if self.listening else Mood.RESTING


class Moods:
    """A watcher that tells of every change of mood.

    Whether the microphone is off is asked, and learnt from no event: those come from a loop that
    may be busy for a while with what was said before.

    Args:
        speaking: Returns whether the loudspeaker has something to say.
        muted: Returns whether the person has switched the microphone off.
        told: What is told of each mood, perhaps from another thread.
    """

    def __init__(
        self,
        speaking: Callable[[], bool],
        muted: Callable[[], bool],
        told: Sequence[Callable[[Mood], None]],
    ) -> None:
        self._speaking = speaking
        self._muted = muted
        self._told = told
        self._turns = threading.Lock()
        self._doing = Doing()
        self._mood: Mood | None = None

    def happened(self, event: ev.Event) -> None:
        """See what that changes."""
        self._see(event)

    def did(self, action: do.Action, text: str, *, spoken: bool) -> None:  # noqa: ARG002
        """See what that changes; what was said is passed on to nobody."""
        self._see(action)

    def look(self) -> None:
        """See whether that has changed by itself; may be called from another thread."""
        with self._turns:
            mood = self._doing.mood(speaking=self._speaking(), muted=self._muted())
            if mood is not self._mood:
                self._mood = mood
                for tell in self._told:
                    tell(mood)

    def _see(self, now: ev.Event | do.Action) -> None:
        self._doing = self._doing.after(now)
        self.look()
