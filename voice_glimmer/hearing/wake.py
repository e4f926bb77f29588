"""The wake phrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.hearing import models
from voice_glimmer.hearing.frames import Frame
from voice_glimmer.hearing.gate import SpeechOnly
from voice_glimmer.hearing.recogniser import Recogniser

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
        self._steady = 0

    def reset(self) -> None:
        """Forget what was heard so far."""
        self._recogniser.reset()
        self._batch.clear()
        self._steady = 0

    def feed(self, frame: Frame) -> str | None:
        """Hear a frame; return the wake phrase that it completes, if it does."""
        was_open = self._speech.open
        self._batch += self._speech.feed(frame)
        if was_open and not self._speech.open:
            return self._hear() or self._phrase_in(self._finish())
        return self._hear() if len(self._batch) >= BATCH else None

    def _hear(self) -> str | None:
        if not self._batch:
            return None
        samples = np.concatenate([frame.samples for frame in self._batch])
        words = self._recogniser.hear(Frame(samples, self._batch[0].at))
        self._batch.clear()
        if words is None:
            standing = any(_ends(self._recogniser.guess(), phrase) for phrase in self._phrases)
            self._steady = self._steady + 1 if standing else 0
            if self._steady < STEADY:
                return None
            words = self._finish()
        return self._phrase_in(words)

    def _finish(self) -> tuple[Word, ...]:
        self._steady = 0
        return self._recogniser.finish()

    def _phrase_in(self, words: Sequence[Word]) -> str | None:
        return next((each for each in self._phrases if self._confirmed(words, each)), None)

    @staticmethod
    def _confirmed(words: Sequence[Word], phrase: str) -> bool:
        said = words[-len(phrase.split()) :]
        sure = all(word.confidence >= LEAST_CONFIDENCE for word in said)
        return sure and _ends(" ".join(word.text for word in said), phrase)


def _ends(text: str, phrase: str) -> bool:
    return f" {text}".endswith(f" {phrase}")
