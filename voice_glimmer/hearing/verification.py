"""The second look at a wake phrase: what was heard has to be more like it than like other words.

The first look (`wake.py`) hears with a grammar of the phrase and its own words, which is cheap and
misses little, but takes other words for the phrase. Here the last seconds are decoded anew, with
decoys beside the phrase, all of them equally likely. By how much the best reading that holds the
phrase beats the best that does not is a likelihood ratio against competing words, as keyword
spotters with filler models use it (Rose and Paul, "A hidden Markov model based keyword recognition
system", ICASSP 1990).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import vosk

from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.recogniser import OTHER_SPEECH, dithered

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from voice_glimmer.hearing.models import Model

DECOYS = tuple(
    "you i to the a and that it of me what is in this know i'm for no have my".split()  # noqa: SIM905
)
"""The twenty most frequent words of spoken English (Wiktionary's list from television and film).

Words that sound like the phrase served worse: they cost a small voice more than they refused. With
the phrase's own words alone, four times as many other words passed.
"""

READINGS = 10
"""How many readings are compared; a phrase that is in none of them was not said."""

LEAST_MARGIN, MOST_MARGIN = -6.0, 2.0
"""Nats, at sensitivity 1 and 0. Under the least there is nothing: a phrase is among the readings at
-5 or not at all. Above the most a voice in noise is hardly heard any more."""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase among the readings.

    Attributes:
        margin: By how much it beats all other words, in nats; under 0 others are likelier.
        start: Where it begins, in seconds.
        end: Where it ends.
    """

    margin: float
    start: float
    end: float


def threshold(sensitivity: float) -> float:
    """Return the least margin, in nats, that wakes at this sensitivity, 0 to 1.

    docs/benchmarks.md has the misses and false accepts in between.
    """
    return MOST_MARGIN + (LEAST_MARGIN - MOST_MARGIN) * sensitivity


class Verifier:
    """Takes the second look.

    Args:
        model: A loaded model.
        phrase: The phrase, all of whose words the model knows.
    """

    def __init__(self, model: Model, phrase: str) -> None:
        self._phrase = phrase.split()
        others = [word for word in (*self._phrase, *DECOYS) if word != phrase]
        known = [word for word in others if model.vosk_model_find_word(word) >= 0]
        grammar = json.dumps([phrase, OTHER_SPEECH, *known])
        self._vosk = vosk.KaldiRecognizer(model, RATE, grammar)
        self._vosk.SetWords(True)  # noqa: FBT003 - Vosk's own call
        self._vosk.SetMaxAlternatives(READINGS)
        self._heard = 0.0

    def look(self, samples: npt.NDArray[np.int16]) -> Found | None:
        """Return where the phrase is, the last time it is said; None if it is in no reading.

        Args:
            samples: int16 at 16 kHz, from before the phrase until shortly after it.
        """
        self._vosk.Reset()
        self._vosk.AcceptWaveform(dithered(samples))
        readings: list[dict[str, Any]] = json.loads(self._vosk.FinalResult())["alternatives"]
        # Vosk counts the seconds that it was ever given.
        before, self._heard = self._heard, self._heard + len(samples) / RATE
        having = [(reading, end) for reading in readings if (end := self._end_in(reading))]
        if not having:
            return None
        likeliest, end = having[0]
        lacking = [each["confidence"] for each in readings if not self._end_in(each)]
        margin = likeliest["confidence"] - max(lacking) if lacking else MOST_MARGIN
        said = likeliest["result"][end - len(self._phrase) : end]
        return Found(margin, said[0]["start"] - before, said[-1]["end"] - before)

    def _end_in(self, reading: dict[str, Any]) -> int:
        words = [word["word"] for word in reading.get("result", [])]
        return last(self._phrase, words)


def last(phrase: Sequence[str], words: Sequence[str]) -> int:
    """Return how many words there are up to the end of the last such phrase; 0 without one."""
    ends = range(len(words), len(phrase) - 1, -1)
    return next((end for end in ends if list(words[end - len(phrase) : end]) == list(phrase)), 0)
