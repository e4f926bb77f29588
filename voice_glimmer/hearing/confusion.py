"""What else of everyday speech sounds like a phrase, and could be taken for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from voice_glimmer.hearing.phonemes import changes, features, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_glimmer.hearing.lexicon import Lexicon

FREQUENT = 4.0
"""From this Zipf value on, a word is a frequent one (van Heuven et al., "SUBTLEX-UK", Quarterly
Journal of Experimental Psychology 67, 2014)."""

DAILY = 5.0
"""The Zipf value of a word that is said every day: a hundred times in a million words."""

PAIR = 3.0
"""The Zipf value from which on two words in a row are everyday speech, if words came in any order:
once in a million. Under it, van Heuven et al. call a word rare."""

NEAR = 3
"""By how many features other words may differ and still wake it easily (`phonemes.FEATURES`)."""

SIMILAR = 5
"""By how many they may differ and still wake it now and then."""

EACH = 5
"""How many words are tried for each half of a phrase."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Other words that sound much like a phrase.

    Attributes:
        text: The words.
        off: By how many features they differ.
        everyday: Whether they are said every day.
        known: Whether the model can hear them, and so tell them from the phrase.
    """

    text: str
    off: int
    everyday: bool
    known: bool


def readings(phrase: str, lexicon: Lexicon) -> list[Reading]:
    """Return what else of everyday speech sounds much like a phrase, the nearest first.

    That is the phrase with another word in place of its rarest, one word, or two words.
    """
    found = {
        text: Reading(text, off, everyday, set(text.split()) <= lexicon.known)
        for text, off, everyday in (*_split(phrase, lexicon), *_swapped(phrase, lexicon))
        if text != phrase
    }
    sounds = lexicon.phonemes(phrase)

    def order(reading: Reading) -> tuple[int, bool, int, bool]:
        changed = changes(sounds, lexicon.phonemes(reading.text))
        # What the model does not know, it cannot take for anything but the phrase.
        return reading.off, not reading.everyday, changed, reading.known

    return sorted(found.values(), key=order)


def _swapped(phrase: str, lexicon: Lexicon) -> Iterator[tuple[str, int, bool]]:
    words = phrase.split()
    rarest = min(words, key=lambda word: lexicon.zipf[word])
    sought = features(lexicon.sounds[rarest])
    for other, off in nearest(sought, lexicon.features(), None, SIMILAR):
        # "Hey glimmers" is a way to say it, not something else.
        if not other.startswith(rarest):
            swapped = [other if word == rarest else word for word in words]
            everyday = all(lexicon.zipf[word] >= FREQUENT for word in swapped)
            yield " ".join(swapped), off * words.count(rarest), everyday


def _split(phrase: str, lexicon: Lexicon) -> Iterator[tuple[str, int, bool]]:
    sounds = lexicon.phonemes(phrase)
    frequent = lexicon.features(least=FREQUENT)
    for word, off in nearest(features(sounds), frequent, EACH, SIMILAR):
        yield word, off, True
    for cut in range(1, len(sounds)):
        firsts = nearest(features(sounds[:cut]), frequent, EACH, SIMILAR)
        seconds = nearest(features(sounds[cut:]), frequent, EACH, SIMILAR)
        for (first, off), (second, more) in product(firsts, seconds):
            often = lexicon.zipf[first] + lexicon.zipf[second] - 9
            if off + more <= SIMILAR and often >= PAIR:
                yield f"{first} {second}", off + more, True
