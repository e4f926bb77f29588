"""How good a wake phrase is and why, and what to say instead of words that a model lacks. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.confusion import DAILY, FREQUENT, NEAR, readings
from voice_glimmer.hearing.phonemes import features, nearest, syllables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from voice_glimmer.hearing.lexicon import Lexicon

FEWEST_PHONEMES = 6
FEWEST_SYLLABLES = 3
"""Fewer are not recommended, and sounds that differ are (Picovoice, "Tips for choosing a wake
word", 2019)."""

MOST_SYLLABLES = 9
"""Of 8 times by flite's voices, some of them slow, "hello and good morning my glimmer", with nine,
was heard 8 times; the second look goes 4 s back (`wake.RECENT_SECONDS`), and no further.
"""

MOST_LETTERS = 8 * MOST_SYLLABLES
"""Hardly any English syllable has more than eight."""

TOLD = 5
"""How many phrases that sound like it are shown."""

OFFERED = 3
"""How many words are offered in place of one."""

TRIED = 1000
"""How many phrases of words near in sound are tried for a better one."""

FAMILIAR = 3.0
"""The Zipf value from which on a word is one that people know: up to 3 it is a rare one."""

_APOSTROPHES = "[\u2018\u2019\u02bc]"

_SIGNS = {"So", "Sc", "Sm", "Co", "Cn"}
"""Unicode's categories of what stands for a thing and is not said by its letters, as emoji do."""


class Grade(IntEnum):
    """How good a phrase is."""

    POOR = 0
    FAIR = 1
    GOOD = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """What makes a phrase good or not, in a plain sentence or two."""

    grade: Grade
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How good a phrase is, and why: the worst first."""

    phrase: str
    reasons: tuple[Reason, ...]

    @property
    def grade(self) -> Grade:
        """The phrase's, which is its worst reason's."""
        return min(reason.grade for reason in self.reasons)


def normalised(text: str) -> str:
    """Return a phrase as the setting `wake_phrases` takes it: "Hey, Glimmer!" as "hey glimmer".

    Raises:
        Fault: Nothing can be made of it.
    """
    phrase = _plain(text)
    odd = next((mark for mark in text if unicodedata.category(mark) in _SIGNS), None)
    if not phrase and odd is None:
        raise Fault('Please give the words that you would say, such as "hey glimmer".')
    if len(phrase) > MOST_LETTERS:
        raise Fault("That is longer than I can listen for. Please give two to four words.")
    if letters := re.search(r"[^a-z' ]+", phrase):
        odd = letters[0]
    if odd is not None:
        raise Fault(
            f'I can only listen for words in plain English letters, and "{odd}" is none. '
            "Please write it as it is said."
        )
    return phrase


def judge(
    phrase: str, lexicon: Lexicon, answers: Collection[str], own_words: Iterable[str]
) -> Verdict:
    """Say how good a wake phrase is.

    Args:
        phrase: As the setting takes it, but perhaps one word alone.
        lexicon: Everyday speech, and the phrase's words.
        answers: What a person says to the program after the phrase.
        own_words: What the program says itself.
    """
    missing = [word for word in dict.fromkeys(phrase.split()) if word not in lexicon.known]
    if missing:
        return Verdict(phrase, (Reason(Grade.POOR, lacking([phrase], lexicon)),))
    reasons = [
        _length(phrase, lexicon),
        _rarity(phrase, lexicon),
        _confusion(phrase, lexicon),
        *_words(phrase, answers, own_words),
    ]
    return Verdict(phrase, tuple(sorted(reasons, key=lambda reason: reason.grade)))


def lacking(phrases: Sequence[str], lexicon: Lexicon) -> str:
    """Return what to tell about the words of these phrases that the model does not know."""
    words = dict.fromkeys(word for phrase in phrases for word in phrase.split())
    missing = [word for word in words if word not in lexicon.known]
    impossible = [phrase for phrase in phrases if set(missing) & set(phrase.split())]
    told = (
        f"The speech model does not know {_listed(missing)}, "
        f"so I could never hear {_listed(impossible, 'or')}."
    )
    familiar = lexicon.features(known=True, least=FAMILIAR)
    if not familiar:
        return f"{told} Please choose other words, or another model."
    near = {word: nearest(features(lexicon.sounds[word]), familiar, OFFERED) for word in missing}
    others = "; ".join(
        f'near "{word}" in sound are {_listed([other for other, _ in found])}'
        for word, found in near.items()
    )
    better = [instead(phrase, lexicon) for phrase in impossible]
    return f"{told} {others[0].upper()}{others[1:]}; you could choose {_listed(better, 'or')}."


def instead(phrase: str, lexicon: Lexicon) -> str:
    """Return a phrase near in sound whose words the model knows: a good one, if there is any."""
    familiar = lexicon.features(known=True, least=FAMILIAR)
    words = phrase.split()
    lacks = sum(word not in lexicon.known for word in words)
    each = int(TRIED ** (1 / max(1, lacks)))
    choices = [
        [(word, 0)]
        if word in lexicon.known
        else nearest(features(lexicon.sounds[word]), familiar, each)
        for word in words
    ]
    tried = (
        (" ".join(word for word, _ in chosen), sum(off for _, off in chosen))
        for chosen in product(*choices)
    )

    def worth(one: tuple[str, int]) -> tuple[int, int]:
        text, off = one
        return min(_length(text, lexicon).grade, _rarity(text, lexicon).grade), -off

    return max(tried, key=worth)[0]


def _plain(text: str) -> str:
    """Return the words of a text, with letters and digits of any script, and nothing else."""
    plain = unicodedata.normalize("NFKD", re.sub(_APOSTROPHES, "'", text)).casefold()
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain))


def _length(phrase: str, lexicon: Lexicon) -> Reason:
    sounds = lexicon.phonemes(phrase)
    count = syllables(sounds)
    told = f"It has {count} syllable{'s' * (count != 1)} and {len(sounds)} sounds"
    if len(sounds) < FEWEST_PHONEMES:
        more = f"too short to tell from other words. Best are {FEWEST_SYLLABLES} syllables or more."
        return Reason(Grade.POOR, f"{told}: {more}")
    if count > MOST_SYLLABLES:
        more = "longer than I can listen for. Please leave a word out."
        return Reason(Grade.POOR, f"{told}: {more}")
    if count < FEWEST_SYLLABLES:
        more = f"rather short. Best are {FEWEST_SYLLABLES} syllables or more."
        return Reason(Grade.FAIR, f"{told}: {more}")
    return Reason(Grade.GOOD, f"{told}: long enough to stand out.")


def _rarity(phrase: str, lexicon: Lexicon) -> Reason:
    rarest = min(phrase.split(), key=lambda word: lexicon.zipf[word])
    if lexicon.zipf[rarest] < FREQUENT:
        return Reason(Grade.GOOD, f'"{rarest}" is seldom said otherwise.')
    if lexicon.zipf[rarest] < DAILY:
        return Reason(Grade.FAIR, "All of its words are everyday ones. A rarer one is safer.")
    return Reason(Grade.POOR, "Its words are said all day long, so it would often wake me.")


def _confusion(phrase: str, lexicon: Lexicon) -> Reason:
    found = readings(phrase, lexicon)
    everyday = [reading.text for reading in found if reading.everyday and reading.off <= NEAR]
    seldom = [reading.text for reading in found if not reading.everyday]
    if everyday:
        told = f"Everyday words sound like it and may wake me: {_listed(everyday[:TOLD])}."
        return Reason(Grade.FAIR, told)
    if seldom:
        told = f"What sounds most like it is seldom said: {_listed(seldom[:TOLD])}."
        return Reason(Grade.GOOD, told)
    return Reason(Grade.GOOD, "Nothing in everyday speech sounds much like it.")


def _words(phrase: str, answers: Collection[str], own_words: Iterable[str]) -> Iterator[Reason]:
    words = phrase.split()
    if len(words) == 1:
        yield Reason(Grade.POOR, "One word alone wakes me too easily. I need two or more.")
    twice = next((word for word in words if words.count(word) > 1), None)
    if twice:
        yield Reason(Grade.FAIR, f'"{twice}" comes twice. Different words stand out more.')
    if phrase in answers:
        yield Reason(Grade.POOR, "You say it to answer me, so it cannot wake me as well.")
    elif any(f" {phrase} " in f" {_plain(said)} " for said in own_words):
        yield Reason(Grade.FAIR, "I say it myself, so you could not interrupt me with it then.")


def _listed(texts: Sequence[str], last: str = "and") -> str:
    quoted = [f'"{text}"' for text in texts]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
