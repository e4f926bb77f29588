"""What the conversation can ask for. The loop carries these out, in order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_glimmer.conversation.events import Draft
    from voice_glimmer.conversation.requests import Request


class Ear(Enum):
    """What to listen for once everything queued has been spoken."""

    WAKE = "wake phrase"
    OPEN = "a glimmer or a request"
    ANSWER = "a short answer"
    GAP = "a word between two readings"


@dataclass(frozen=True, slots=True)
class Chime:
    """Play a chime from `audio_prompts/chimes/`."""

    name: str


@dataclass(frozen=True, slots=True)
class Invite:
    """Choose a calming prompt and speak it."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak the program's own words; `[1.5s]` in them is a pause."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Speak the person's words, just as they were heard."""

    text: str


@dataclass(frozen=True, slots=True)
class Hush:
    """Fall silent at once; what was still to be said is dropped."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Listen for this, and for nothing else."""

    ear: Ear


@dataclass(frozen=True, slots=True)
class Keep:
    """Write a draft into the journal; answered by `Saved` or `SaveFailed`."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Discard:
    """Remove a draft's voice from the spool: the person said so, or it was a request."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Recall:
    """Fetch or count the glimmers asked for; answered by `Found` or `SearchFailed`."""

    request: Request


Action = Chime | Invite | Say | Quote | Hush | Listen | Keep | Discard | Recall
