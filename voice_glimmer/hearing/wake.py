"""The wake phrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_glimmer.hearing import models
from voice_glimmer.hearing.recogniser import Recogniser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_glimmer.conversation.events import Word
    from voice_glimmer.hearing.frames import Frame

STEADY_FRAMES = 4
"""Frames for which the phrase must stand before it is looked at: an early guess often falls."""

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
        self._steady = 0

    def reset(self) -> None:
        """Forget what was heard so far."""
        self._recogniser.reset()
        self._steady = 0

    def feed(self, frame: Frame) -> str | None:
        """Hear a frame; return the wake phrase that it completes, if it does."""
        words = self._recogniser.hear(frame)
        if words is None:
            standing = any(_ends(self._recogniser.guess(), phrase) for phrase in self._phrases)
            self._steady = self._steady + 1 if standing else 0
            if self._steady < STEADY_FRAMES:
                return None
            words = self._recogniser.finish()
        self._steady = 0
        return next((each for each in self._phrases if self._confirmed(words, each)), None)

    @staticmethod
    def _confirmed(words: Sequence[Word], phrase: str) -> bool:
        said = words[-len(phrase.split()) :]
        sure = all(word.confidence >= LEAST_CONFIDENCE for word in said)
        return sure and _ends(" ".join(word.text for word in said), phrase)


def _ends(text: str, phrase: str) -> bool:
    return f" {text}".endswith(f" {phrase}")
