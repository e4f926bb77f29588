"""A home for a loop: a room without a sound card, real hearing, a real journal, a beeping voice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from random import Random

import numpy as np
import pytest

from voice_glimmer.cli.room import Room
from voice_glimmer.clock import Certain, Clock
from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.inviting import NEVER, Plan
from voice_glimmer.conversation.language import Language
from voice_glimmer.hearing.dictation import Limits
from voice_glimmer.hearing.ear import Ears
from voice_glimmer.hearing.frames import RATE, Frame
from voice_glimmer.hearing.models import Model
from voice_glimmer.journal.glimmers import Journal
from voice_glimmer.journal.invitations import Invitations
from voice_glimmer.journal.nightly import Nightly, Wishes
from voice_glimmer.journal.presence import Presence
from voice_glimmer.journal.sleep import Sleep
from voice_glimmer.journal.spool import Spool
from voice_glimmer.loop import Loop
from voice_glimmer.settings import DEFAULT_SENSITIVITY
from voice_glimmer.speaking.manner import Manner
from voice_glimmer.speaking.mouth import Mouth
from voice_glimmer.speaking.phrasing import AT_ONCE
from voice_glimmer.speaking.prompting import Prompting
from voice_glimmer.speaking.sound import Sound
from voice_glimmer.speaking.voice import VoiceFailedError
from voice_glimmer.turns import moment

LIMITS = Limits(pause=2.5, patience=10.0, longest=180.0, quick_pause=1.0)
BEGAN = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@dataclass
class Beep:
    """A voice that takes 50 ms a word, or fails."""

    works: bool = True
    at_once: int = AT_ONCE

    def sound(
        self, text: str, pace: float = 1.0, limit: float = 3.0, *, whispers: bool = False
    ) -> Sound:
        if not self.works:
            raise VoiceFailedError("hung")
        return Sound(np.full(len(text.split()) * 800, 1_000, np.int16), RATE)

    def rest(self) -> None:
        pass


@dataclass
class Notes:
    """A watcher that remembers."""

    events: list[ev.Event] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    unspoken: list[str] = field(default_factory=list)

    def happened(self, event: ev.Event) -> None:
        if not isinstance(event, ev.Tick | ev.Partial):
            self.events.append(event)

    def did(self, action: do.Action, text: str, *, spoken: bool) -> None:
        if text:
            (self.said if spoken else self.unspoken).append(text)

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


class PowerCut(BaseException):
    """Nothing that is written after it happens."""


class House:
    """Everything a loop needs, in a temporary folder."""

    def __init__(
        self,
        folder: Path,
        model: Model,
        language: Language,
        lines: list,
        *,
        barge_in: bool,
        began: datetime,
        zone: tzinfo,
        clock: Clock | None = None,
        plan: Plan = NEVER,
    ) -> None:
        self.room = Room([Sound(line, RATE) for line in lines], began)
        self.notes, self.voice = Notes(), Beep()
        self.journal, self.spool = Journal(folder), Spool(folder, RATE)
        self.presence = Presence(folder)
        clock = clock or Certain(lambda: self.room.now().astimezone(zone))
        self.loop = Loop(
            ears=Ears(
                model,
                language,
                ["hey glimmer"],
                LIMITS,
                sensitivity=DEFAULT_SENSITIVITY,
                barge_in=barge_in,
            ),
            mouth=Mouth(self.voice, self.room, Manner(folder / "manner.json")),
            journal=self.journal,
            spool=self.spool,
            prompts=Prompting("en", folder, lambda: moment(self.journal, clock), Random(1)),
            sleep=Sleep(folder),
            presence=self.presence,
            invitations=Invitations(folder),
            plan=plan,
            nightly=Nightly(folder, Wishes(codec="flac"), lambda work: work()),
            language=language,
            clock=clock,
            random=Random(1),
            watcher=self.notes,
        )

    def cut_off(self, said: np.ndarray) -> None:
        """Hold the conversation, and cut the power while this is being said after it."""

        def frames() -> Iterator[Frame]:
            yield from self.room.frames()
            yield from self.room._speak(said)
            raise PowerCut

        with pytest.raises(PowerCut):
            self.loop.run(frames())
        self.close()

    def close(self) -> None:
        self.presence.close()
        self.spool.close()
        self.journal.close()

    @property
    def kept(self) -> list[str]:
        return [glimmer.text for glimmer in reversed(self.journal.newest(10))]
