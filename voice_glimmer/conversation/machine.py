"""The conversation's states and every transition between them.

Everything that affects transitions lives here, and nothing else does. Read `step` from the top:
each `case` is one state and one event, and returns the next conversation and what to do. What
no case names changes nothing.

Three things hold whatever happens (`tests/conversation/test_machine.py` tries to break them):
a draft is discarded only by the person's own "no", "cancel", or "yes" to a better wording, or
because it was a request; every state finds back to rest; at most one `Listen` closes each list
of actions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.actions import (
    Action,
    Chime,
    Discard,
    Ear,
    Hush,
    Invite,
    Keep,
    Listen,
    Quote,
    Recall,
    Say,
)
from voice_glimmer.conversation.requests import (
    ANSWERS,
    INTERRUPTIONS,
    Request,
    answered,
    understand,
)
from voice_glimmer.conversation.sentences import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from voice_glimmer.conversation.language import Language

RETRY_SECONDS = 30.0
"""How long a draft that could not be saved waits for the next attempt."""

AILING = {
    ev.Ailment.DEAD: "microphone_dead",
    ev.Ailment.TOO_LOUD: "microphone_too_loud",
    ev.Ailment.TOO_QUIET: "microphone_too_quiet",
    ev.Ailment.LOSING: "microphone_losing",
}
"""The replies that say what is wrong with the microphone."""


class State(Enum):
    """Where the conversation is."""

    RESTING = "resting"
    LISTENING = "listening"
    CONFIRMING = "confirming"
    SAVING = "saving"
    RECALLING = "recalling"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that the conversation remembers.

    Attributes:
        state: Where it is.
        prompt: What was asked last; kept with the glimmer.
        invitations: How often the person has been invited to speak: none while they may speak on
            in the same breath, a second time when they were silent.
        draft: What was said and waits for the person's word.
        former: What was said before "try again"; given up only once the better wording is kept.
        unclear: How many answers in a row were not understood.
        reply: What to say once the draft is saved.
        request: What was asked of the journal.
        reading: The glimmers still to be read.
        now: The reader's time while reading.
        unsaved: Drafts to be written as soon as there is rest; their voices are in the spool.
        retry_at: When to try that, in monotonic seconds; None until the next `Tick` sets it.
        ailments: What is wrong with the microphone and is to be said as soon as there is rest.
    """

    state: State = State.RESTING
    prompt: str = ""
    invitations: int = 0
    draft: ev.Draft | None = None
    former: ev.Draft | None = None
    unclear: int = 0
    reply: str = ""
    request: Request | None = None
    reading: tuple[ev.Memory, ...] = ()
    now: datetime | None = None
    unsaved: tuple[ev.Draft, ...] = ()
    retry_at: float | None = None
    ailments: tuple[ev.Ailment, ...] = ()


Step = tuple[Conversation, tuple[Action, ...]]


def step(c: Conversation, event: ev.Event, language: Language) -> Step:
    """Return the conversation after `event`, and what to do about it, in order."""
    say = language.replies
    match c.state, event:
        case State.RESTING, ev.Woke():
            # In one breath, perhaps; the chime comes when nothing more does.
            return replace(c, state=State.LISTENING), (Listen(Ear.OPEN),)
        case State.LISTENING | State.CONFIRMING | State.READING, ev.Woke():
            return _woken_anew(c, event, language)
        case _, ev.Interrupted(text=text):
            return _interrupted(c, answered(text, language, INTERRUPTIONS))
        case State.RESTING, ev.Tick() if c.ailments:
            said = (Say(say[AILING[ailment]]) for ailment in c.ailments)
            return replace(c, ailments=()), (*said, Listen(Ear.WAKE))
        case State.RESTING, ev.Tick(at=at) if c.unsaved and c.retry_at is None:
            return replace(c, retry_at=at + RETRY_SECONDS), ()
        case State.RESTING, ev.Tick(at=at) if c.unsaved and c.retry_at and at >= c.retry_at:
            return replace(c, retry_at=None), (Keep(c.unsaved[0]),)
        case _, ev.Saved(draft=draft) if draft in c.unsaved:
            return replace(c, unsaved=tuple(d for d in c.unsaved if d != draft)), ()

        case State.LISTENING, ev.Invited(prompt=prompt):
            return replace(c, prompt=prompt), ()
        case State.LISTENING, ev.Spoke():
            return _spoke(c, event, language)
        case State.LISTENING, ev.FellSilent() if c.former:
            return _keep(replace(c, former=None), c.former, "kept_first")
        case State.LISTENING, ev.FellSilent() if c.invitations == 0:
            return _invite(c)
        case State.LISTENING, ev.FellSilent() if c.invitations == 1:
            return replace(c, invitations=2), (Say(say["still_here"]), Listen(Ear.OPEN))
        case State.LISTENING, ev.FellSilent():
            return _rest(c, Say(say["nothing_heard"]))

        case State.CONFIRMING, ev.Answered(text=text) if c.draft:
            return _answered(c, c.draft, answered(text, language, ANSWERS), language)
        case State.CONFIRMING, ev.FellSilent() if c.draft:
            return _keep(c, c.draft, "kept_to_be_safe")
        case State.CONFIRMING, ev.MicrophoneLost() if c.draft:
            return _keep(c, c.draft, "kept_part")

        case State.SAVING, ev.Saved():
            saved = replace(c, draft=None, former=None)
            return _rest(saved, *map(Discard, _one(c.former)), Chime("kept"), Say(say[c.reply]))
        case State.SAVING, ev.SaveFailed(draft=draft):
            return _rest(replace(c, draft=draft, retry_at=None), Say(say["save_failed"]))

        case State.RECALLING, ev.Found() if c.request:
            return _found(c, c.request, event, language)
        case State.RECALLING, ev.SearchFailed():
            return _rest(c, Say(say["search_failed"]))

        case State.READING, ev.Answered(text=text):
            if answered(text, language, INTERRUPTIONS):
                return _rest(c, Say(say["resting"]))
            return _read_next(c, language)
        case State.READING, ev.FellSilent():
            return _read_next(c, language)

        case State.LISTENING | State.READING, ev.MicrophoneLost():
            return _rest(c, Say(say["microphone_lost"]))
        case State.LISTENING, ev.MicrophoneAiling(ev.Ailment.DEAD, comes_and_goes=False):
            return _rest(_ailing(c, ev.Ailment.DEAD))
        case _, ev.MicrophoneAiling(ailment=ailment, comes_and_goes=False):
            return _ailing(c, ailment), ()
        case _, ev.MicrophoneWell(ailment=ailment):
            return replace(c, ailments=tuple(a for a in c.ailments if a != ailment)), ()
        case _, ev.Leaving():
            left, _ = _rest(c)
            return left, tuple(Keep(draft) for draft in left.unsaved)
        case _:
            return c, ()


def _invite(c: Conversation) -> Step:
    listening = replace(c, state=State.LISTENING, invitations=1)
    return listening, (Chime("woke"), Invite(), Listen(Ear.OPEN))


def _woken_anew(c: Conversation, woke: ev.Woke, language: Language) -> Step:
    """Begin again, as from rest; drafts in hand are kept right away, never dropped."""
    rested, _ = _rest(c)
    woken, actions = step(rested, woke, language)
    return woken, (*map(Keep, rested.unsaved[len(c.unsaved) :]), *actions)


def _interrupted(c: Conversation, word: Kind | None) -> Step:
    """Fall silent. Nothing is let go: a word heard over a voice is too little to go by."""
    match c.state, word:
        case State.READING, Kind.STOP | Kind.CANCEL:
            after, actions = _rest(c)
        case State.LISTENING, Kind.CANCEL:
            after, actions = _rest(c)
        case State.LISTENING, Kind.STOP:
            # Who wanted silence is not invited once more.
            after, actions = replace(c, invitations=2), (Listen(Ear.OPEN),)
        case State.CONFIRMING, Kind.STOP | Kind.CANCEL:
            after, actions = c, (Listen(Ear.ANSWER),)
        case _:
            after, actions = c, ()
    return after, (Hush(), *actions)


def _rest(c: Conversation, *actions: Action) -> Step:
    """Return to rest; drafts still in hand are queued for saving, never dropped."""
    held = (*_one(c.former), *_one(c.draft))
    unsaved = (*c.unsaved, *held)
    resting = Conversation(unsaved=unsaved, retry_at=c.retry_at, ailments=c.ailments)
    return resting, (*actions, Listen(Ear.WAKE))


def _ailing(c: Conversation, ailment: ev.Ailment) -> Conversation:
    return replace(c, ailments=(*(a for a in c.ailments if a != ailment), ailment))


def _keep(c: Conversation, draft: ev.Draft, reply: str) -> Step:
    return replace(c, state=State.SAVING, draft=draft, reply=reply), (Keep(draft),)


def _spoke(c: Conversation, spoke: ev.Spoke, language: Language) -> Step:
    say = language.replies
    draft = replace(spoke.draft, prompt=c.prompt)
    request = understand(draft.text, draft.spoken_at, language)
    match request.kind if request else None:
        case None if spoke.ending is ev.Ending.CUT_SHORT:
            # There may be no "yes" to this wording any more, so the former one stays too.
            both = replace(c, former=None, unsaved=(*c.unsaved, *_one(c.former)))
            return _keep(both, draft, "kept_part")
        case None:
            confirming = replace(c, state=State.CONFIRMING, draft=draft, unclear=0)
            full = (Say(say["full"]),) if spoke.ending is ev.Ending.FULL else ()
            question = (Say(say["heard"]), Quote(draft.text), Say(say["keep_it"]))
            return confirming, (*full, *question, Listen(Ear.ANSWER))
        case Kind.HELP:
            return c, (Discard(draft), Say(say["help"]), Listen(Ear.OPEN))
        case Kind.CANCEL:
            return _let_go(c, draft, "resting", language)
        case Kind.READ | Kind.COUNT if request:
            rested, _ = _rest(c)
            recalling = replace(rested, state=State.RECALLING, request=request)
            return recalling, (Discard(draft), Recall(request))
        case _:
            after, actions = _rest(c, Say(say["resting"]))
            return after, (Discard(draft), *actions)


def _answered(c: Conversation, draft: ev.Draft, answer: Kind | None, language: Language) -> Step:
    say = language.replies
    match answer:
        case Kind.YES:
            return _keep(c, draft, "kept")
        case Kind.NO | Kind.CANCEL:
            return _let_go(c, draft, "let_go", language)
        case Kind.TRY_AGAIN:
            # Of several wordings the last stands for those before it.
            listening = replace(c, state=State.LISTENING, draft=None, former=draft)
            return listening, (
                *map(Discard, _one(c.former)),
                Say(say["again"]),
                Listen(Ear.OPEN),
            )
        case Kind.STOP:
            return _keep(c, draft, "kept_to_be_safe")
        case None if c.unclear:
            return _keep(c, draft, "kept_to_be_safe")
        case _:
            return replace(c, unclear=c.unclear + 1), (Say(say["answer_help"]), Listen(Ear.ANSWER))


def _let_go(c: Conversation, draft: ev.Draft, reply: str, language: Language) -> Step:
    """Drop this draft, and the wording before it: the person said so."""
    given_up = tuple(Discard(each) for each in (draft, *_one(c.former)))
    without = replace(c, draft=None, former=None)
    after, actions = _rest(without, Say(language.replies[reply]))
    return after, (*given_up, *actions)


def _one(draft: ev.Draft | None) -> tuple[ev.Draft, ...]:
    return (draft,) if draft else ()


def _found(c: Conversation, request: Request, found: ev.Found, language: Language) -> Step:
    if request.kind is Kind.COUNT or not found.memories:
        total = found.total if request.kind is Kind.COUNT else 0
        return _rest(c, Say(language.counted(total, request)))
    reading = replace(c, state=State.READING, reading=found.memories, now=found.now)
    after, actions = _read_next(reading, language)
    announced = language.announced(len(found.memories), found.total, request)
    return after, (Say(announced), *actions)


def _read_next(c: Conversation, language: Language) -> Step:
    if not c.reading or c.now is None:
        several = c.request is not None and c.request.limit > 1
        return _rest(c, *([Say(language.replies["read_end"])] if several else []))
    first, *rest = c.reading
    reading = replace(c, reading=tuple(rest))
    spoken = (Say(language.when(first.spoken_at, c.now)), Quote(first.text))
    return reading, (*spoken, Listen(Ear.GAP))
