"""Words that are the same to who says them: colour and color, three and 3 (pure).

A recogniser writes American and in words; people type as they like. A variant that is no word is in
no glimmer, and does no harm.
"""

from __future__ import annotations

import re

_SPELLINGS = (
    *(("aeroplane", "airplane"), ("cosy", "cozy"), ("doughnut", "donut"), ("grey", "gray")),
    *(("jewellery", "jewelry"), ("kerb", "curb"), ("moustache", "mustache"), ("mum", "mom")),
    *(("mummy", "mommy"), ("plough", "plow"), ("programme", "program"), ("pyjamas", "pajamas")),
    *(("storey", "story"), ("tyre", "tire"), ("yoghurt", "yogurt")),
)
_PAIRS = dict(_SPELLINGS) | {american: british for british, american in _SPELLINGS}
_RULES = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        # At least three letters before it: "four" is not "for".
        (r"(?<=...)our(?=$|s$|ed$|ing$|ite|ful|hood|ly$|y$)", "or"),
        (r"(?<=...)or(?=$|s$|ed$|ing$|ite|ful|hood|ly$|y$)", "our"),
        (r"(?<=..[bt])re(?=s?$)", "er"),
        (r"(?<=..[bt])er(?=s?$)", "re"),
        (r"(?<=...)is(?=e$|es$|ed$|ing$|ation)", "iz"),
        (r"(?<=...)iz(?=e$|es$|ed$|ing$|ation)", "is"),
    )
)
_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDED = dict(enumerate(_UNITS)) | {
    20 + 10 * ten + unit: f"{word} {_UNITS[unit]}" if unit else word
    for ten, word in enumerate(_TENS)
    for unit in range(10)
}
_NUMBERS = {worded: str(number) for number, worded in _WORDED.items()}


def variants(words: list[str]) -> list[list[str]]:
    """Return the ways to write each of these words; a number of two words is one of them.

    Args:
        words: Words, in lower case.

    Returns:
        For each, itself first; a way may be several words, one after the other.
    """
    ways, rest = list[list[str]](), list(words)
    while rest:
        pair = " ".join(rest[:2])
        taken = pair if len(rest) > 1 and pair in _NUMBERS else rest[0]
        del rest[: len(taken.split())]
        ways.append(list(dict.fromkeys([taken, *_others(taken)])))
    return ways


def _others(word: str) -> list[str]:
    if word in _NUMBERS:
        return [_NUMBERS[word]]
    if word.isascii() and word.isdigit() and len(word) < 3:
        return [_WORDED[int(word)]]
    if word in _PAIRS:
        return [_PAIRS[word]]
    return [pattern.sub(other, word) for pattern, other in _RULES if pattern.search(word)]
