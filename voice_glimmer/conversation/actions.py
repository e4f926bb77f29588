"""What the conversation can ask for. The loop carries these out, in order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_glimmer.conversation.deeds import Alteration
    from voice_glimmer.conversation.events import Draft, Memory
    from voice_glimmer.conversation.requests import Request
    from voice_glimmer.conversation.sentences import Kind


class Ear(Enum):
    """What to listen for once everything queued has been spoken."""

    WAKE = "wake phrase"
    OPEN = "a glimmer or a request"
    ANSWER = "a short answer"
    GAP = "a word between two glimmers"
    WAKE_UP = "wake up"


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
class Replay:
    """Play the person's own voice, of a draft or of a kept glimmer; without one, say the words."""

    what: Draft | Memory


@dataclass(frozen=True, slots=True)
class Breathe:
    """Guide through a minute of breathing: a tone, and these words at each breath in and out."""

    inhale: str
    exhale: str


@dataclass(frozen=True, slots=True)
class Adjust:
    """Speak slower, faster, louder or softer, or whisper, from now on; answered by `Adjusted`."""

    how: Kind


@dataclass(frozen=True, slots=True)
class Hush:
    """Fall silent at once; what was still to be said is dropped."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Listen for this, and for nothing else; asleep, the wake phrase only leads to "wake up"."""

    ear: Ear
    asleep: bool = False


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


@dataclass(frozen=True, slots=True)
class Alter:
    """Do something to a kept glimmer; answered by `Altered` or `AlterFailed`."""

    alteration: Alteration


Action = (
    Chime
    | Invite
    | Say
    | Quote
    | Replay
    | Breathe
    | Adjust
    | Hush
    | Listen
    | Keep
    | Discard
    | Recall
    | Alter
)
