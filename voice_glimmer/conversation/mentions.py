"""Which words return in texts, and which people and places are mentioned (pure).

By lists alone, for recognised speech has neither capitals nor marks: what somebody may be to a
person, common first names, places of everyday life. In what was typed, a capital within a sentence
tells a name, too, of a person or a place.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Of "grandma's" the first part.
_WORD = re.compile(r"[^\W\d_]+(?:'(?!s\b)[^\W\d_]+)?")
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)*")
_LIKE_A_TITLE = 0.75
"""Where more of its words than this have capitals, a text's capitals tell nothing."""

Counted: TypeAlias = tuple[tuple[str, int], ...]
"""Words, and in how many texts each is; the commonest first, then by the alphabet."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is looked for, in lower case.

    Attributes:
        stop: Words that say nothing by themselves.
        people: Who somebody may be, as "sister", and common first names.
        places: Such as "garden".
        plurals: What "sisters" is counted as, and others of English.
        known: Weekdays and months, which have capitals and are no names.
        capitals: Whether a capital within a sentence tells a name.
    """

    stop: frozenset[str]
    people: frozenset[str]
    places: frozenset[str]
    plurals: Mapping[str, str]
    known: frozenset[str]
    capitals: bool


@dataclass(frozen=True, slots=True)
class Mentions:
    """What returns, each word in one of these.

    Attributes:
        words: In two texts or more, without stop words and what follows.
        people: Of the vocabulary.
        places: Of the vocabulary.
        names: By their capitals: people, places, whatever has a name.
    """

    words: Counted
    people: Counted
    places: Counted
    names: Counted


def load(code: str) -> Vocabulary:
    """Return what is looked for in the language whose folder is `code`, such as "en"."""
    folder = Path(__file__).parent / "language" / code
    read = tomllib.loads((folder / "mentions.toml").read_text("utf-8"))
    calendar = tomllib.loads((folder / "calendar.toml").read_text("utf-8"))
    people, names, places, stop = (
        frozenset(read[name].split()) for name in ("people", "names", "places", "stop")
    )
    known = frozenset(name.lower() for name in calendar["weekdays"] + calendar["months"])
    plurals = {_plural(word): word for word in (people | places)}
    listed = stop | people | names | places
    return Vocabulary(
        stop=stop,
        people=people | names,
        places=places,
        plurals={plural: word for plural, word in plurals.items() if plural not in listed},
        known=known,
        capitals=read["capitals"],
    )


def mentioned(texts: Iterable[str], vocabulary: Vocabulary, most: int) -> Mentions:
    """Return what returns in texts, at most so many of each."""
    counts, names = Counter[str](), Counter[str]()
    plurals, stop = vocabulary.plurals, vocabulary.stop
    for text in texts:
        straight = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        words = _WORD.findall(straight.lower())
        counts.update({plurals.get(word, word) for word in words}.difference(stop))
        if vocabulary.capitals and straight != straight.lower():
            names.update(_names(straight, words, vocabulary))
    in_names = {word for name in names for word in name.lower().split()}
    people = {word: counts.pop(word) for word in vocabulary.people & counts.keys()}
    places = {word: counts.pop(word) for word in vocabulary.places & counts.keys()}
    words_left = {
        word: many
        for word, many in counts.items()
        if many > 1 and len(word) > 1 and word not in in_names
    }
    return Mentions(*(_most(each, most) for each in (words_left, people, places, names)))


def _plural(word: str) -> str:
    if word.endswith(("s", "ch", "sh")):
        return f"{word}es"
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}s"


def _names(text: str, words: list[str], vocabulary: Vocabulary) -> set[str]:
    capitals = sum(word[0].isupper() for word in _WORD.findall(text))
    if capitals > _LIKE_A_TITLE * len(words):
        return set()
    listed = vocabulary.stop | vocabulary.people | vocabulary.places | vocabulary.known
    return {name for name in _NAME.findall(text) if name.lower() not in listed}


def _most(counts: Mapping[str, int], most: int) -> Counted:
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:most])
