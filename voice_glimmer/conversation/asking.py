"""Something is asked for after the wake phrase: the journal, a prompt, a breath, sleep, help.

The handlers of `machine.TRANSITIONS`; which of them is called when, stands only there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.actions import Discard, Ear, Listen, Recall
from voice_glimmer.conversation.state import Conversation, State, Step, one, rest, says
from voice_glimmer.conversation.telling import invite

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_glimmer.conversation.language import Language

    Handler = Callable[[Conversation, ev.Event, Language], Step]

UNCLEAR_AT_MOST = 2
"""Unclear requests in a row that are answered: by a question, then by an offer of help."""


def asked(handler: Handler) -> Handler:
    """Return a handler of what was said after the wake phrase and is a request, not a glimmer.

    A wording from before is queued for saving, and the request's own sound is let go.
    """

    def handle(c: Conversation, event: ev.Event, language: Language) -> Step:
        assert isinstance(event, ev.Spoke)  # noqa: S101 - the table calls it for nothing else
        rested, _ = rest(c)
        now = event.draft.spoken_at
        asking = replace(
            rested,
            state=c.state,
            prompt=c.prompt,
            invitations=c.invitations,
            unclear=c.unclear,
            request=c.request,
            shelf=replace(rested.shelf, now=now),
        )
        after, actions = handler(asking, event, language)
        return after, (Discard(event.draft), *actions)

    return handle


def says_and_rests(reply: str) -> Handler:
    """Return a handler that says this and returns to rest."""

    def handle(c: Conversation, _event: ev.Event, language: Language) -> Step:
        return rest(c, says(c, language, reply))

    return handle


def says_and_listens(reply: str) -> Handler:
    """Return a handler that says this and listens for a glimmer or a request."""

    def handle(c: Conversation, _event: ev.Event, language: Language) -> Step:
        listening = replace(c, state=State.LISTENING, invitations=1)
        return listening, (says(c, language, reply), Listen(Ear.OPEN))

    return handle


def cancel(c: Conversation, event: ev.Event, language: Language) -> Step:
    """Let go what was said before, too; but not the draft that was only to be added to."""
    assert isinstance(event, ev.Spoke)  # noqa: S101 - the table calls it for nothing else
    if c.changing:
        kept, given_up = replace(c, former=None, changing=None), one(c.former)
        after, actions = rest(kept, says(c, language, "left_as_it_was"))
    elif c.adding and c.former:
        confirming = replace(c, state=State.CONFIRMING, draft=c.former, former=None, adding=False)
        given_up = ()
        after, actions = confirming, (says(c, language, "keep_it"), Listen(Ear.ANSWER))
    else:
        given_up = one(c.former)
        after, actions = rest(replace(c, former=None), says(c, language, "resting"))
    return after, (*map(Discard, (event.draft, *given_up)), *actions)


def recall(c: Conversation, _event: ev.Event, _: Language) -> Step:
    """Ask the journal."""
    assert c.request is not None  # noqa: S101 - the table calls it for nothing else
    return replace(c, state=State.RECALLING), (Recall(c.request),)


def another_prompt(c: Conversation, event: ev.Event, language: Language) -> Step:
    """Invite anew."""
    return invite(c, event, language)


def sleep(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Listen for nothing any more but "wake up"."""
    return rest(replace(c, asleep=True), says(c, language, "asleep", phrase=c.phrase))


def stir(c: Conversation, event: ev.Event, _: Language) -> Step:
    """Listen for "wake up", and only that: nothing else that is said is recorded."""
    assert isinstance(event, ev.Woke)  # noqa: S101 - the table calls it for nothing else
    stirring = replace(c, state=State.STIRRING, turns=c.turns + 1, phrase=event.phrase)
    return stirring, (Listen(Ear.WAKE_UP),)


def wake_up(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Be there again."""
    return rest(replace(c, asleep=False), says(c, language, "awake"))


def sleep_on(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Tell how to be woken."""
    return rest(c, says(c, language, "still_asleep", phrase=c.phrase))


def unclear(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Ask once, offer help the second time, and rest the third."""
    if c.unclear >= UNCLEAR_AT_MOST:
        return rest(c, says(c, language, "nothing_heard"))
    reply = "help_offered" if c.unclear else "what_would_you_like"
    listening = replace(c, state=State.LISTENING, unclear=c.unclear + 1, invitations=1)
    return listening, (says(c, language, reply), Listen(Ear.OPEN))
