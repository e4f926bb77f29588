"""The second look at a wake phrase: what was heard has to be more like it than like other words.

The first look (`wake.py`) hears with a grammar of the phrases and their own words, which is cheap
and misses little, but takes other words for a phrase. Here the last seconds are decoded anew, with
decoys beside the phrase, all of them equally likely. By how much the best reading that holds the
phrase beats the best that does not is a likelihood ratio against competing words, as keyword
spotters with filler models use it (Rose and Paul, "A hidden Markov model based keyword recognition
system", ICASSP 1990). What passes is rare, and is compared with the whole vocabulary too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.lean import vosk
from voice_glimmer.hearing.models import missing_words
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

AROUND = 0.25
"""Seconds before and after the phrase that have to fit it too: words that sound like it go on in a
way that does not."""

HOPELESS = -6.0
"""Nats. The whole vocabulary may prefer other words by so much: of 102 phrases at 10 dB SNR that
went on in one breath, 2 lay under it, and of "he grinned and said" by three voices all.

The bundled model's own preference for other words than "hey glimmer" is 5.8 nats.
"""

READINGS = 10
"""How many readings are compared; a phrase that is in none of them was not said."""

LEAST_MARGIN, MOST_MARGIN = -5.0, 2.5
"""Nats, at sensitivity 1 and 0. Under the least there is nothing to gain: a phrase is among the
readings at -5 or not at all. Above the most a voice in noise is hardly heard any more."""


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
        phrases: The phrases, all of whose words the model knows.
    """

    def __init__(self, model: Model, phrases: Sequence[str]) -> None:
        self._beside = {}
        for phrase in phrases:
            words = [word for word in (*phrase.split(), *DECOYS) if word != phrase]
            missing = missing_words(model, words)
            known = [word for word in words if word not in missing]
            self._beside[phrase] = _Decoder(model, READINGS, phrase, OTHER_SPEECH, *known)
        self._forced = {phrase: _Decoder(model, 1, phrase) for phrase in phrases}
        self._free = _Decoder(model, 1)

    def look(self, phrase: str, samples: npt.NDArray[np.int16]) -> Found | None:
        """Return where the phrase is, the last time it is said; None if it is in no reading.

        Args:
            phrase: Which one.
            samples: int16 at 16 kHz, from before the phrase until shortly after it.
        """
        said = phrase.split()
        readings = self._beside[phrase].readings(samples)
        having = [(reading, end) for reading in readings if (end := last(said, reading.words))]
        if not having:
            return None
        likeliest, end = having[0]
        lacking = [each.likelihood for each in readings if not last(said, each.words)]
        margin = likeliest.likelihood - max(lacking) if lacking else MOST_MARGIN
        return Found(margin, likeliest.starts[end - len(said)], likeliest.ends[end - 1])

    def possible(self, phrase: str, samples: npt.NDArray[np.int16]) -> bool:
        """Tell whether the whole vocabulary has nothing that fits far better than the phrase.

        Args:
            phrase: Which one.
            samples: int16 at 16 kHz, the phrase and what is `AROUND` it.
        """
        (free,) = self._free.readings(samples)
        if last(phrase.split(), free.words):
            return True
        (forced,) = self._forced[phrase].readings(samples)
        return forced.likelihood - free.likelihood >= HOPELESS


@dataclass(frozen=True, slots=True)
class _Reading:
    """A log likelihood in nats, and the words with their starts and ends in seconds."""

    likelihood: float
    words: tuple[str, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]


class _Decoder:
    """Vosk over one stretch of sound at a time: with a grammar, or the whole vocabulary."""

    def __init__(self, model: Model, most: int, *grammar: str) -> None:
        self._vosk = vosk.KaldiRecognizer(model, RATE, *([json.dumps(grammar)] if grammar else []))
        self._vosk.SetWords(True)  # noqa: FBT003 - Vosk's own call
        self._vosk.SetMaxAlternatives(most)
        self._heard = 0.0

    def readings(self, samples: npt.NDArray[np.int16]) -> list[_Reading]:
        """Return the likeliest readings, the best first."""
        self._vosk.Reset()
        self._vosk.AcceptWaveform(dithered(samples))
        # Vosk counts the seconds that it was ever given.
        before, self._heard = self._heard, self._heard + len(samples) / RATE
        return [
            _Reading(
                each["confidence"],
                tuple(word["word"] for word in each.get("result", [])),
                tuple(word["start"] - before for word in each.get("result", [])),
                tuple(word["end"] - before for word in each.get("result", [])),
            )
            for each in json.loads(self._vosk.FinalResult())["alternatives"]
        ]


def last(phrase: Sequence[str], words: Sequence[str]) -> int:
    """Return how many words there are up to the end of the last such phrase; 0 without one."""
    ends = range(len(words), len(phrase) - 1, -1)
    return next((end for end in ends if list(words[end - len(phrase) : end]) == list(phrase)), 0)
