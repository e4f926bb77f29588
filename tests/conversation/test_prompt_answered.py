"""What becomes of a prompt, told from one step of the conversation."""

from collections.abc import Sequence

import pytest

from tests.conversation.test_machine import ENGLISH, LISTENING, draft, run
from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.machine import step
from voice_glimmer.conversation.telling import prompt_answered


def became(events: Sequence[ev.Event], before: Sequence[ev.Event] = LISTENING) -> list[bool | None]:
    """Return what each of these events made of a prompt."""
    conversation, _ = run(*before)
    found = []
    for event in events:
        after, _ = step(conversation, event, ENGLISH)
        found.append(prompt_answered(conversation, event, after))
        conversation = after
    return found


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("the sun was warm", True),
        ("give me another prompt", False),
        ("not now", False),
        ("no", False),
        ("stop", False),
        ("go to sleep", False),
        ("read my last glimmer", None),
        ("help", None),
        ("i have a glimmer", None),
    ],
)
def test_what_was_said(said: str, answered: bool | None):
    assert became([ev.Spoke(draft(said))]) == [answered]


def test_silence_counts_once_it_is_not_waited_for_any_more():
    assert became([ev.FellSilent(), ev.FellSilent()]) == [None, False]


def test_a_glimmer_after_the_second_invitation_is_an_answer():
    assert became([ev.FellSilent(), ev.Spoke(draft("the sun was warm"))]) == [None, True]


def test_another_prompt_and_then_silence_are_each_passed_over_once():
    another = (ev.Spoke(draft("give me another prompt")), ev.Invited("What was kind?"))
    silences = (ev.FellSilent(), ev.FellSilent())
    assert became([*another, *silences]) == [False, None, None, False]


def test_what_was_cut_short_was_an_answer():
    assert became([ev.Spoke(draft("the sun was warm"), ev.Ending.CUT_SHORT)]) == [True]


def test_what_was_never_asked_is_not_passed_over():
    woken = LISTENING[:1]
    assert became([ev.Spoke(draft("not now"))], woken) == [None]
    assert became([ev.Spoke(draft("the sun was warm"))], woken) == [None]


@pytest.mark.parametrize(
    "event", [ev.MicrophoneLost(), ev.Woke("hey glimmer"), ev.Interrupted("cancel"), ev.Leaving()]
)
def test_what_comes_between_is_nobodys_choice(event: ev.Event):
    assert became([event]) == [None]
