"""The words of everyday speech: how often they are said, how they sound, and what a model knows.

Vosk tells whether it knows a word, but not which words it knows. That is enough: no other words
could be confused with a wake phrase, or be wanted in one.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spellchecker import SpellChecker

from voice_glimmer.hearing.confusion import DAILY
from voice_glimmer.hearing.models import missing_words
from voice_glimmer.hearing.phonemes import features, phonemes
from voice_glimmer.hearing.pronunciation import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from voice_glimmer.hearing.models import Model

RAREST = 2.4
"""The Zipf value from which on a word counts as speech at home, once in four million words.

The rarest word that is known to wake "hey glimmer", "dimmer", has 2.41.
"""

INTERJECTIONS = frozenset({"hey", "hello", "hi", "oh", "ok", "okay", "wow", "yeah"})
"""Words that are said daily, though the counts have them rarer: they miss those that begin a
sentence."""

_WORD = re.compile(r"[ai]|[a-z][a-z']*[a-z]")
_UNKIND = re.compile(
    r"fuck|shit|cunt|cock|dick|puss|whor|slut|rape|rapis|bitch|nigg|fag|cum$|tits?$|anal$|anus|porn"
    r"|piss|bastard|nazi|kill|murder|penis|vagin|sex|nud|bomb|poop|turd|suicid|hitler|dildo|orgas"
    r"|diarr|fart$|suck"
)
"""Beginnings of words that nobody wants to be shown in a calm kitchen."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words.

    Attributes:
        zipf: How often each word is said, the commonest first: the logarithm to base 10 of its
            count in a thousand million words, 0 for one that was never counted.
        sounds: The phonemes of each.
        known: Those that the model can hear.
    """

    zipf: Mapping[str, float]
    sounds: Mapping[str, tuple[str, ...]]
    known: frozenset[str]

    def phonemes(self, text: str) -> tuple[str, ...]:
        """Return how words sound in a row."""
        return tuple(sound for word in text.split() for sound in self.sounds[word])

    def features(self, *, known: bool = False, least: float = 0.0) -> dict[str, str]:
        """Return the words and their features, the commonest first.

        Args:
            known: Only those that the model can hear.
            least: Only those said at least as often, as a Zipf value.
        """
        return {
            word: features(self.sounds[word])
            for word, zipf in self.zipf.items()
            if zipf >= least and (word in self.known or not known)
        }


def load(model: Model, phrases: Iterable[str], cache: Path) -> Lexicon:
    """Return everyday speech and these phrases' own words.

    Args:
        model: What has to hear them.
        phrases: Lower case.
        cache: A folder in which pronunciations are remembered.

    Raises:
        Fault: espeak-ng is missing or does not do what it should.
    """
    counts = SpellChecker(language="en").word_frequency.dictionary
    total = sum(counts.values())
    zipf = {word: math.log10(count / total * 1e9) for word, count in counts.items()}
    zipf |= {word: max(DAILY, zipf.get(word, 0.0)) for word in INTERJECTIONS}
    asked = dict.fromkeys(word for phrase in phrases for word in phrase.split())
    everyday = (
        word
        for word, often in zipf.items()
        if often >= RAREST and _WORD.fullmatch(word) and not _UNKIND.match(word)
    )
    words = sorted({*everyday, *asked}, key=lambda word: (-zipf.get(word, 0.0), word))
    ipa = remembered(words, cache)
    return Lexicon(
        {word: zipf.get(word, 0.0) for word in words},
        {word: phonemes(ipa[word]) for word in words},
        frozenset(words).difference(missing_words(model, words)),
    )
