"""Glimmers are heard, one after the other, and something may be done to each.

The handlers of `machine.TRANSITIONS`; which of them is called when, stands only there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voice_glimmer.conversation.actions import (
    Action,
    Adjust,
    Chime,
    Discard,
    Ear,
    Listen,
    Quote,
    Replay,
    Say,
)
from voice_glimmer.conversation.deeds import Alteration, Deed
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.conversation.state import (
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
    from voice_glimmer.conversation import events as ev
    from voice_glimmer.conversation.language import Language
    from voice_glimmer.conversation.state import Handler

CHIMES = {Deed.DELETE: "no", Deed.CHANGE: "kept"}
"""What is heard of a deed before the words."""


def found(c: Conversation, event: ev.Found, language: Language) -> Step:
    """Say what there is, and begin to read or play it."""
    request = c.request
    assert request is not None  # noqa: S101 - the table calls it for nothing else
    if request.kind is Kind.KNOWN:
        since = event.memories[0].spoken_at if event.memories else None
        return rest(c, Say(language.known(event.total, since, c.turn)))
    if request.kind is Kind.COUNT or not event.memories:
        total = event.total if request.kind is Kind.COUNT else 0
        return rest(c, Say(language.counted(total, request, c.turn)))
    several = request.limit > 1
    shelf = Shelf(event.memories, how=request.kind, now=event.now, several=several)
    after, actions = _hear(replace(c, shelf=shelf, back=True), language)
    announced = language.announced(len(event.memories), event.total, request, c.turn)
    return after, (Say(announced), *actions)


def offer(c: Conversation, event: ev.Recovered, language: Language) -> Step:
    """Tell that something was kept for the person who was cut off, and offer to read it."""
    several = len(event.memories) > 1
    shelf = Shelf(event.memories, now=event.now, several=several)
    offering = replace(c, state=State.OFFERING, shelf=shelf, unclear=0)
    reply = "recovered_several" if several else "recovered"
    return offering, (says(c, language, reply), Listen(Ear.ANSWER))


def hear_offered(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Read it, or play it where the person's own voice was asked for."""
    own_voice = c.request is not None and c.request.kind is Kind.HEAR
    shelf = replace(c.shelf, how=Kind.PLAY if own_voice else Kind.READ)
    return _hear(replace(c, shelf=shelf, back=True), language)


def unclear_about_offer(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Ask a second time, and let it be after that."""
    if c.unclear:
        return rest(c, says(c, language, "stays_kept"))
    asking = replace(c, unclear=1)
    return asking, (Chime("no"), says(c, language, "recovered_again"), Listen(Ear.ANSWER))


def move(by: int) -> Handler:
    """Return a handler that goes on to another glimmer: 1 the next, -1 the one before, 0 again."""

    def handle(c: Conversation, _event: ev.Event, language: Language) -> Step:
        if not c.shelf.memories and not c.shelf.pending:
            return rest(c, says(c, language, "no_it"))
        shelf = c.shelf.moved(by)
        if by == 0 and shelf.memories and shelf.at == len(shelf.memories):
            shelf = shelf.moved(-1)
        several = c.shelf.several or by == 1
        how = (c.request and c.request.how) or shelf.how
        shelf = replace(shelf, several=several, how=how)
        return _hear(replace(c, shelf=shelf, back=True), language)

    return handle


def nothing_more(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Go on, where it goes on by itself."""
    return _hear(replace(c, shelf=c.shelf.moved(1)), language) if c.back else rest(c)


def unclear(c: Conversation, event: ev.Event, language: Language) -> Step:
    """Go on, where it goes on by itself; after the last one ask, once."""
    more = c.back and c.shelf.at + 1 < len(c.shelf.memories)
    if more or c.unclear:
        return nothing_more(c, event, language)
    said = (Chime("no"), says(c, language, "what_shall_i_do"))
    return replace(c, unclear=1), (*said, Listen(Ear.GAP))


def adjust(c: Conversation, _event: ev.Event, _language: Language) -> Step:
    """Speak otherwise from now on; what is heard of that comes with `Adjusted`."""
    assert c.request is not None  # noqa: S101 - the table calls it for nothing else
    after = c if c.state is State.READING else rest(c)[0]
    return after, (Adjust(c.request.kind),)


def adjusted(c: Conversation, event: ev.Adjusted, language: Language) -> Step:
    """Show how that sounds, or say that it goes no further."""
    if event.changed and c.back:
        return move(0)(c, event, language)
    said = says(c, language, "like_this" if event.changed else "no_further")
    return _attend(c, said) if c.back else rest(c, said)


def when(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Say when it was."""
    if c.shelf.it is None or c.shelf.now is None:
        return rest(c, says(c, language, "no_it"))
    moment = language.moment(c.shelf.it.spoken_at, c.shelf.now)
    name = "perhaps_it_was" if c.shelf.it.uncertain else "it_was"
    return _attend(c, says(c, language, name, moment=moment))


def do(deed: Deed) -> Handler:
    """Return a handler that does this to the glimmer in hand."""

    def handle(c: Conversation, _event: ev.Event, language: Language) -> Step:
        if c.shelf.it is None:
            return rest(c, says(c, language, "no_it"))
        tag = c.request.tag if c.request else ""
        return alter(c, Alteration(deed, c.shelf.it, tag))

    return handle


def undo(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Take back the last deed; taken back twice, it stands."""
    if c.undo is None:
        return _attend(c, says(c, language, "nothing_to_undo"))
    return alter(c, c.undo)


def ask_to_delete(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Ask once."""
    if c.shelf.it is None:
        return rest(c, says(c, language, "no_it"))
    deleting = replace(c, state=State.DELETING, unclear=0)
    # Who comes from rest may have another one in mind.
    which = [] if c.state is State.READING else [Quote(c.shelf.it.text)]
    return deleting, (*which, says(c, language, "delete_it"), Listen(Ear.ANSWER))


def spare(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Leave it."""
    return _attend(c, says(c, language, "not_deleted"))


def unclear_about_deleting(c: Conversation, event: ev.Event, language: Language) -> Step:
    """Ask a second time, and leave it after that."""
    if c.unclear:
        return spare(c, event, language)
    asking = replace(c, unclear=1)
    return asking, (Chime("no"), says(c, language, "delete_it_again"), Listen(Ear.ANSWER))


def speak_anew(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Listen for another wording of it."""
    if c.shelf.it is None:
        return rest(c, says(c, language, "no_it"))
    listening = replace(c, state=State.LISTENING, changing=c.shelf.it, invitations=2)
    return listening, (says(c, language, "how_should_it_be"), Listen(Ear.OPEN))


def altered(c: Conversation, event: ev.Altered, language: Language) -> Step:
    """Say what was done, and go on."""
    doing = c.doing
    assert doing is not None  # noqa: S101 - the table calls it for nothing else
    gone = doing.deed is Deed.DELETE
    done = replace(
        c,
        doing=None,
        draft=None,
        former=None,
        changing=None,
        shelf=c.shelf.without(doing.memory) if gone else c.shelf.changed(doing.altered),
        # What was so before it was asked for is nothing to take back.
        undo=doing.undone if event.changed else None,
    )
    let_go = map(Discard, (*one(doing.draft), *one(c.former)))
    chime = "undone" if c.request and c.request.kind is Kind.UNDO else CHIMES.get(doing.deed)
    chimed = [Chime(chime)] if chime else []
    said = says(c, language, f"done_{doing.deed.value}", tag=doing.tag)
    after, actions = _attend(done, *chimed, said)
    return after, (*let_go, *actions)


def alter_failed(c: Conversation, _event: ev.Event, language: Language) -> Step:
    """Say so. A new wording that could not take its place is queued as a glimmer of its own."""
    reply = "save_failed" if c.draft else "alter_failed"
    return rest(c, Chime("no"), says(c, language, reply))


def _attend(c: Conversation, *said: Action) -> Step:
    """Say something in between, and hear whether there is more."""
    return replace(c, state=State.READING), (*said, Listen(Ear.GAP))


def _hear(c: Conversation, language: Language) -> Step:
    """Read or play the glimmer in hand; after the last, rest."""
    shelf = c.shelf
    if shelf.at >= len(shelf.memories):
        return rest(c, *([says(c, language, "read_end")] if shelf.several else []))
    memory = shelf.memories[shelf.at]
    spoken: list[Action] = []
    if shelf.now:
        spoken.append(Say(language.when(memory.spoken_at, shelf.now, uncertain=memory.uncertain)))
    if shelf.how is Kind.PLAY:
        missing = [] if memory.recorded else [says(c, language, "only_words")]
        spoken += [*missing, Replay(memory)]
    else:
        spoken.append(Quote(memory.text))
    return replace(c, state=State.READING, unclear=0), (*spoken, Listen(Ear.GAP))
