"""What is understood: the kinds of it, and what a sentence asks for; found by `templates.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(Enum):
    """Everything that can be asked for by voice: the names of the templates' intents.

    `DOUBTFUL` has no templates: it stands for what only sounds like a request.
    """

    YES = "yes"
    NO = "no"
    TRY_AGAIN = "try_again"
    KEEP = "keep"
    ADD = "add"
    HEAR = "hear"
    BEGIN = "begin"
    READ = "read"
    PLAY = "play"
    COUNT = "count"
    NEXT = "next"
    PREVIOUS = "previous"
    AGAIN = "again"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    SOFTER = "softer"
    WHISPER = "whisper"
    ALOUD = "aloud"
    WHEN = "when"
    FAVOURITE = "favourite"
    TAG = "tag"
    DELETE = "delete"
    CHANGE = "change"
    UNDO = "undo"
    KNOWN = "known"
    INVITED = "invited"
    PROMPT = "prompt"
    BREATHE = "breathe"
    NOT_NOW = "not_now"
    SLEEP = "sleep"
    WAKE_UP = "wake_up"
    STOP = "stop"
    CANCEL = "cancel"
    HELP = "help"
    UNCLEAR = "unclear"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Match:
    """What a sentence asks for: its kind, and what stands in its template's slots."""

    kind: Kind
    slots: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence made from a template, and what it has to be understood as."""

    text: str
    match: Match
