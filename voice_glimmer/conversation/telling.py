"""A glimmer is told: invited, heard, read back, and kept or let go.

The handlers of `machine.TRANSITIONS`; which of them is called when, stands only there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.actions import (
    Chime,
    Discard,
    Ear,
    Invite,
    Keep,
    Listen,
    Quote,
    Replay,
)
from voice_glimmer.conversation.deeds import Alteration, Deed
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.conversation.state import (
    UNCLEAR_AT_MOST,
    Conversation,
    Shelf,
    State,
    Step,
    alter,
    one,
    rest,
    says,
)

if TYPE_CHECKING:
    from voice_glimmer.conversation.actions import Action
    from voice_glimmer.conversation.language import Language


UNASKED = 3
"""Stands for the number of invitations where the program came up with the first by itself."""


def prompt_answered(before: Conversation, event: ev.Event, after: Conversation) -> bool | None:
    """Tell what became of a prompt in this step.

    Returns:
        True if something was told. False if it was passed over: by silence, or by words after which
        there is rest, or another prompt. None while it is open, or where that cannot be told.
    """
    told_or_not = isinstance(event, ev.Spoke | ev.FellSilent)
    if before.state is not State.LISTENING or not before.prompt or not told_or_not:
        return None
    if after.state in {State.CONFIRMING, State.SAVING}:
        return True
    another = isinstance(event, ev.Spoke) and after.request and after.request.kind is Kind.PROMPT
    return False if another or after.state in {State.RESTING, State.ASLEEP} else None


def invited(c: Conversation, event: ev.Invited, _: Language) -> Step:
    """Remember what was asked."""
    return replace(c, prompt=event.prompt), ()


def invite(c: Conversation, _event: ev.Event, _: Language) -> Step:
    """Chime, and ask what was good."""
    listening = replace(c, state=State.LISTENING, invitations=1)
    return listening, (Chime("woke"), Invite(), Listen(Ear.OPEN))


def come_up(c: Conversation, event: ev.Event, language: Language) -> Step:
    """Invite, unasked; no answer is as good as any."""
    after, actions = invite(replace(c, turns=c.turns + 1), event, language)
    return replace(after, invitations=UNASKED), actions


def silent(c: Conversation, event: ev.FellSilent, language: Language) -> Step:
    """Nothing was said, where a glimmer or a request was awaited."""
    if c.changing and c.former and not c.adding:
        return yes(replace(c, draft=c.former, former=None), event, language)
    if c.changing and not c.former:
        return rest(c, says(c, language, "left_as_it_was"))
    if c.former and c.adding:
        return ask_again(c, language)
    if c.former:
        return keep_former(c, "kept_to_be_safe" if c.doubted else "kept_first")
    match c.invitations:
        case 0:
            return invite(c, event, language)
        case 1:
            again = (says(c, language, "still_here"), Listen(Ear.OPEN))
            return replace(c, invitations=2), again
        case _ if c.invitations == UNASKED:
            return rest(c)
        case _:
            return rest(c, says(c, language, "nothing_heard"))


def told(c: Conversation, event: ev.Spoke, language: Language) -> Step:
    """Read back what was said, and ask whether to keep it."""
    draft = replace(event.draft, prompt=c.prompt)
    if c.former and c.adding:
        draft, c = c.former.followed_by(draft), replace(c, former=None, adding=False)
    if event.ending is ev.Ending.CUT_SHORT:
        # There may be no "yes" to this wording any more, so the former one stays too.
        both = replace(c, former=None, changing=None, unsaved=(*c.unsaved, *one(c.former)))
        return _keep(replace(both, lost_at=c.turns), draft, "kept_part")
    confirming = replace(c, state=State.CONFIRMING, draft=draft, unclear=0, doubted=False)
    full = (says(c, language, "full"),) if event.ending is ev.Ending.FULL else ()
    other = (says(c, language, "kept_first"),) if c.aside else ()
    heard = (Chime("ended"), *other, *full, says(c, language, "heard"), Quote(draft.text))
    return confirming, (*heard, says(c, language, "keep_it"), Listen(Ear.ANSWER))


def keep_former(c: Conversation, reply: str) -> Step:
    """Keep what was said before."""
    assert c.former is not None  # noqa: S101 - asked for where there is one
    return _keep(replace(c, former=None, doubted=False), c.former, reply)


def yes(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Keep the draft, or put it in the place of the glimmer that is being changed."""
    if c.draft and c.changing:
        return alter(c, Alteration(Deed.CHANGE, c.changing, draft=c.draft))
    return _kept(c, "kept", language)


def keep_to_be_safe(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Keep the draft: nobody said no."""
    return _kept(replace(c, changing=None), "kept_to_be_safe", language)


def keep_part(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Keep the draft: the person cannot be heard any more."""
    return _kept(replace(c, changing=None, lost_at=c.turns), "kept_part", language)


def no(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Let the draft go, and the wording before it: the person said so."""
    given_up = [*one(c.draft), *one(c.former)]
    reply = "left_as_it_was" if c.changing else "let_go"
    said = (Chime("no"), says(c, language, reply))
    after, actions = rest(replace(c, draft=None, former=None), *said)
    return after, (*map(Discard, given_up), *actions)


def try_again(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Hear it anew; of several wordings the last stands for those before it."""
    listening = replace(c, state=State.LISTENING, draft=None, former=c.draft)
    said = (says(c, language, "again"), Listen(Ear.OPEN))
    return listening, (*map(Discard, one(c.former)), *said)


def add(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Hear what goes on from it; a wording before it, from "try again", has had its successor."""
    listening = replace(c, state=State.LISTENING, draft=None, former=c.draft, adding=True)
    said = (says(c, language, "go_on"), Listen(Ear.OPEN))
    return listening, (*map(Discard, one(c.former)), *said)


def hear_draft(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Play the person's own voice, and ask again."""
    played = [Replay(draft) for draft in one(c.draft)]
    return c, (*played, says(c, language, "keep_it"), Listen(Ear.ANSWER))


def explain(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Say what can be answered."""
    return c, (says(c, language, "answer_help"), Listen(Ear.ANSWER))


def unclear(c: Conversation, event: ev.Event, language: Language) -> Step:
    """Ask once, offer help the second time, and keep the draft the third."""
    if c.unclear >= UNCLEAR_AT_MOST:
        return keep_to_be_safe(c, event, language)
    reply = "answer_help" if c.unclear else "keep_it_again"
    said = (Chime("no"), says(c, language, reply))
    return replace(c, unclear=c.unclear + 1), (*said, Listen(Ear.ANSWER))


def saved(c: Conversation, event: ev.Saved, language: Language) -> Step:
    """Say that it is kept; it can be undone, and is what "it" means now."""
    done = replace(
        c,
        draft=None,
        former=None,
        shelf=Shelf((event.memory,)),
        undo=Alteration(Deed.DELETE, event.memory),
    )
    chimed = (Chime("kept"), says(c, language, c.reply))
    after, actions = rest(done, *chimed)
    return after, (*map(Discard, one(c.former)), *actions)


def ask_again(c: Conversation, language: Language) -> Step:
    """Ask about the wording from before, now that there is no other."""
    confirming = replace(
        c, state=State.CONFIRMING, draft=c.former, former=None, adding=False, unclear=0
    )
    return confirming, (says(c, language, "keep_it"), Listen(Ear.ANSWER))


def save_failed(c: Conversation, event: ev.SaveFailed, language: Language) -> Step:
    """Say that it waits."""
    # What was done before is not what "undo that" means now.
    waiting = replace(c, draft=event.draft, retry_at=None, undo=None)
    return rest(waiting, Chime("no"), says(c, language, "save_failed"))


def _kept(c: Conversation, reply: str, language: Language) -> Step:
    return _keep(c, c.draft, reply) if c.draft else rest(c, says(c, language, "resting"))


def _keep(c: Conversation, draft: ev.Draft, reply: str) -> Step:
    keep: Action = Keep(draft)
    return replace(c, state=State.SAVING, draft=draft, reply=reply), (keep,)
