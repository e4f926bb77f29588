"""The conversation's states and every transition between them.

What leads where stands in `TRANSITIONS`, and nowhere else. Read it from the top: in these states,
on this event, and, where words were understood, on what was asked for with them, this handler
says what to do, and the conversation is in one of those states afterwards. The first line that
fits counts; what no line fits changes nothing.

Three things hold whatever happens (`tests/conversation/test_any_conversation.py` tries to break
them): a draft is discarded only by the person's own "no", "cancel", or "yes" to a better wording,
or because it was a request, or sounded like one and something else was said when that was asked
about; every state finds back to rest; at most one `Listen`, the last, is in each list of actions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voice_glimmer.conversation import asking, browsing, telling, upkeep
from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.asking import aside, asked, says_and_listens, says_and_rests
from voice_glimmer.conversation.browsing import do, move
from voice_glimmer.conversation.deeds import Deed
from voice_glimmer.conversation.guessing import guess
from voice_glimmer.conversation.requests import (
    ANSWERS,
    EARLY,
    WHILE_HEARING,
    Request,
    answered,
    understand,
)
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.conversation.state import Conversation, State, Step

if TYPE_CHECKING:
    from collections.abc import Set

    from voice_glimmer.conversation.language import Language
    from voice_glimmer.conversation.state import Handler


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table.

    Attributes:
        states: In which states it holds.
        event: On which event.
        kinds: On what was asked for; None stands for a glimmer, for an answer that was not
            understood, and for events without words.
        to: In which states the conversation may be afterwards.
        handler: What says what to do.
    """

    states: Set[State]
    event: type[ev.Event]
    kinds: Set[Kind | None]
    to: Set[State]
    handler: Handler


T, S, K = Transition, State, Kind
NONE: Set[Kind | None] = {None}
ANY: Set[Kind | None] = {*K, None}
REST = {S.RESTING, S.ASLEEP}
HEARS = {S.READING, S.RESTING}
TALKS = {S.LISTENING, S.CONFIRMING, S.OFFERING, S.READING, S.DELETING}
VOICE = {K.SLOWER, K.FASTER, K.LOUDER, K.SOFTER, K.WHISPER, K.ALOUD}

OF_IT: tuple[tuple[Kind, Set[State], Handler], ...] = (
    (K.NEXT, HEARS, move(1)),
    (K.PREVIOUS, HEARS, move(-1)),
    (K.AGAIN, HEARS, move(0)),
    (K.WHEN, HEARS, browsing.when),
    (K.FAVOURITE, {S.ALTERING, S.RESTING}, do(Deed.FAVOUR)),
    (K.TAG, {S.ALTERING, S.RESTING}, do(Deed.TAG)),
    (K.DELETE, {S.DELETING, S.RESTING}, browsing.ask_to_delete),
    (K.CHANGE, {S.LISTENING, S.RESTING}, browsing.speak_anew),
    (K.UNDO, {S.ALTERING, S.READING}, browsing.undo),
)
"""What is asked for of the glimmer in hand, after the wake phrase and between two alike."""

TRANSITIONS = (
    # Waking, and sleeping.
    T({S.RESTING} | TALKS, ev.Woke, NONE, {S.LISTENING}, upkeep.woken),
    T({S.ASLEEP, S.STIRRING}, ev.Woke, NONE, {S.STIRRING}, asking.stir),
    T({S.STIRRING}, ev.Answered, {K.WAKE_UP}, {S.RESTING}, asking.wake_up),
    T({S.STIRRING}, ev.Answered, ANY, {S.ASLEEP}, asking.sleep_on),
    T({S.STIRRING}, ev.FellSilent, NONE, {S.ASLEEP}, asking.sleep_on),
    T({S.ASLEEP, S.STIRRING}, ev.Pressed, NONE, {S.RESTING}, asking.wake_up),
    T({S.RESTING} | TALKS, ev.Pressed, NONE, {S.LISTENING}, upkeep.pressed),
    # A glimmer.
    T({S.RESTING}, ev.TimeToInvite, NONE, {S.LISTENING}, telling.come_up),
    T({S.LISTENING}, ev.Invited, NONE, {S.LISTENING}, telling.invited),
    T({S.LISTENING}, ev.FellSilent, NONE,
      {S.LISTENING, S.CONFIRMING, S.SAVING, S.ALTERING, S.RESTING}, telling.silent),
    T({S.LISTENING}, ev.Spoke, NONE, {S.CONFIRMING, S.SAVING}, telling.told),
    T({S.LISTENING}, ev.Spoke, EARLY, {S.CONFIRMING, S.LISTENING, S.SAVING, S.ALTERING, S.RESTING},
      aside(asking.answer_early)),
    T({S.CONFIRMING}, ev.Answered, {K.YES, K.KEEP}, {S.SAVING, S.ALTERING}, telling.yes),
    T({S.CONFIRMING}, ev.Answered, {K.NO, K.DELETE, K.CANCEL}, {S.RESTING}, telling.no),
    T({S.CONFIRMING}, ev.Answered, {K.TRY_AGAIN}, {S.LISTENING}, telling.try_again),
    T({S.CONFIRMING}, ev.Answered, {K.ADD}, {S.LISTENING}, telling.add),
    T({S.CONFIRMING}, ev.Answered, {K.HEAR}, {S.CONFIRMING}, telling.hear_draft),
    T({S.CONFIRMING}, ev.Answered, {K.HELP}, {S.CONFIRMING}, telling.explain),
    T({S.CONFIRMING}, ev.Answered, {K.STOP}, {S.SAVING}, telling.keep_to_be_safe),
    T({S.CONFIRMING}, ev.Answered, ANY, {S.CONFIRMING, S.SAVING}, telling.unclear),
    T({S.CONFIRMING}, ev.FellSilent, NONE, {S.SAVING}, telling.keep_to_be_safe),
    T({S.CONFIRMING}, ev.MicrophoneLost, NONE, {S.SAVING}, telling.keep_part),
    T({S.SAVING}, ev.Saved, NONE, {S.RESTING}, telling.saved),
    T({S.SAVING}, ev.SaveFailed, NONE, {S.RESTING}, telling.save_failed),
    T(set(S), ev.Saved, NONE, set(S), upkeep.saved_late),
    # A request after the wake phrase.
    T({S.LISTENING}, ev.Spoke, {K.READ, K.PLAY, K.COUNT, K.KNOWN}, {S.RECALLING},
      asked(asking.recall)),
    T({S.LISTENING}, ev.Spoke, {K.BEGIN}, {S.LISTENING}, aside(says_and_listens("begin"))),
    T({S.LISTENING}, ev.Spoke, {K.PROMPT}, {S.LISTENING}, aside(telling.invite)),
    T({S.LISTENING}, ev.Spoke, {K.HELP}, {S.LISTENING}, aside(says_and_listens("help"))),
    T({S.LISTENING}, ev.Spoke, {K.BREATHE}, {S.RESTING}, asked(asking.breathe)),
    T({S.LISTENING}, ev.Spoke, {K.INVITED}, {S.RESTING}, asked(asking.tell_plan)),
    T({S.LISTENING}, ev.Spoke, {K.NOT_NOW}, {S.RESTING}, asked(says_and_rests("not_now"))),
    T({S.LISTENING}, ev.Spoke, {K.WAKE_UP}, {S.RESTING}, asked(says_and_rests("awake"))),
    T({S.LISTENING}, ev.Spoke, {K.STOP}, {S.RESTING}, asked(says_and_rests("resting"))),
    T({S.LISTENING}, ev.Spoke, {K.SLEEP}, {S.ASLEEP}, asked(asking.sleep)),
    T({S.LISTENING}, ev.Spoke, {K.CANCEL}, {S.RESTING, S.CONFIRMING}, aside(asking.cancel)),
    T({S.LISTENING}, ev.Spoke, {K.UNCLEAR}, {S.LISTENING, S.RESTING}, aside(asking.unclear)),
    T({S.LISTENING}, ev.Spoke, {K.DOUBTFUL}, {S.LISTENING, S.RESTING}, asking.doubt),
    T({S.LISTENING}, ev.Spoke, VOICE, {S.RESTING}, asked(browsing.adjust)),
    *(T({S.LISTENING}, ev.Spoke, {kind}, to, asked(handler)) for kind, to, handler in OF_IT),
    # What an earlier run was hearing when it was cut off is offered.
    T({S.RESTING}, ev.Recovered, NONE, {S.OFFERING}, browsing.offer),
    T({S.OFFERING}, ev.Answered, {K.YES, K.KEEP, K.HEAR}, {S.READING}, browsing.hear_offered),
    T({S.OFFERING}, ev.Answered, {K.DELETE}, {S.DELETING}, browsing.ask_to_delete),
    T({S.OFFERING}, ev.Answered, {K.NO, K.STOP, K.CANCEL}, {S.RESTING},
      says_and_rests("stays_kept")),
    T({S.OFFERING}, ev.Answered, ANY, {S.OFFERING, S.RESTING}, browsing.unclear_about_offer),
    T({S.OFFERING}, ev.FellSilent, NONE, {S.RESTING}, upkeep.rest_quietly),
    # Glimmers are heard.
    T({S.RECALLING}, ev.Found, NONE, HEARS, browsing.found),
    T({S.RECALLING}, ev.SearchFailed, NONE, {S.RESTING}, says_and_rests("search_failed")),
    T({S.READING}, ev.FellSilent, NONE, HEARS, browsing.nothing_more),
    T({S.READING}, ev.Answered, {K.STOP, K.CANCEL}, {S.RESTING}, says_and_rests("resting")),
    T({S.READING}, ev.Answered, VOICE, {S.READING}, browsing.adjust),
    T(HEARS, ev.Adjusted, NONE, HEARS, browsing.adjusted),
    *(T({S.READING}, ev.Answered, {kind}, to, handler) for kind, to, handler in OF_IT),
    T({S.READING}, ev.Answered, ANY, HEARS, browsing.unclear),
    T({S.DELETING}, ev.Answered, {K.YES, K.DELETE}, {S.ALTERING, S.RESTING}, do(Deed.DELETE)),
    T({S.DELETING}, ev.Answered, NONE, {S.DELETING, S.READING}, browsing.unclear_about_deleting),
    T({S.DELETING}, ev.Answered, ANY, {S.READING}, browsing.spare),
    T({S.DELETING}, ev.FellSilent, NONE, {S.READING}, browsing.spare),
    T({S.ALTERING}, ev.Altered, NONE, HEARS, browsing.altered),
    T({S.ALTERING}, ev.AlterFailed, NONE, {S.RESTING}, browsing.alter_failed),
    # Beside the talk.
    T({S.RESTING}, ev.Tick, NONE, {S.RESTING}, upkeep.ticked),
    T({S.ASLEEP}, ev.Tick, NONE, {S.ASLEEP}, upkeep.ticked),
    T({S.RESTING}, ev.BackupFailing, NONE, {S.RESTING}, says_and_rests("backup_failing")),
    T({S.RESTING}, ev.FallingBehind, NONE, {S.RESTING}, says_and_rests("falling_behind")),
    T(set(S), ev.Interrupted, ANY, set(S), upkeep.interrupted),
    T({S.LISTENING, S.OFFERING, S.READING, S.DELETING}, ev.MicrophoneLost, NONE, {S.RESTING},
      upkeep.lost),
    T({S.RESTING}, ev.MicrophoneLost, NONE, {S.RESTING}, upkeep.lost_at_rest),
    T({S.RESTING}, ev.MicrophoneBack, NONE, {S.RESTING}, upkeep.back_at_rest),
    T({S.STIRRING}, ev.MicrophoneLost, NONE, {S.ASLEEP}, upkeep.lost),
    T(set(S), ev.MicrophoneAiling, NONE, set(S), upkeep.ailing),
    T(set(S), ev.MicrophoneWell, NONE, set(S), upkeep.well),
    T(set(S), ev.Muted, NONE, REST, upkeep.muted),
    T({S.RESTING}, ev.Unmuted, NONE, {S.RESTING}, upkeep.unmuted),
    T({S.ASLEEP}, ev.Unmuted, NONE, {S.ASLEEP}, upkeep.unmuted),
    T(set(S), ev.Leaving, NONE, REST, upkeep.leave),
)  # fmt: skip


def step(c: Conversation, event: ev.Event, language: Language) -> Step:
    """Return the conversation after `event`, and what to do about it, in order."""
    request = request_in(c, event, language)
    line = fitting(c.state, event, request.kind if request else None)
    if line is None:
        return c, ()
    return line.handler(replace(c, request=request) if request else c, event, language)


def fitting(state: State, event: ev.Event, kind: Kind | None) -> Transition | None:
    """Return the line of the table that counts, or None."""
    return next(
        (
            line
            for line in TRANSITIONS
            if state in line.states and isinstance(event, line.event) and kind in line.kinds
        ),
        None,
    )


def request_in(c: Conversation, event: ev.Event, language: Language) -> Request | None:
    """Return what was asked for, as far as the words and the state of the conversation tell."""
    match event:
        case ev.Spoke(draft=draft, ending=ending) if c.state is S.LISTENING:
            early = answered(draft.text, language, EARLY)
            if c.guess and early and early.kind is K.YES:
                return c.guess.request
            asked = early or understand(draft.text, draft.spoken_at, language)
            if asked or ending is ev.Ending.CUT_SHORT:
                return asked
            return _doubtful(c, draft, language)
        case ev.Answered(text=text):
            among = {S.READING: WHILE_HEARING, S.STIRRING: frozenset({K.WAKE_UP})}
            return answered(text, language, among.get(c.state, ANSWERS))
        case _:
            return None


def _doubtful(c: Conversation, draft: ev.Draft, language: Language) -> Request | None:
    """Return a request that is only guessed at, but not where a glimmer is awaited."""
    awaited = c.changing or (c.former and not c.doubted)
    if awaited or language.likely is None or not language.likely.doubts(draft.text):
        return None
    return Request(K.DOUBTFUL, guess=guess(draft.text, draft.spoken_at, language))
