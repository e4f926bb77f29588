"""Gathering what the tuning needs: the kitchen as it is, then the phrase, five times."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.conversation.events import Ailment, MicrophoneAiling
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.gate import OPENS, Gate
from voice_glimmer.hearing.health import BOOST, Health
from voice_glimmer.hearing.tuning import TAKES, Trouble, findings, gain_for, level, trouble_with

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from voice_glimmer.hearing.frames import Frame
    from voice_glimmer.hearing.tuning import Take

    Samples = npt.NDArray[np.int16]

KITCHEN_SECONDS = 20.0
"""How long the kitchen is heard: as the README promises."""

LEAD_SECONDS = 1.0
"""What a take has before it, from the kitchen's end, for the gate to know the noise floor by."""

TRY_SECONDS = 6.0
"""After the chime: more than it takes to begin and to say a phrase."""

TRIES = 3
"""For one take. Who was not heard thrice is told so, and not asked a fourth time."""

SETTLED = 0.8
"""Seconds without a voice after which what was said is looked at: more than a phrase's gaps."""


class Progress(Enum):
    """What has just become known."""

    KITCHEN = "the kitchen was heard"
    TAKE = "a take was heard"
    ALL = "the last take was heard"
    NOTHING = "nobody spoke, and the take is to be asked for again"
    OTHER = "a voice was heard, but not the phrase; the take is to be asked for again"
    GIVEN_UP = "the take was asked for often enough"
    DEAD = "the microphone delivers nothing at all"


OVER = frozenset({Progress.ALL, Progress.GIVEN_UP, Progress.DEAD})
"""After these no more frames are needed."""


@dataclass(slots=True)
class _Stretch:
    """What was heard since the kitchen began, or since the last chime."""

    heard: list[Samples] = field(default_factory=list)
    voice: list[Samples] = field(default_factory=list)
    samples: int = 0
    voice_until: float = 0.0
    unseen: int = 0  # voiced frames since it was last looked at

    @property
    def seconds(self) -> float:
        return self.samples / RATE


class Gathering:
    """Gathers it from frames, those in which the program itself speaks left out.

    Args:
        spot: Returns the phrase in samples amplified by so many dB, or None: `Spotting.take`.

    Attributes:
        kitchen: The kitchen as it is, int16 at `RATE`, shape (n,); None before it was heard.
        takes: Those heard so far.
        missed: The voices, without silence around them, in which the phrase was not heard.
    """

    def __init__(self, spot: Callable[[Samples, float], Take | None]) -> None:
        self._spot = spot
        self._gate = Gate(BOOST)
        self._health = Health()
        self._now = _Stretch()
        self._tries = 0
        self._missed_before = 0
        self.kitchen: Samples | None = None
        self.takes: list[Take] = []
        self.missed: list[Samples] = []

    def feed(self, frame: Frame) -> Progress | None:
        """Hear a frame; return what it completes."""
        now = self._now
        now.heard.append(frame.samples)
        now.samples += len(frame.samples)
        voiced = self._gate.voiced(frame)
        if self.kitchen is None:
            return self._hear_kitchen(frame)
        if voiced:
            now.voice.append(frame.samples)
            now.voice_until = now.seconds
            now.unseen += 1
        full = now.seconds >= TRY_SECONDS
        if now.unseen >= OPENS and (full or now.seconds - now.voice_until >= SETTLED):
            now.unseen = 0
            take = self._take(self.kitchen)
            if take:
                return self._hear_take(take)
        return self._miss() if full else None

    def trouble(self) -> Trouble:
        """Return why it was given up."""
        voices = self.missed[self._missed_before :]
        if self.kitchen is None or not voices:
            return Trouble.NO_VOICE
        return trouble_with(findings(self.kitchen, voices))

    def _hear_kitchen(self, frame: Frame) -> Progress | None:
        if MicrophoneAiling(Ailment.DEAD) in self._health.feed(frame):
            return Progress.DEAD
        if self._now.seconds < KITCHEN_SECONDS:
            return None
        self.kitchen = np.concatenate(self._now.heard)
        self._now = _Stretch()
        return Progress.KITCHEN

    def _take(self, kitchen: Samples) -> Take | None:
        gain = gain_for(level(np.concatenate(self._now.voice)), present=0.0)
        lead = kitchen[-round(LEAD_SECONDS * RATE) :]
        return self._spot(np.concatenate([lead, *self._now.heard]), gain)

    def _hear_take(self, take: Take) -> Progress:
        self.takes.append(take)
        self._now, self._tries, self._missed_before = _Stretch(), 0, len(self.missed)
        return Progress.ALL if len(self.takes) == TAKES else Progress.TAKE

    def _miss(self) -> Progress:
        now, self._now = self._now, _Stretch()
        silent = len(now.voice) < OPENS
        if not silent:
            self.missed.append(np.concatenate(now.voice))
        self._tries += 1
        if self._tries == TRIES:
            return Progress.GIVEN_UP
        return Progress.NOTHING if silent else Progress.OTHER
