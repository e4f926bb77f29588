"""The second look at a wake phrase: what was heard has to be more like it than like other words.

The first look (`wake.py`) hears with a grammar of the phrases and nothing else, which is cheap and
misses little, but takes other words for the phrase. Here the same second of sound is decoded twice:
forced to be the phrase, and with the model's whole vocabulary. The difference of the two log
likelihoods is the score, as in a likelihood-ratio test with a background model (Rohlicek et al.,
"Continuous hidden Markov modeling for speaker-independent word spotting", ICASSP 1989).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import vosk

from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.recogniser import OTHER_SPEECH, dithered

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from voice_glimmer.hearing.models import Model

BEFORE, AFTER = 0.25, 0.3
"""Seconds around the phrase that have to fit it too. Most of what sounds like a phrase goes on in a
way that does not: of 24 times "he grinned and said", most scored 2 to 6 without what follows, and
23 under -4 with it."""

AGREEMENT = 6.0
"""The score, in nats, where the whole vocabulary hears the phrase by itself.

The bundled model's own preference for other words than "hey glimmer" is 5.8 nats.
"""

IN_BREATH = 4.0
"""Added to the margin with which the whole vocabulary hears the phrase and what follows it."""

HOPELESS = -6.0
"""Under this no other look is taken: it would cost more than it could find."""

SHORTEST, LONGEST = 0.03, 0.13
"""Seconds a letter. In 181 noisy phrases by three speakers all words lay between 0.034 and 0.112;
much of what only sounds like a phrase has one word squeezed or stretched to fit."""

ALTERNATIVES = 12
"""How many readings the margin is sought in."""


def threshold(sensitivity: float) -> float:
    """Return the least score, in nats, that wakes at this sensitivity, 0 to 1.

    At 0 the whole vocabulary has to hear the phrase by itself; see docs/benchmarks.md for misses
    and false accepts in between.
    """
    return AGREEMENT * (1 - sensitivity)


class Verifier:
    """Takes the second look.

    Args:
        model: A loaded model.
        phrases: The phrases, all of whose words the model knows.
    """

    def __init__(self, model: Model, phrases: Sequence[str]) -> None:
        self._forced = {phrase: _Decoder(model, phrase) for phrase in phrases}
        self._apart = {phrase: _Decoder(model, phrase, OTHER_SPEECH) for phrase in phrases}
        self._free = _Decoder(model)

    def locate(self, phrase: str, samples: npt.NDArray[np.int16]) -> tuple[float, float] | None:
        """Return where the phrase begins and ends in int16 samples at 16 kHz, in seconds.

        None where it would have been said impossibly fast or slowly.
        """
        count = len(phrase.split())
        words = self._forced[phrase].words(samples)[-count:]
        if len(words) < count or not all(map(_plausible, words)):
            return None
        return words[0]["start"], words[-1]["end"]

    def ends(self, phrase: str, samples: npt.NDArray[np.int16]) -> float | None:
        """Return where the phrase ends, in seconds, when more may follow it; None if unclear."""
        words = self._apart[phrase].words(samples)
        end = through(phrase, [word["word"] for word in words])
        return float(words[end - 1]["end"]) if end else None

    def score(self, phrase: str, samples: npt.NDArray[np.int16], start: float, end: float) -> float:
        """Return how much more this is the phrase than other words, in nats.

        Args:
            phrase: Which one.
            samples: int16 at 16 kHz, from before the phrase until `AFTER` it.
            start: Where in them it begins, in seconds.
            end: Where it ends.
        """
        first, last = max(0, round((start - BEFORE) * RATE)), round((end + AFTER) * RATE)
        around = samples[first:last]
        ((free, text), *_) = self._free.readings(around, 1)
        if phrase in text:
            return AGREEMENT
        ((forced, _), *_) = self._forced[phrase].readings(around, 1)
        ratio = forced - free
        if ratio < HOPELESS:
            return ratio
        return max(ratio, IN_BREATH + self._margin(phrase, samples[:last]))

    def _margin(self, phrase: str, samples: npt.NDArray[np.int16]) -> float:
        """Return by how much the best reading with the phrase beats the best without it."""
        readings = self._free.readings(samples, ALTERNATIVES)
        having = [score for score, text in readings if phrase in text]
        lacking = [score for score, text in readings if phrase not in text]
        if not having:
            return float("-inf")
        return max(having) - max(lacking) if lacking else AGREEMENT


def _plausible(word: dict[str, Any]) -> bool:
    """Tell whether a word has a length that people give it."""
    letters = len(word["word"])
    seconds: float = word["end"] - word["start"]
    return SHORTEST * letters <= seconds <= LONGEST * letters


class _Decoder:
    """Vosk over one stretch of sound at a time: with one phrase only, or the whole vocabulary."""

    def __init__(self, model: Model, *phrases: str) -> None:
        grammar = (json.dumps(phrases),) if phrases else ()
        self._vosk = vosk.KaldiRecognizer(model, RATE, *grammar)
        self._vosk.SetWords(True)  # noqa: FBT003 - Vosk's own call
        self._heard = 0.0

    def words(self, samples: npt.NDArray[np.int16]) -> list[dict[str, Any]]:
        """Return the words, each with its start and end in seconds."""
        self._vosk.SetMaxAlternatives(0)
        before = self._heard
        words = self._decoded(samples).get("result", [])
        # Vosk counts the seconds that it was ever given.
        return [{**w, "start": w["start"] - before, "end": w["end"] - before} for w in words]

    def readings(self, samples: npt.NDArray[np.int16], most: int) -> list[tuple[float, str]]:
        """Return log likelihoods in nats and their words, the best first."""
        self._vosk.SetMaxAlternatives(most)
        found = self._decoded(samples)["alternatives"]
        return [(each["confidence"], each["text"]) for each in found]

    def _decoded(self, samples: npt.NDArray[np.int16]) -> dict[str, list[dict[str, Any]]]:
        self._vosk.Reset()
        self._vosk.AcceptWaveform(dithered(samples))
        self._heard += len(samples) / RATE
        decoded: dict[str, list[dict[str, Any]]] = json.loads(self._vosk.FinalResult())
        return decoded


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
