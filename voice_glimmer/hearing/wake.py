"""The wake phrase."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.hearing import models
from voice_glimmer.hearing.frames import BLOCK, RATE, Frame
from voice_glimmer.hearing.gate import SpeechOnly
from voice_glimmer.hearing.recogniser import OTHER_SPEECH, Recogniser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_glimmer.conversation.events import Word

BATCH = 4
"""Frames heard at once, 0.2 s: asking Vosk for a guess at each one costs a quarter more."""

STEADY = 2
"""Batches for which the phrase must stand before it is looked at: an early guess often falls."""

LEAST_CONFIDENCE = 0.9
"""Below this a word of the phrase is taken for other speech.

With the bundled model, four voices' "hey glimmer" scored 1.00 down to 10 dB of white noise.
"""


SETTLE_SECONDS = 0.3
"""What is waited for after the phrase to tell whether the person speaks on in one breath."""

SPEAKING_ON = 0.2
"""A voice still heard this many seconds after the phrase is more than its last word fading."""

RECENT_SECONDS = 4.0
"""How much of what was heard is at hand when the phrase has been understood."""

LEAD_SECONDS = 0.3
"""What is handed on from before the phrase, so that its first word is whole."""


@dataclass(frozen=True, slots=True)
class Wake:
    """A wake phrase was said.

    Attributes:
        phrase: Which one.
        frames: What was heard from shortly before the phrase until now.
        ends: Where in them the phrase ends, in seconds.
        speaking_on: Whether the person went on speaking after it, in one breath.
    """

    phrase: str
    frames: tuple[Frame, ...]
    ends: float
    speaking_on: bool


class WakeSpotter:
    """Hears one of a few phrases, and nothing else.

    Raises:
        Fault: The model lacks a word of a phrase.
    """

    def __init__(self, model: models.Model, phrases: Sequence[str]) -> None:
        models.require_words(model, phrases, "the wake phrase")
        self._phrases = list(phrases)
        self._recogniser = Recogniser(model, self._phrases)
        self._speech = SpeechOnly()
        self._batch: list[Frame] = []
        self._recent: deque[tuple[float, Frame]] = deque(
            maxlen=round(RECENT_SECONDS * RATE / BLOCK)
        )
        self._heard = 0.0
        self._steady = 0
        self._waking: Wake | None = None

    @property
    def waking(self) -> Wake | None:
        """A phrase that was heard, while it is not yet known whether the person speaks on."""
        return self._waking

    def reset(self) -> None:
        """Forget what was heard so far."""
        self._recogniser.reset()
        self._batch.clear()
        self._recent.clear()
        self._steady = 0
        self._waking = None

    def feed(self, frame: Frame) -> Wake | None:
        """Hear a frame; return the wake phrase that it completes, if it does."""
        if self._waking:
            return self._settle(self._waking, frame)
        was_open = self._speech.open
        self._batch += self._speech.feed(frame)
        if was_open and not self._speech.open:
            self._waking = self._hear() or self._wake_in(self._finish())
        elif len(self._batch) >= BATCH:
            self._waking = self._hear()
        # At a gate that has just closed the phrase ended long ago.
        return self._settle(self._waking) if self._waking else None

    def _settle(self, wake: Wake, *more: Frame) -> Wake | None:
        """Return the wake once enough has been heard after it, or None until then."""
        for frame in more:
            self._speech.feed(frame)
        self._waking = wake = replace(wake, frames=(*wake.frames, *more))
        ended_at = wake.frames[0].at + wake.ends
        if wake.frames[-1].end < ended_at + SETTLE_SECONDS:
            return None
        self._waking = None
        return replace(wake, speaking_on=self._speech.voice_until >= ended_at + SPEAKING_ON)

    def _hear(self) -> Wake | None:
        if not self._batch:
            return None
        for frame in self._batch:
            self._recent.append((self._heard, frame))
            self._heard += len(frame.samples) / RATE
        samples = np.concatenate([frame.samples for frame in self._batch])
        words = self._recogniser.hear(Frame(samples, self._batch[0].at))
        self._batch.clear()
        if words is None:
            guess = self._recogniser.guess().split()
            standing = any(through(phrase, guess) for phrase in self._phrases)
            self._steady = self._steady + 1 if standing else 0
            if self._steady < STEADY:
                return None
            words = self._finish()
        return self._wake_in(words)

    def _finish(self) -> tuple[Word, ...]:
        self._steady = 0
        return self._recogniser.finish()

    def _wake_in(self, words: Sequence[Word]) -> Wake | None:
        for phrase in self._phrases:
            end = through(phrase, [word.text for word in words])
            said = words[max(0, end - len(phrase.split())) : end]
            if said and all(word.confidence >= LEAST_CONFIDENCE for word in said):
                return self._woke(phrase, said)
        return None

    def _woke(self, phrase: str, said: Sequence[Word]) -> Wake:
        # Vosk counts the seconds that it was given; each frame knows which of them are its own.
        since = said[0].start - LEAD_SECONDS
        recent = [(heard, frame) for heard, frame in self._recent if heard >= since]
        first, frames = recent[0][0], tuple(frame for _, frame in recent)
        ends = said[-1].end - first
        return Wake(phrase, frames, ends, speaking_on=False)


def through(phrase: str, words: Sequence[str]) -> int:
    """Return how many words there are up to the phrase's end; 0 where it did not come last.

    What the person says on in one breath may follow it: as other speech, or as another first word
    of the phrase where only the beginning of a sound like it has been heard.
    """
    said, end = phrase.split(), len(words)
    while list(words[max(0, end - len(said)) : end]) != said:
        if not end or words[end - 1] not in {OTHER_SPEECH, said[0]}:
            return 0
        end -= 1
    return end
