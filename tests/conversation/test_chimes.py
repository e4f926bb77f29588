"""Whoever cannot see the screen, or does not know the language, can tell the state from chimes."""

import pytest

from tests.conversation.test_machine import ASKED, CONFIRMING, LISTENING, NOW, draft, run, saved
from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.actions import Chime

ROBIN = ev.Memory(7, "the robin sang", NOW)
KEPT = (*CONFIRMING, ev.Answered("yes"), saved(ASKED))
HEARD = (*LISTENING, ev.Spoke(draft("read my last glimmer")), ev.Found((ROBIN,), 1, NOW))
AGAIN = (ev.Woke("hey glimmer"), ev.Spoke(draft("undo that")))


@pytest.mark.parametrize(
    ("events", "chimes"),
    [
        ((ev.Woke("hey glimmer"), ev.FellSilent()), ["woke"]),
        (CONFIRMING, ["ended"]),
        ((*LISTENING, ev.Spoke(draft(), ev.Ending.FULL)), ["ended"]),
        ((*LISTENING, ev.Spoke(draft(), ev.Ending.CUT_SHORT)), []),
        (KEPT, ["kept"]),
        ((*CONFIRMING, ev.SaveFailed(ASKED)), []),
        ((ev.Pressed(),), ["woke"]),
        ((*CONFIRMING, ev.Muted()), ["muted"]),
        ((ev.Muted(), ev.Unmuted()), ["unmuted"]),
        ((*CONFIRMING, ev.Answered("yes"), ev.SaveFailed(ASKED)), ["no"]),
        ((*CONFIRMING, ev.Answered("no")), ["no"]),
        ((*CONFIRMING, ev.Answered("bananas")), ["no"]),
        ((*KEPT, *AGAIN, ev.Altered(changed=True)), ["undone"]),
        ((*KEPT, *AGAIN, ev.AlterFailed()), ["no"]),
        (HEARD, []),
        ((*HEARD, ev.Answered("bananas")), ["no"]),
        ((*HEARD, ev.Answered("make it a favourite"), ev.Altered(changed=True)), []),
        ((*HEARD, ev.Answered("delete it")), []),
        ((*HEARD, ev.Answered("delete it"), ev.Answered("bananas")), ["no"]),
        ((*HEARD, ev.Answered("delete it"), ev.Answered("")), ["no"]),
        (
            (*HEARD, ev.Answered("delete it"), ev.Answered("yes"), ev.Altered(changed=True)),
            ["no"],
        ),
    ],
)
def test_what_is_heard_of(events: tuple[ev.Event, ...], chimes: list[str]):
    _, actions = run(*events)
    assert [action.name for action in actions if isinstance(action, Chime)] == chimes


def test_a_chime_comes_before_the_words():
    for events in (CONFIRMING, KEPT, (*CONFIRMING, ev.Answered("bananas"))):
        _, actions = run(*events)
        assert isinstance(actions[0], Chime)
