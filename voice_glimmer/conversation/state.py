"""Where the conversation is, and all that it remembers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from voice_glimmer.conversation.actions import Action, Alter, Ear, Listen, Say
from voice_glimmer.conversation.inviting import NEVER, Plan
from voice_glimmer.conversation.sentences import Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from voice_glimmer.conversation import events as ev
    from voice_glimmer.conversation.deeds import Alteration
    from voice_glimmer.conversation.language import Language
    from voice_glimmer.conversation.requests import Guess, Request


UNCLEAR_AT_MOST = 2
"""Unclear words in a row that are answered: by a question, then by an offer of help."""


class State(Enum):
    """Where the conversation is."""

    RESTING = "resting"
    LISTENING = "listening"
    CONFIRMING = "confirming"
    SAVING = "saving"
    OFFERING = "offering"
    RECALLING = "recalling"
    READING = "reading"
    DELETING = "deleting"
    ALTERING = "altering"
    ASLEEP = "asleep"
    STIRRING = "stirring"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The glimmers in hand: those that are being heard, or were, or the one just kept.

    Attributes:
        memories: In the order in which they are heard.
        at: Which of them "it" is; as many as there are after the last.
        how: Whether they are read in the program's voice or played in the person's own.
        now: The listener's time when they were fetched; None for one that was just kept.
        several: Whether several were asked for, so that their end is worth a word.
        pending: Whether the one before it was deleted, and it is still to be heard.
    """

    memories: tuple[ev.Memory, ...] = ()
    at: int = 0
    how: Kind = Kind.READ
    now: datetime | None = None
    several: bool = False
    pending: bool = False

    @property
    def it(self) -> ev.Memory | None:
        """The glimmer that "it" is: the last one heard or kept; None where there is none."""
        if self.pending or not self.memories:
            return None
        return self.memories[min(self.at, len(self.memories) - 1)]

    def moved(self, by: int) -> Shelf:
        """Return it with another glimmer in hand, as far as there are any."""
        by -= self.pending and by > 0
        return replace(self, at=min(max(self.at + by, 0), len(self.memories)), pending=False)

    def without(self, memory: ev.Memory) -> Shelf:
        """Return it without a glimmer, and with none in hand, if it was there."""
        if all(each.id != memory.id for each in self.memories):
            return self
        left = tuple(each for each in self.memories if each.id != memory.id)
        return replace(self, memories=left, at=min(self.at, len(left)), pending=True)

    def changed(self, memory: ev.Memory) -> Shelf:
        """Return it with a glimmer as it is now; one that was deleted from it is in hand again."""
        if any(each.id == memory.id for each in self.memories):
            same = (memory if each.id == memory.id else each for each in self.memories)
            return replace(self, memories=tuple(same))
        if self.memories and not self.pending:
            return self
        whole = (*self.memories[: self.at], memory, *self.memories[self.at :])
        return replace(self, memories=whole, pending=False)


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that the conversation remembers.

    Attributes:
        state: Where it is.
        turns: How often it was woken; what is said in several ways changes with it.
        phrase: The wake phrase that was said last.
        prompt: What was asked last; kept with the glimmer.
        invitations: How often the person has been invited to speak: none while they may speak on
            in the same breath, a second time when they were silent.
        plan: When the person wants to be invited unasked.
        draft: What was said and waits for the person's word.
        former: What was said before "try again", "add to that" or an unclear answer; given up only
            once the better wording is kept.
        adding: Whether what is said next goes on from `former`.
        doubted: Whether `former` sounded like a request, and was asked about.
        guess: What it was asked to have meant; None where it was not guessed at, or was no.
        denied: What it was guessed to mean, and does not.
        changing: The kept glimmer that is being spoken anew.
        aside: The glimmer that was kept because the wake phrase came instead of an answer.
        unclear: How many times in a row the person was not understood.
        request: What was asked of the journal.
        shelf: The glimmers in hand; they stay there through a rest.
        doing: What is being done to a kept glimmer.
        back: Whether it goes on with the glimmers after that.
        undo: What takes back the last deed; None where there was none.
        unsaved: Drafts to be written as soon as there is rest; their voices are in the spool.
        retry_at: When to try that, in monotonic seconds; None until the next `Tick` sets it.
        ailments: What is wrong with the microphone and is to be said as soon as there is rest.
        asleep: Whether only "wake up" is listened to.
        lost_at: At how many `turns` it was last said that the microphone is lost.
        reply: The name of what to say once the draft is saved.
    """

    state: State = State.RESTING
    turns: int = 0
    phrase: str = ""
    prompt: str = ""
    invitations: int = 0
    plan: Plan = NEVER
    draft: ev.Draft | None = None
    former: ev.Draft | None = None
    adding: bool = False
    doubted: bool = False
    guess: Guess | None = None
    denied: Kind | None = None
    changing: ev.Memory | None = None
    aside: ev.Memory | None = None
    unclear: int = 0
    request: Request | None = None
    shelf: Shelf = field(default_factory=Shelf)
    doing: Alteration | None = None
    back: bool = False
    undo: Alteration | None = None
    unsaved: tuple[ev.Draft, ...] = ()
    retry_at: float | None = None
    ailments: tuple[ev.Ailment, ...] = ()
    asleep: bool = False
    lost_at: int = -1
    reply: str = ""

    @property
    def going_on_from(self) -> tuple[str, ...]:
        """The names of the recordings that what is said next is added to."""
        return self.former.recordings if self.former and self.adding else ()

    @property
    def turn(self) -> int:
        """Which turn this is, from 0."""
        return max(self.turns - 1, 0)


Step = tuple[Conversation, tuple[Action, ...]]
Handler: TypeAlias = "Callable[[Conversation, Any, Language], Step]"
"""Takes the conversation, the event and the language, and returns the step."""


def one(draft: ev.Draft | None) -> tuple[ev.Draft, ...]:
    """Return the draft, if there is one."""
    return (draft,) if draft else ()


def says(c: Conversation, language: Language, name: str, **fields: object) -> Say:
    """Return what says this reply, in the wording whose turn it is."""
    return Say(language.say(name, c.turn, **fields))


def alter(c: Conversation, alteration: Alteration) -> Step:
    """Do something to a kept glimmer, and wait until it is done."""
    return replace(c, state=State.ALTERING, doing=alteration), (Alter(alteration),)


def rest(c: Conversation, *actions: Action) -> Step:
    """Return to rest; drafts still in hand are queued for saving, never dropped."""
    resting = Conversation(
        state=State.ASLEEP if c.asleep else State.RESTING,
        turns=c.turns,
        phrase=c.phrase,
        plan=c.plan,
        shelf=c.shelf,
        undo=c.undo,
        unsaved=(*c.unsaved, *one(c.former), *one(c.draft)),
        retry_at=c.retry_at,
        ailments=c.ailments,
        asleep=c.asleep,
        lost_at=c.lost_at,
    )
    return resting, (*actions, Listen(Ear.WAKE, asleep=c.asleep))
