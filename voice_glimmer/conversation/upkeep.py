"""What happens beside the talk: time, the microphone, interruptions, and leaving.

The handlers of `machine.TRANSITIONS`; which of them is called when, stands only there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.actions import Chime, Ear, Hush, Invite, Keep, Listen, Say
from voice_glimmer.conversation.deeds import Alteration, Deed
from voice_glimmer.conversation.requests import INTERRUPTIONS, answered
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.conversation.state import Conversation, Shelf, State, Step, rest, says

if TYPE_CHECKING:
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


def woken(c: Conversation, event: ev.Woke, _: Language) -> Step:
    """Listen. In one breath, perhaps; the chime comes when nothing more does.

    Drafts in hand are kept right away, never dropped; what sounded like a request stays in hand.
    """
    doubted = c.former if c.doubted else None
    rested, _actions = rest(replace(c, former=None) if doubted else c)
    listening = replace(
        rested,
        state=State.LISTENING,
        turns=c.turns + 1,
        phrase=event.phrase,
        asleep=False,
        former=doubted,
        doubted=c.doubted,
        unclear=c.unclear if doubted else 0,
    )
    return listening, (*map(Keep, rested.unsaved[len(c.unsaved) :]), Listen(Ear.OPEN))


def pressed(c: Conversation, _event: ev.Event, _: Language) -> Step:
    """Fall silent and invite, as after a wake phrase alone; what is in hand is kept first."""
    rested, _actions = rest(c)
    listening = replace(rested, state=State.LISTENING, turns=c.turns + 1, invitations=1)
    kept = map(Keep, rested.unsaved[len(c.unsaved) :])
    return listening, (Hush(), *kept, Chime("woke"), Invite(), Listen(Ear.OPEN))


def muted(c: Conversation, _event: ev.Event, _: Language) -> Step:
    """Say by a chime that the microphone is off; what is in hand is kept."""
    rested, (listen,) = rest(c)
    kept = map(Keep, rested.unsaved[len(c.unsaved) :])
    return rested, (Hush(), Chime("muted"), *kept, listen)


def unmuted(c: Conversation, _event: ev.Event, _: Language) -> Step:
    """Say by a chime that it is on again."""
    return c, (Chime("unmuted"), Listen(Ear.WAKE, asleep=c.asleep))


def interrupted(c: Conversation, event: ev.Interrupted, language: Language) -> Step:
    """Fall silent. Nothing is let go: a word heard over a voice is too little to go by."""
    word = answered(event.text, language, INTERRUPTIONS)
    match c.state, word.kind if word else None:
        case State.READING, Kind.STOP | Kind.CANCEL:
            after, actions = rest(c)
        case State.LISTENING, Kind.CANCEL:
            after, actions = rest(c)
        case State.LISTENING, Kind.STOP:
            # Who wanted silence is not invited once more.
            after, actions = replace(c, invitations=2), (Listen(Ear.OPEN),)
        case State.CONFIRMING | State.OFFERING | State.DELETING, Kind.STOP | Kind.CANCEL:
            after, actions = c, (Listen(Ear.ANSWER),)
        case _:
            after, actions = c, ()
    return after, (Hush(), *actions)


def ticked(c: Conversation, event: ev.Tick, language: Language) -> Step:
    """At rest: tell what ails the microphone, and write what could not be written."""
    if c.ailments and not c.asleep:
        said = (Say(language.say(AILING[ailment], c.turn)) for ailment in c.ailments)
        return rest(replace(c, ailments=()), *said)
    if c.unsaved and c.retry_at is None:
        return replace(c, retry_at=event.at + RETRY_SECONDS), ()
    if c.unsaved and c.retry_at is not None and event.at >= c.retry_at:
        return replace(c, retry_at=None), (Keep(c.unsaved[0]),)
    return c, ()


def saved_late(c: Conversation, event: ev.Saved, _: Language) -> Step:
    """One draft less that waits; it is what was kept last, and "it" for who woke the program."""
    unsaved = tuple(each for each in c.unsaved if each != event.draft)
    done = replace(c, unsaved=unsaved, undo=Alteration(Deed.DELETE, event.memory))
    if c.state is not State.LISTENING:
        return done, ()
    return replace(done, shelf=Shelf((event.memory,)), aside=event.memory), ()


def lost(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Say that nothing is heard any more."""
    return rest(replace(c, lost_at=c.turns), says(c, language, "microphone_lost"))


def lost_at_rest(c: Conversation, event: ev.Event, language: Language) -> Step:
    """Say so, but not again and again: a loose plug can come and go all night."""
    return (c, ()) if c.lost_at == c.turns else lost(c, event, language)


def back_at_rest(c: Conversation, _event: ev.Event, _: Language) -> Step:
    """Drop what is still to be said about it: a sound server that hung says it only now."""
    return c, (Hush(),)


def ailing(c: Conversation, event: ev.MicrophoneAiling, _: Language) -> Step:
    """Note it until there is rest; a dead microphone ends the wait for words."""
    if event.comes_and_goes:
        return c, ()
    others = tuple(each for each in c.ailments if each != event.ailment)
    noted = replace(c, ailments=(*others, event.ailment))
    dead = event.ailment is ev.Ailment.DEAD
    return rest(noted) if dead and c.state is State.LISTENING else (noted, ())


def well(c: Conversation, event: ev.MicrophoneWell, _: Language) -> Step:
    """Forget it."""
    return replace(c, ailments=tuple(each for each in c.ailments if each != event.ailment)), ()


def rest_quietly(c: Conversation, _event: ev.Event, _: Language) -> Step:
    """Say nothing to someone who says nothing."""
    return rest(c)


def leave(c: Conversation, _event: ev.Event, _: Language) -> Step:
    """Keep what is in hand."""
    left, _actions = rest(c)
    return left, tuple(map(Keep, left.unsaved))
