"""The program while it waits for its wake phrase: the loop itself, in a house where nobody is."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

from voice_glimmer.cli import beginning
from voice_glimmer.clock import Certain
from voice_glimmer.conversation import language
from voice_glimmer.conversation.inviting import NEVER, Standing
from voice_glimmer.hearing.dictation import Limits
from voice_glimmer.hearing.ear import Ears
from voice_glimmer.loop import Loop
from voice_glimmer.settings import DEFAULT_SENSITIVITY, Settings

if TYPE_CHECKING:
    from voice_glimmer.hearing.ear import Heard
    from voice_glimmer.hearing.frames import Frame
    from voice_glimmer.hearing.models import Model

LIMITS = Limits(
    Settings.model_fields["pause"].default,
    beginning.PATIENCE_SECONDS,
    beginning.LONGEST_SECONDS,
    beginning.QUICK_PAUSE_SECONDS,
)
"""How long the program waits in a dictation, as shipped."""


class Unmoved(Ears):
    """Ears that hear a wake phrase as ever, and go on waiting.

    Attributes:
        woken: How often they would have woken.
    """

    woken = 0

    def feed(self, frame: Frame) -> list[Heard]:
        """Hear a frame, and tell nobody."""
        self.woken += len(super().feed(frame))
        return []


class Nobody:
    """Stands where all but ears are: says, keeps and sees nothing."""

    quiet_at = float("-inf")
    lasts = False
    standing = Standing()
    has_to_tell = False

    def happened(self, event: object) -> None:
        """See nothing."""

    def did(self, action: object, text: str, *, spoken: bool) -> None:
        """See nothing."""

    def say(self, text: str) -> bool:  # noqa: ARG002
        """Say nothing."""
        return True

    def go_on(self) -> bool:
        """Have nothing to say."""
        return True

    def note(self, *_present: object, **_lasts: object) -> None:
        """Never sleep, and be seen by nobody."""

    def said(self) -> str:
        """Return nothing."""
        return ""

    def end(self) -> None:
        """Keep nothing."""

    def rest(self, now: datetime | None = None) -> None:
        """Have nothing to do meanwhile."""


def loop(model: Model, phrase: str) -> tuple[Loop, Unmoved]:
    """Return the program's loop with its health watching, and its ears.

    Raises:
        Fault: The model lacks a word of the phrase.
    """
    english = language.load("en")
    ears = Unmoved(model, english, [phrase], LIMITS, sensitivity=DEFAULT_SENSITIVITY)
    nobody: Any = Nobody()
    made = Loop(
        ears=ears,
        mouth=nobody,
        journal=nobody,
        spool=nobody,
        prompts=nobody,
        sleep=nobody,
        presence=nobody,
        nightly=nobody,
        invitations=nobody,
        plan=NEVER,
        language=english,
        clock=Certain(lambda: datetime(2026, 1, 1, tzinfo=UTC)),
        random=Random(1),  # noqa: S311
        watcher=nobody,
    )
    return made, ears
