"""What a request that no template knows may have meant, to be asked about: "Shall I read ...?".

Its kind is guessed by the weights of `likely.json`; which glimmers it is about, by the words after
"about" and by any words in it that the templates know as a period, a number or favourites.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from voice_glimmer.conversation.requests import Guess, Order, Request, understand
from voice_glimmer.conversation.sentences import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from voice_glimmer.conversation.language import Language

AT_LEAST = 0.4
"""The probability from which on a kind is asked about; then it is the right one in 97 of 100."""

LONGEST = 30
"""In words: nobody asks at greater length."""

LONGEST_PERIOD = 6
LONGEST_TOPIC = 4
"""In words."""

OF_GLIMMERS = frozenset({Kind.READ, Kind.PLAY, Kind.COUNT})


Guesses = TypedDict(
    "Guesses",
    {
        "unless": str,
        "ends": Sequence[str],
        "topics": Sequence[str],
        "prepositions": Sequence[str],
        "from": str,
        "periods": Sequence[str],
        "cues": Sequence[tuple[Sequence[str], str]],
        "plain": str,
        "of_period": str,
        "of_topic": str,
        "of_both": str,
        "which": Mapping[str, str],
        "shall": Mapping[str, str],
    },
)
"""A language's guesses.toml, which says what each is."""


def guess(text: str, now: datetime, language: Language) -> Guess | None:
    """Return what these words may ask for, and the question about it; None for no idea.

    Args:
        text: Recognised words that sound like a request.
        now: When they were said, in the person's own time zone; aware.
        language: The language's words.
    """
    if language.likely is None or language.guesses is None or len(text.split()) > LONGEST:
        return None
    kind, probability = language.likely.kind(text)
    if probability < AT_LEAST or kind.value not in language.guesses["shall"]:
        return None
    request = Request(kind)
    if kind in OF_GLIMMERS:
        request = _of_glimmers(_words(text), kind, now, language, language.guesses)
    return Guess(request, _question(request, language.guesses))


def _of_glimmers(
    words: Sequence[str], kind: Kind, now: datetime, language: Language, guesses: Guesses
) -> Request:
    """Return which glimmers are meant."""
    for sentence in _sentences(words, now, language, guesses):
        if request := understand(sentence, now, language):
            return replace(request, kind=kind)
    return Request(kind, limit=1)


def _sentences(
    words: Sequence[str], now: datetime, language: Language, guesses: Guesses
) -> Iterator[str]:
    """Yield what the words may come to, in the templates' wording; the most telling first."""
    topic, period = _topic(words, guesses), _period(words, now, language, guesses)
    if topic and period:
        yield guesses["of_both"].format(topic=topic, period=period)
    if topic:
        yield guesses["of_topic"].format(topic=topic)
    if period:
        yield guesses["of_period"].format(period=period)
    for cues, sentence in guesses["cues"]:
        if not set(cues).isdisjoint(words):
            yield sentence
    yield guesses["plain"]


def _words(text: str) -> list[str]:
    """Return the words, those of "this morning's" as those of "this morning"."""
    return [word.removesuffix("'s") for word in text.lower().split()]


def _topic(words: Sequence[str], guesses: Guesses) -> str:
    begin = next((at for at, word in enumerate(words, 1) if word in guesses["topics"]), len(words))
    topic = list[str]()
    for word in words[begin : begin + LONGEST_TOPIC]:
        if word in guesses["ends"]:
            break
        topic.append(word)
    return " ".join(topic)


def _period(words: Sequence[str], now: datetime, language: Language, guesses: Guesses) -> str:
    for begin, word in enumerate(words):
        if word in guesses["prepositions"]:
            before = []
        elif word in guesses["periods"]:
            before = [guesses["from"]]
        else:
            continue
        for end in range(min(begin + LONGEST_PERIOD, len(words)), begin, -1):
            period = " ".join([*before, *words[begin:end]])
            request = understand(guesses["of_period"].format(period=period), now, language)
            if request and request.period:
                return period
    return ""


def _question(request: Request, guesses: Guesses) -> str:
    name = request.kind.value
    if request.kind is Kind.COUNT and request.where:
        name = "count_where"
    shall = guesses["shall"][name].format(which=_which(request, guesses), where=request.where)
    return shall + guesses["unless"]


def _which(request: Request, guesses: Guesses) -> str:
    which = guesses["which"]
    if request.favourite:
        return " ".join(filter(None, [which["favourites"], request.where]))
    if request.where:
        return which["where"].format(where=request.where)
    if request.order is not Order.NEWEST or request.limit == 1:
        return which[request.order.value]
    return which["several"].format(number=request.limit)
