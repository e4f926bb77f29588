"""How likely words are a request that no template knows: "what was that about the postman".

People word a request in more ways than any list of templates has. What sounds like one is asked
about, and neither taken for a glimmer nor for a request. `scripts/train_likely.py` makes the
weights, from sentences that people who had not seen the templates wrote down.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from voice_glimmer.conversation.sentences import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

_WORD = re.compile(r"[\w']+")
_MOST_OTHER = 5


@dataclass(frozen=True, slots=True)
class Likely:
    """A logistic regression over words, pairs of words, and how many words requests do not have.

    Attributes:
        bias: What a sentence without any feature has, in log-odds.
        threshold: The probability from which on a sentence is asked about.
        known: Words that are in several requests.
        weights: What each feature adds, in log-odds.
        kinds: What each feature adds for each kind of request; "" is what all sentences have.
    """

    bias: float
    threshold: float
    known: frozenset[str]
    weights: Mapping[str, float]
    kinds: Mapping[str, Mapping[str, float]]

    def likelihood(self, text: str) -> float:
        """Return the probability that these words are a request: 1 / (1 + e^-log-odds)."""
        odds = self.bias + sum(self.weights.get(each, 0.0) for each in features(text, self.known))
        return 1 / (1 + math.exp(-odds))

    def doubts(self, text: str) -> bool:
        """Tell whether these words sound enough like a request to ask about them."""
        return self.likelihood(text) >= self.threshold

    def kind(self, text: str) -> tuple[Kind, float]:
        """Return which kind of request this is if it is one, and the probability of that.

        The probability is the softmax of the kinds' sums of weights.
        """
        sums = dict.fromkeys(self.kinds[""], 0.0)
        for feature in ("", *features(text, self.known)):
            for name, weight in self.kinds.get(feature, {}).items():
                sums[name] += weight
        best = max(sums, key=lambda name: sums[name])
        return Kind(best), 1 / sum(math.exp(each - sums[best]) for each in sums.values())


def features(text: str, known: Collection[str]) -> set[str]:
    """Return a sentence's features.

    Its words; its pairs of words, with "^" before the first and "$" after the last; and "#1",
    "#2" and so on for every word that is not `known`.
    """
    words = _WORD.findall(text.lower())
    pairs = (f"{one} {other}" for one, other in pairwise(["^", *words, "$"]))
    others = min(sum(word not in known for word in words), _MOST_OTHER)
    return {*words, *pairs, *(f"#{number}" for number in range(1, others + 1))}


def read(path: Path) -> Likely | None:
    """Return what is in this file; None where a language has none, and nothing is asked about."""
    if not path.exists():
        return None
    held = json.loads(path.read_text(encoding="utf-8"))
    return Likely(**held | {"known": frozenset(held["known"])})
