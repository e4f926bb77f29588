"""Something is asked for after the wake phrase: the journal, a prompt, a breath, sleep, help.

The handlers of `machine.TRANSITIONS`; which of them is called when, stands only there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.actions import (
    Breathe,
    Chime,
    Discard,
    Ear,
    Keep,
    Listen,
    Recall,
    Say,
)
from voice_glimmer.conversation.deeds import Alteration, Deed
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.conversation.state import (
    UNCLEAR_AT_MOST,
    Conversation,
    State,
    Step,
    alter,
    one,
    rest,
    says,
)
from voice_glimmer.conversation.telling import ask_again, keep_former

if TYPE_CHECKING:
    from voice_glimmer.conversation.actions import Action
    from voice_glimmer.conversation.language import Language
    from voice_glimmer.conversation.state import Handler


def asked(handler: Handler) -> Handler:
    """Return a handler of what was said after the wake phrase and is a request, not a glimmer.

    A wording from before is kept at once, unless it was a try at this request; the request's own
    sound is let go.
    """

    def handle(c: Conversation, event: ev.Event, language: Language) -> Step:
        assert isinstance(event, ev.Spoke)  # noqa: S101 - the table calls it for nothing else
        rested, _ = rest(replace(c, former=None) if c.doubted else c)
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
        let_go = map(Discard, one(c.former if c.doubted else None))
        kept = map(Keep, one(None if c.doubted else c.former))
        return after, (Discard(event.draft), *let_go, *kept, *actions)

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


def aside(handler: Handler) -> Handler:
    """Return a handler of what is asked for while something else stays as it is."""

    def handle(c: Conversation, event: ev.Event, language: Language) -> Step:
        assert isinstance(event, ev.Spoke)  # noqa: S101 - the table calls it for nothing else
        # A guess that was right leaves nothing to keep.
        right = c.guess is not None and c.request is c.guess.request
        asking = replace(c, former=None, doubted=False, guess=None) if right else c
        after, actions = handler(asking, event, language)
        let_go = map(Discard, one(c.former if right else None))
        return after, (Discard(event.draft), *let_go, *actions)

    return handle


def cancel(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Ask about the wording from before, if there is one; nothing is let go unasked."""
    if c.doubted:
        return _let_go(c, language, "resting")
    if c.former:
        return ask_again(c, language)
    return _leave(c, language, "resting")


def answer_early(c: Conversation, event: ev.Event, language: Language) -> Step:
    """Take a "yes" or "no" to the wording from before, to its question, or to the prompt."""
    no = c.request is not None and c.request.kind is Kind.NO
    if c.guess and no:
        again = replace(c, guess=None, denied=c.guess.request.kind)
        said = (Chime("no"), says(c, language, "what_would_you_like_in_doubt"))
        return again, (*said, Listen(Ear.OPEN))
    if c.doubted:
        return _let_go(c, language, "let_go") if no else keep_former(c, "kept")
    if c.former:
        return ask_again(c, language)
    # Once a prompt was spoken, it is the prompt that is answered.
    if c.aside and not c.invitations:
        if not no:
            return rest(c, says(c, language, "kept"))
        return alter(c, Alteration(Deed.DELETE, c.aside))
    if no:
        return _leave(c, language, "not_now")
    return says_and_listens("begin")(c, event, language)


def tell_plan(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Tell when the person is invited unasked."""
    return rest(c, Say(language.plan(c.plan, c.turn)))


def recall(c: Conversation, _event: ev.Event, _: Language) -> Step:
    """Ask the journal."""
    assert c.request is not None  # noqa: S101 - the table calls it for nothing else
    return replace(c, state=State.RECALLING), (Recall(c.request),)


def breathe(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Breathe with the person for a minute."""
    breaths = Breathe(language.say("breathe_in"), language.say("breathe_out"))
    return rest(c, says(c, language, "breathe"), breaths, says(c, language, "breathed"))


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
    return listening, (Chime("no"), says(c, language, reply), Listen(Ear.OPEN))


def doubt(c: Conversation, event: ev.Spoke, language: Language) -> Step:
    """Ask about what only sounds like a request; it stays in hand, for it may be a glimmer.

    Of several tries at a request the last stays.
    """
    tries, draft = map(Discard, one(c.former)), replace(event.draft, prompt=c.prompt)
    # Nothing is let go that was not asked about, however often something else was unclear.
    if c.doubted and c.unclear >= UNCLEAR_AT_MOST:
        after, actions = _let_go(replace(c, former=draft), language, "nothing_heard")
        return after, (*tries, *actions)
    guess = c.request.guess if c.request else None
    if guess and guess.request.kind is not c.denied:
        asks: list[Action] = [Say(guess.question)]
    else:
        reply = "help_offered_in_doubt" if c.unclear else "what_would_you_like_in_doubt"
        guess, asks = None, [Chime("no"), says(c, language, reply)]
    listening = replace(
        c,
        state=State.LISTENING,
        former=draft,
        doubted=True,
        guess=guess,
        unclear=c.unclear + 1,
        invitations=1,
    )
    return listening, (*tries, *asks, Listen(Ear.OPEN))


def _let_go(c: Conversation, language: Language, reply: str) -> Step:
    said = (Chime("no"), says(c, language, reply))
    after, actions = rest(replace(c, former=None), *said)
    return after, (*map(Discard, one(c.former)), *actions)


def _leave(c: Conversation, language: Language, reply: str) -> Step:
    return rest(c, says(c, language, "left_as_it_was" if c.changing else reply))
