"""How likely words are a request that no template knows: "what was that about the postman".

People word a request in more ways than any list of templates has. What sounds like one is asked
about, and neither taken for a glimmer nor for a request. `scripts/train_likely.py` makes the
weights, from sentences that people who had not seen the templates wrote down.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

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
    """

    bias: float
    threshold: float
    known: frozenset[str]
    weights: Mapping[str, float]

    def likelihood(self, text: str) -> float:
        """Return the probability that these words are a request: 1 / (1 + e^-log-odds)."""
        odds = self.bias + sum(self.weights.get(each, 0.0) for each in features(text, self.known))
        return 1 / (1 + math.exp(-odds))

    def doubts(self, text: str) -> bool:
        """Tell whether these words sound enough like a request to ask about them."""
        return self.likelihood(text) >= self.threshold


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
    held = tomllib.loads(path.read_text(encoding="utf-8"))
    return Likely(held["bias"], held["threshold"], frozenset(held["known"]), held["weights"])
