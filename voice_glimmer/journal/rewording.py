"""When other words for the same voice are heard (pure)."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from voice_glimmer.conversation.events import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CERTAIN = 1.0
"""The confidence of a word that a person wrote."""


def retimed(words: Sequence[Word], text: str) -> list[Word]:
    """Return a text's words with times: those that stay keep theirs, others share.

    Others share the time of those that they replace. Capitals and marks, as of "Robin!" for
    "robin", make no other word.

    Args:
        words: What was recognised, in its order; where there is none, no time is known.
        text: What was meant.

    Returns:
        All words of the text, their times in order; none where no time is known.
    """
    meant = text.split()
    if not words:
        return []
    match = SequenceMatcher(
        None,
        [_plain(word.text) for word in words],
        [_plain(each) for each in meant],
        autojunk=False,
    )
    found: list[Word] = []
    for what, since, until, first, last in match.get_opcodes():
        if what == "equal":
            pairs = zip(words[since:until], meant[first:last], strict=True)
            found += [Word(each, word.start, word.end, word.confidence) for word, each in pairs]
        else:
            start = words[since].start if since < until else found[-1].end if found else 0.0
            end = words[until - 1].end if since < until else _begin(words, since, start)
            found += _shared(meant[first:last], start, end)
    return found


def _begin(words: Sequence[Word], at: int, latest: float) -> float:
    """Return when the word at `at` begins, or where there is none, when the last one ended."""
    return words[at].start if at < len(words) else latest


def _shared(meant: Sequence[str], start: float, end: float) -> Iterator[Word]:
    begins = [start + (end - start) * place / len(meant) for place in range(len(meant))]
    for word, (begin, until) in zip(meant, pairwise([*begins, end]), strict=True):
        yield Word(word, begin, until, CERTAIN)


def _plain(word: str) -> str:
    return re.sub(r"[^\w']", "", word.lower())
