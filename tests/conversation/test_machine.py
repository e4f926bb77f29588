from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation import language as languages
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
from voice_glimmer.conversation.machine import step
from voice_glimmer.conversation.periods import Period
from voice_glimmer.conversation.requests import (
    Order,
    Request,
)
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.conversation.state import Conversation, Shelf, State
from voice_glimmer.conversation.upkeep import AILING, RETRY_SECONDS

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
ENGLISH = languages.load("en")
SAY = {name: wordings[0] for name, wordings in ENGLISH.replies.items()}
"""The wordings whose turn is the first."""


def draft(text: str = "the sun was warm", name: str = "a") -> ev.Draft:
    return ev.Draft(text, (), NOW, name, 2.0)


def saved(draft: ev.Draft) -> ev.Saved:
    return ev.Saved(draft, ev.Memory(7, draft.text, draft.spoken_at))


def at_rest(c: Conversation) -> bool:
    """Tell whether nothing is left but what a rest remembers on purpose."""
    blank = replace(c, turns=0, phrase="", shelf=Shelf(), undo=None, lost_at=-1)
    return blank == Conversation()


def run(*events: ev.Event, start: Conversation | None = None) -> tuple[Conversation, list[Action]]:
    """Return where these events lead, and what the last of them asked for."""
    conversation, actions = start or Conversation(), tuple[Action, ...]()
    for event in events:
        conversation, actions = step(conversation, event, ENGLISH)
    return conversation, list(actions)


LISTENING = (ev.Woke("hey glimmer"), ev.FellSilent(), ev.Invited("What was good?"))
CONFIRMING = (*LISTENING, ev.Spoke(draft()))
ASKED = ev.Draft("the sun was warm", (), NOW, "a", 2.0, "What was good?")


def test_waking_without_another_word_chimes_invites_and_listens():
    conversation, actions = run(ev.Woke("hey glimmer"), ev.FellSilent())
    assert conversation.state is State.LISTENING
    assert actions == [Chime("woke"), Invite(), Listen(Ear.OPEN)]


def test_in_one_breath_nothing_is_said_in_between():
    conversation, actions = run(ev.Woke("hey glimmer"))
    assert actions == [Listen(Ear.OPEN)]
    _, actions = run(ev.Spoke(draft("read my last glimmer")), start=conversation)
    assert actions[1] == Recall(Request(Kind.READ, limit=1))


def test_a_glimmer_is_read_back_and_asked_about():
    conversation, actions = run(*CONFIRMING)
    assert conversation.state is State.CONFIRMING
    assert actions == [
        Chime("ended"),
        Say(SAY["heard"]),
        Quote("the sun was warm"),
        Say(SAY["keep_it"]),
        Listen(Ear.ANSWER),
    ]


def test_yes_keeps_it_with_its_prompt():
    conversation, actions = run(*CONFIRMING, ev.Answered("yes"))
    assert actions == [Keep(ASKED)]
    conversation, actions = run(saved(ASKED), start=conversation)
    assert actions == [Chime("kept"), Say(SAY["kept"]), Listen(Ear.WAKE)]
    assert at_rest(conversation)


@pytest.mark.parametrize("word", ["no", "no thanks", "cancel"])
def test_no_lets_it_go(word: str):
    conversation, actions = run(*CONFIRMING, ev.Answered(word))
    assert actions == [Discard(ASKED), Chime("no"), Say(SAY["let_go"]), Listen(Ear.WAKE)]
    assert conversation.unsaved == ()


def test_try_again_replaces_the_first_wording_only_when_there_is_a_second():
    conversation, actions = run(*CONFIRMING, ev.Answered("try again"))
    assert actions == [Say(SAY["again"]), Listen(Ear.OPEN)]
    better = draft("the sun was warm on my face", "b")
    spoken, actions = run(ev.Spoke(better), start=conversation)
    better = replace(better, prompt="What was good?")
    assert Quote(better.text) in actions
    asked_again, actions = run(ev.Answered("yes"), start=spoken)
    assert actions == [Keep(better)]
    _, actions = run(saved(better), start=asked_again)
    assert actions == [Discard(ASKED), Chime("kept"), Say(SAY["kept"]), Listen(Ear.WAKE)]
    _, actions = run(ev.FellSilent(), start=conversation)
    assert actions == [Keep(ASKED)]


AGAIN = (*CONFIRMING, ev.Answered("try again"))
BETTER = ev.Draft("the robin", (), NOW, "b", 1.0, "What was good?")


def test_both_wordings_stay_when_the_second_is_cut_short():
    conversation, actions = run(*AGAIN, ev.Spoke(BETTER, ev.Ending.CUT_SHORT))
    assert actions == [Keep(BETTER)]
    assert conversation.unsaved == (ASKED,)


def test_both_wordings_stay_when_the_second_cannot_be_saved():
    conversation, _ = run(*AGAIN, ev.Spoke(BETTER), ev.Answered("yes"), ev.SaveFailed(BETTER))
    assert conversation.unsaved == (ASKED, BETTER)


@pytest.mark.parametrize("event", [ev.MicrophoneLost(), ev.Spoke(draft("stop", "c"))])
def test_the_first_wording_stays_when_there_is_no_second(event: ev.Event):
    conversation, _ = run(*AGAIN, event)
    assert conversation.state is State.RESTING
    assert conversation.unsaved == (ASKED,)


def test_the_first_wording_stays_when_something_else_is_asked_for():
    conversation, actions = run(*AGAIN, ev.Spoke(draft("read my glimmers", "c")))
    assert actions[1:] == [Keep(ASKED), Recall(Request(Kind.READ))]
    assert conversation.unsaved == (ASKED,)


@pytest.mark.parametrize("word", ["no", "cancel"])
def test_no_lets_both_wordings_go(word: str):
    conversation, actions = run(*AGAIN, ev.Spoke(BETTER), ev.Answered(word))
    assert actions[:2] == [Discard(BETTER), Discard(ASKED)]
    assert conversation.unsaved == ()


def test_a_third_wording_stands_for_the_two_before():
    _, actions = run(*AGAIN, ev.Spoke(BETTER), ev.Answered("try again"))
    assert actions == [Discard(ASKED), Say(SAY["again"]), Listen(Ear.OPEN)]


def test_of_several_unsaved_drafts_each_is_saved():
    conversation, _ = run(*AGAIN, ev.Spoke(BETTER), ev.Answered("yes"), ev.SaveFailed(BETTER))
    conversation, actions = run(ev.Tick(0.0), ev.Tick(RETRY_SECONDS), start=conversation)
    assert actions == [Keep(ASKED)]
    conversation, _ = run(saved(ASKED), start=conversation)
    assert conversation.unsaved == (BETTER,)


@pytest.mark.parametrize(
    "events", [CONFIRMING, (*LISTENING, ev.Spoke(BETTER, ev.Ending.CUT_SHORT))]
)
def test_leaving_keeps_what_is_in_hand(events: tuple[ev.Event, ...]):
    conversation, actions = run(*events, ev.Leaving())
    assert actions == [Keep(conversation.unsaved[0])]
    assert conversation.state is State.RESTING


def test_leaving_tries_once_more_what_could_not_be_saved():
    _, actions = run(*CONFIRMING, ev.Answered("yes"), ev.SaveFailed(ASKED), ev.Leaving())
    assert actions == [Keep(ASKED)]


def test_a_very_long_glimmer_is_told_that_it_was_cut():
    _, actions = run(*LISTENING, ev.Spoke(draft(), ev.Ending.FULL))
    assert actions[:2] == [Chime("ended"), Say(SAY["full"])]


def test_a_second_unclear_answer_of_another_glimmer_is_asked_about_again():
    conversation, _ = run(*CONFIRMING, ev.Answered(""), ev.Answered("try again"))
    _, actions = run(ev.Spoke(BETTER), ev.Answered(""), start=conversation)
    assert actions == [Chime("no"), Say(SAY["keep_it_again"]), Listen(Ear.ANSWER)]


def test_reading_ends_when_the_microphone_goes():
    found = ev.Found((ev.Memory(1, "bread", NOW),) * 3, 3, NOW)
    conversation, actions = run(
        *LISTENING, ev.Spoke(draft("read my glimmers")), found, ev.MicrophoneLost()
    )
    assert actions == [Say(SAY["microphone_lost"]), Listen(Ear.WAKE)]
    assert at_rest(conversation)


@pytest.mark.parametrize("event", [ev.FellSilent(), ev.Answered("stop"), ev.MicrophoneLost()])
def test_without_a_no_it_is_kept(event: ev.Event):
    _, actions = run(*CONFIRMING, event)
    assert actions == [Keep(ASKED)]


def test_an_unclear_answer_gets_a_question_then_help_then_it_is_kept():
    conversation, actions = run(*CONFIRMING, ev.Answered(""))
    assert actions == [Chime("no"), Say(SAY["keep_it_again"]), Listen(Ear.ANSWER)]
    conversation, actions = run(ev.Answered("bananas"), start=conversation)
    assert actions == [Chime("no"), Say(SAY["answer_help"]), Listen(Ear.ANSWER)]
    conversation, actions = run(ev.Answered(""), start=conversation)
    assert actions == [Keep(ASKED)]
    _, actions = run(saved(ASKED), start=conversation)
    assert actions[1] == Say(SAY["kept_to_be_safe"])


def test_silence_is_fine():
    conversation, actions = run(*LISTENING, ev.FellSilent())
    assert actions == [Say(SAY["still_here"]), Listen(Ear.OPEN)]
    conversation, actions = run(ev.FellSilent(), start=conversation)
    assert actions == [Say(SAY["nothing_heard"]), Listen(Ear.WAKE)]
    assert conversation.state is State.RESTING


@pytest.mark.parametrize("word", ["stop", "cancel", "never mind"])
def test_stop_and_cancel_return_to_rest(word: str):
    conversation, actions = run(*LISTENING, ev.Spoke(draft(word)))
    assert at_rest(conversation)
    assert isinstance(actions[0], Discard)
    assert actions[1:] == [Say(SAY["resting"]), Listen(Ear.WAKE)]


def test_help_explains_and_listens_on():
    conversation, actions = run(*LISTENING, ev.Spoke(draft("help")))
    assert actions[1:] == [Say(SAY["help"]), Listen(Ear.OPEN)]
    assert conversation.state is State.LISTENING


def test_words_that_contain_a_request_are_a_glimmer():
    conversation, _ = run(*LISTENING, ev.Spoke(draft("i read my last glimmer to my mother")))
    assert conversation.state is State.CONFIRMING


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("read my glimmers", Request(Kind.READ)),
        ("read my last three glimmers", Request(Kind.READ, limit=3)),
        ("read the first one ever", Request(Kind.READ, limit=1, order=Order.OLDEST)),
        ("surprise me", Request(Kind.READ, limit=1, order=Order.ANY)),
        ("how many glimmers do i have", Request(Kind.COUNT)),
    ],
)
def test_what_is_asked_of_the_journal(words: str, asked: Request):
    conversation, actions = run(*LISTENING, ev.Spoke(draft(words)))
    assert actions == [Discard(draft(words)), Recall(asked)]
    assert conversation.state is State.RECALLING


def test_the_period_is_seen_from_when_it_was_asked_for():
    _, actions = run(*LISTENING, ev.Spoke(draft("read my glimmers from yesterday")))
    assert actions[1].request.period == Period(
        NOW.replace(day=23, hour=0, minute=0), NOW.replace(hour=0, minute=0)
    )


@pytest.mark.parametrize(
    ("words", "shown", "total", "said"),
    [
        ("read my last glimmer", 1, 9, "Here is your last glimmer."),
        ("read my first glimmer", 1, 9, "Here is your first glimmer."),
        ("surprise me", 1, 9, SAY["here_is_any"]),
        ("read a random one from last week", 1, 9, "Here is one from last week."),
        ("read my glimmers", 5, 9, "You have 9 glimmers.[0.4s] Here are the last 5."),
        ("read my glimmers", 1, 1, "You have one glimmer."),
        ("read my first three glimmers", 3, 9, "You have 9 glimmers.[0.4s] Here are the first 3."),
        ("read my glimmers from last week", 2, 2, "You have 2 glimmers from last week."),
        (
            "read the one about my robin",
            *(1, 3),
            "You have 3 glimmers about your robin.[0.4s] Here is the last one.",
        ),
        (
            "read my first glimmer about bread from may",
            *(1, 2),
            "You have 2 glimmers about bread from May.[0.4s] Here is the first one.",
        ),
    ],
)
def test_what_is_read_is_announced(words: str, shown: int, total: int, said: str):
    found = ev.Found((ev.Memory(1, "bread", NOW),) * shown, total, NOW)
    conversation, actions = run(*LISTENING, ev.Spoke(draft(words)), found)
    assert actions == [Say(said), Say("From today.[0.5s]"), Quote("bread"), Listen(Ear.GAP)]
    assert conversation.state is State.READING


@pytest.mark.parametrize(
    ("words", "total", "said"),
    [
        ("how many glimmers do i have", 0, SAY["none_yet"]),
        ("how many glimmers do i have", 1, "You have one glimmer."),
        ("how many this week", 12, "You have 12 glimmers from this week."),
        ("how many today", 0, "I found nothing from today."),
        ("how many about the robin", 2, "You have 2 glimmers about the robin."),
    ],
)
def test_counts_are_said_and_that_is_all(words: str, total: int, said: str):
    conversation, actions = run(*LISTENING, ev.Spoke(draft(words)), ev.Found((), total, NOW))
    assert actions == [Say(said), Listen(Ear.WAKE)]
    assert at_rest(conversation)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("read my glimmers", SAY["none_yet"]),
        ("surprise me", SAY["none_yet"]),
        ("read my glimmers from last week", "I found nothing from last week."),
        ("read my glimmers from tuesday", "I found nothing from Tuesday."),
        ("read the ones from last summer", "I found nothing from last summer."),
        ("read the ones from the third of may", "I found nothing from 3 May."),
        ("read the one about the robin", "I found nothing about the robin."),
        (
            "read the one from yesterday about my son",
            "I found nothing about your son from yesterday.",
        ),
    ],
)
def test_nothing_found_is_said_kindly(words: str, said: str):
    conversation, actions = run(*LISTENING, ev.Spoke(draft(words)), ev.Found((), 0, NOW))
    assert actions == [Say(said), Listen(Ear.WAKE)]
    assert at_rest(conversation)


def test_one_that_was_asked_for_as_one_ends_without_a_word():
    found = ev.Found((ev.Memory(1, "bread", NOW),), 3, NOW)
    asked = ev.Spoke(draft("read the one about bread"))
    _, actions = run(*LISTENING, asked, found, ev.FellSilent())
    assert actions == [Listen(Ear.WAKE)]


def test_a_journal_that_cannot_be_read_is_said():
    _, actions = run(*LISTENING, ev.Spoke(draft("how many this week")), ev.SearchFailed())
    assert actions == [Say(SAY["search_failed"]), Listen(Ear.WAKE)]


def test_reading_goes_one_by_one_and_can_be_stopped():
    found = ev.Found(
        (ev.Memory(1, "the robin sang", NOW), ev.Memory(2, "bread", NOW - timedelta(days=1))),
        7,
        NOW,
    )
    conversation, actions = run(*LISTENING, ev.Spoke(draft("read my glimmers")), found)
    assert actions == [
        Say("You have 7 glimmers.[0.4s] Here are the last 2."),
        Say("From today.[0.5s]"),
        Quote("the robin sang"),
        Listen(Ear.GAP),
    ]
    second, actions = run(ev.FellSilent(), start=conversation)
    assert actions == [Say("From yesterday.[0.5s]"), Quote("bread"), Listen(Ear.GAP)]
    _, actions = run(ev.FellSilent(), start=second)
    assert actions == [Say(SAY["read_end"]), Listen(Ear.WAKE)]
    stopped, actions = run(ev.Answered("stop"), start=conversation)
    assert actions == [Say(SAY["resting"]), Listen(Ear.WAKE)]
    assert at_rest(stopped)


def test_what_was_half_said_is_kept_when_the_microphone_goes():
    conversation, actions = run(*LISTENING, ev.Spoke(draft(), ev.Ending.CUT_SHORT))
    assert actions == [Keep(ASKED)]
    _, actions = run(saved(ASKED), ev.MicrophoneLost(), start=conversation)
    assert actions == []


def test_a_draft_that_cannot_be_saved_is_tried_again():
    failed, actions = run(*CONFIRMING, ev.Answered("yes"), ev.SaveFailed(ASKED))
    assert actions == [Chime("no"), Say(SAY["save_failed"]), Listen(Ear.WAKE)]
    waiting, actions = run(ev.Tick(100.0), ev.Tick(100.0 + RETRY_SECONDS - 1), start=failed)
    assert actions == []
    trying, actions = run(ev.Tick(100.0 + RETRY_SECONDS), start=waiting)
    assert actions == [Keep(ASKED)]
    written, _ = run(saved(ASKED), start=trying)
    assert written.unsaved == ()


DEAD, FAINT = ev.Ailment.DEAD, ev.Ailment.TOO_QUIET
TICK = ev.Tick(0.0)
ABOUT_THE_MICROPHONE = [Say(SAY[reply]) for reply in AILING.values()]


@pytest.mark.parametrize("ailment", ev.Ailment)
def test_at_rest_an_ailment_is_said_once(ailment: ev.Ailment):
    conversation, actions = run(ev.MicrophoneAiling(ailment), TICK)
    assert actions == [Say(SAY[AILING[ailment]]), Listen(Ear.WAKE)]
    assert run(TICK, start=conversation) == (Conversation(), [])


def test_a_microphone_that_comes_and_goes_is_not_talked_about():
    assert run(ev.MicrophoneAiling(DEAD, comes_and_goes=True), TICK) == (Conversation(), [])
    conversation, actions = run(*LISTENING, ev.MicrophoneAiling(DEAD, comes_and_goes=True))
    assert (conversation.state, actions) == (State.LISTENING, [])


def test_a_microphone_that_dies_ends_the_listening():
    conversation, actions = run(*LISTENING, ev.MicrophoneAiling(DEAD))
    assert actions == [Listen(Ear.WAKE)]
    _, actions = run(TICK, start=conversation)
    assert actions == [Say(SAY["microphone_dead"]), Listen(Ear.WAKE)]


def test_what_was_said_is_kept_when_the_microphone_dies():
    cut = ev.Spoke(draft(), ev.Ending.CUT_SHORT)
    conversation, actions = run(*LISTENING, cut)
    assert actions == [Keep(ASKED)]
    conversation, actions = run(saved(ASKED), ev.MicrophoneAiling(DEAD), start=conversation)
    assert actions == []
    _, actions = run(TICK, start=conversation)
    assert actions[0] == Say(SAY["microphone_dead"])


@pytest.mark.parametrize("events", [LISTENING, CONFIRMING])
def test_other_ailments_wait_for_rest(events: tuple[ev.Event, ...]):
    before, _ = run(*events)
    during, actions = run(ev.MicrophoneAiling(FAINT), TICK, start=before)
    assert (during.state, actions) == (before.state, [])
    silence = (ev.FellSilent(), ev.FellSilent(), saved(ASKED), TICK)
    _, actions = run(*silence, start=during)
    assert actions == [Say(SAY["microphone_too_quiet"]), Listen(Ear.WAKE)]


def test_an_ailment_waits_through_a_reading():
    faint = replace(run(*LISTENING)[0], ailments=(FAINT,))
    found = ev.Found((ev.Memory(1, "bread", NOW),), 1, NOW)
    asked = (ev.Spoke(draft("read my last glimmer")), found, ev.FellSilent(), TICK)
    _, actions = run(*asked, start=faint)
    assert actions == [Say(SAY["microphone_too_quiet"]), Listen(Ear.WAKE)]


def test_what_is_over_before_it_could_be_said_is_not_said():
    ailing = (*LISTENING, ev.MicrophoneAiling(FAINT), ev.MicrophoneAiling(DEAD))
    conversation, _ = run(*ailing, ev.MicrophoneWell(FAINT))
    _, actions = run(TICK, start=conversation)
    assert actions == [Say(SAY["microphone_dead"]), Listen(Ear.WAKE)]


FOUND = ev.Found((ev.Memory(1, "the robin sang", NOW),) * 3, 3, NOW)
READING = (*LISTENING, ev.Spoke(draft("read my glimmers")), FOUND)


@pytest.mark.parametrize("word", ["stop", "please stop", "cancel", "never mind"])
def test_stop_over_a_reading_ends_it_without_another_word(word: str):
    conversation, actions = run(*READING, ev.Interrupted(word))
    assert actions == [Hush(), Listen(Ear.WAKE)]
    assert at_rest(conversation)


@pytest.mark.parametrize("word", ["stop", "cancel"])
def test_over_the_readback_nothing_is_let_go_but_an_answer_listened_for(word: str):
    conversation, actions = run(*CONFIRMING, ev.Interrupted(word))
    assert actions == [Hush(), Listen(Ear.ANSWER)]
    assert conversation.draft == ASKED
    _, actions = run(ev.FellSilent(), start=conversation)
    assert actions == [Keep(ASKED)]


def test_stop_over_the_prompt_gives_the_person_the_word_and_does_not_press():
    conversation, actions = run(*LISTENING, ev.Interrupted("stop"))
    assert actions == [Hush(), Listen(Ear.OPEN)]
    _, actions = run(ev.FellSilent(), start=conversation)
    assert actions == [Say(SAY["nothing_heard"]), Listen(Ear.WAKE)]


def test_cancel_over_the_prompt_returns_to_rest_with_the_first_wording():
    conversation, actions = run(*AGAIN, ev.Interrupted("cancel"))
    assert actions == [Hush(), Listen(Ear.WAKE)]
    assert conversation.unsaved == (ASKED,)


def test_at_rest_only_the_last_sentence_is_hushed():
    resting, actions = run(*CONFIRMING, ev.Answered("no"), ev.Interrupted("stop"))
    assert actions == [Hush()]
    assert at_rest(resting)


@pytest.mark.parametrize("events", [LISTENING, READING])
def test_the_wake_phrase_over_the_programs_voice_begins_anew(events: tuple[ev.Event, ...]):
    hushed, actions = run(*events, ev.Interrupted("hey glimmer"))
    assert actions == [Hush()]
    woke = ev.Woke("hey glimmer")
    conversation, actions = run(woke, start=hushed)
    assert actions == [Listen(Ear.OPEN)]
    assert at_rest(replace(conversation, state=State.RESTING))


def test_the_wake_phrase_over_the_readback_keeps_what_was_said():
    conversation, actions = run(*AGAIN, ev.Spoke(BETTER), ev.Woke("hey glimmer"))
    assert actions == [
        *(Keep(ASKED), Keep(BETTER)),
        Listen(Ear.OPEN),
    ]
    conversation, _ = run(saved(ASKED), start=conversation)
    assert (conversation.state, conversation.unsaved) == (State.LISTENING, (BETTER,))
    conversation, actions = run(ev.SaveFailed(BETTER), start=conversation)
    assert (actions, conversation.unsaved) == ([], (BETTER,))
