"""A text as the pieces in which it is made (pure): the first is heard while the next are made."""

from __future__ import annotations

import math
import re
import textwrap
import unicodedata

AT_ONCE = 200
"""Characters; some 35 words, 12 s of speech, which espeak-ng makes in 30 ms."""

SENTENCE_PAUSE = 0.3
"""Seconds between sentences that are made one by one, as espeak-ng has within one piece."""

_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s|(?<=[。！？])")  # noqa: RUF001 - as Chinese writes them


def phrases(text: str, at_once: int = AT_ONCE) -> list[str | float]:
    """Return `text` as pieces of at most so many characters, and pauses in seconds.

    A short text stays whole, and sentences together as far as they go. What is no sentence, such
    as dictated words without a mark, is shared out evenly. Control characters are left out.

    >>> phrases("The robin sang. It was early.")
    ['The robin sang. It was early.']
    """
    written = "".join(" " if unicodedata.category(mark) in {"Cc", "Cs"} else mark for mark in text)
    clean = " ".join(written.split())
    if len(clean) <= at_once:
        return [clean] if clean else []
    grouped: list[str] = []
    for sentence in _SENTENCE_ENDS.split(clean):
        if grouped and len(grouped[-1]) + len(sentence) < at_once:
            grouped[-1] += f" {sentence}"
        else:
            grouped.extend(_shared_out(sentence, at_once))
    found: list[str | float] = []
    for phrase in grouped:
        if found and _SENTENCE_ENDS.search(f"{found[-1]} "):
            found.append(SENTENCE_PAUSE)
        found.append(phrase)
    return found


def _shared_out(sentence: str, at_once: int) -> list[str]:
    even = len(sentence) / max(1, math.ceil(len(sentence) / at_once))
    return textwrap.wrap(sentence, min(at_once, round(even) + 20), break_on_hyphens=False)
