"""The second hearing: a request of which the full vocabulary misheard a word (pure).

It hears "a race my last glimmer" where "erase" was said, for every word is as good as another to
it. A grammar of all requests and of the words that were heard knows better, and leaves a glimmer as
it is: each of its words is still there to be heard.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from voice_glimmer.conversation.requests import REQUESTS
from voice_glimmer.conversation.sentences import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_glimmer.conversation.templates import Sentences

UNDERSTOOD = REQUESTS - {Kind.UNCLEAR}

LONGEST_SECONDS = 15.0
"""Of sound: what lasts longer is a glimmer. Requests take nine seconds at most."""

LEAST_KNOWN = 0.5
"""A share of the words: with fewer that are in any request, it is a glimmer, and costs no time."""

MOST_CHANGED = 0.2
"""A share of the letters: where more would have to be other ones, something else was said."""

TOPIC_BEGINS = 2
"""How many words after "about" are likely as they were heard; later ones may be no topic."""

_TOPIC = "*"


class Rehearing:
    """What one language's requests are heard with for the second time.

    Args:
        sentences: What is understood.
    """

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._requests: dict[str, None] = {}
        self._known: set[str] = set()
        self._openers: set[str] = set()
        # One after the other: all at once would take more memory than is ever free again.
        for sample in sentences.samples(UNDERSTOOD, (_TOPIC,)):
            words = sample.text.split()
            if any(word[0].isdigit() for word in words):
                continue
            self._requests[" ".join(word for word in words if word != _TOPIC)] = None
            self._known.update(words)
            self._openers.update(before for before, word in pairwise(words) if word == _TOPIC)
        self._known.discard(_TOPIC)

    def worthwhile(self, heard: Sequence[str]) -> bool:
        """Tell whether words that were heard may be a request that was misheard."""
        asked = self._sentences.match(" ".join(heard))
        if asked and asked.kind in UNDERSTOOD:
            return False
        return sum(word in self._known for word in heard) >= LEAST_KNOWN * len(heard) > 0

    def grammar(self, heard: Sequence[str]) -> list[str]:
        """Return all requests, and what was heard, as phrases.

        Vosk allows any order of a grammar's words, at a price where no phrase has it.
        """
        topics = [
            " ".join(heard[at : at + 1 + count])
            for at, word in enumerate(heard)
            if word in self._openers
            for count in range(1, TOPIC_BEGINS + 1)
        ]
        return [*self._requests, *topics, *(word for word in heard if word not in self._known)]

    def prefers(self, heard: Sequence[str], again: Sequence[str]) -> bool:
        """Tell whether the words of the second hearing count, which are then a request."""
        asked = self._sentences.match(" ".join(again))
        if asked is None or asked.kind not in UNDERSTOOD:
            return False
        topic = str(asked.slots.get("topic", "")).split()
        # A topic is the person's own: no word of it is to come from the grammar.
        if any(heard.count(word) < again.count(word) for word in topic):
            return False
        return changed("".join(heard), "".join(again)) <= MOST_CHANGED


def changed(heard: str, again: str) -> float:
    """Return how many letters are others, as a share of those that were heard."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - seldom needed

    return Levenshtein.distance(heard, again) / max(1, len(heard))
