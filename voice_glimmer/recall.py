"""From what was asked for to which glimmers of the journal are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_glimmer.conversation.requests import Request, understand
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.journal.which import Which

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from voice_glimmer.conversation.language import Language

SPOKEN_AS = {
    "en": ("{}", "read {}", "read my {}", "read my glimmers {}", "read my glimmers from {}"),
    "de": ("{}", "lies {}", "lies meine {}", "lies meine glimmer {}", "lies meine glimmer von {}"),
}
"""How typed words, such as "last week about coffee", may be meant as a request."""

WEEK = {"en": "the last week", "de": "aus den letzten tagen"}
"""How the last seven days are asked for."""


def which(request: Request) -> Which:
    """Return which glimmers a request is about."""
    return Which(
        since=request.period.since if request.period else None,
        until=request.period.until if request.period else None,
        topic=request.topic,
        favourite=request.favourite,
        tag=request.tag,
        on_day=request.on_day,
    )


def typed(words: str, now: datetime, language: Language, ways: Sequence[str]) -> Request:
    """Return what typed words ask for: as by voice, or as a topic where no template fits.

    Args:
        words: Such as "last week about coffee"; may be empty.
        now: The local time, aware.
        language: The language's words.
        ways: Of `SPOKEN_AS`.
    """
    said = " ".join(words.lower().replace(",", " ").split())
    for way in ways if said else ():
        request = understand(way.format(said), now, language)
        if request and request.kind in {Kind.READ, Kind.PLAY}:
            return request
    return Request(Kind.READ, topic=said)
