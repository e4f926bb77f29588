from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.actions import (
    Action,
    Chime,
    Discard,
    Ear,
    Invite,
    Keep,
    Listen,
    Quote,
    Recall,
    Say,
)
from voice_glimmer.conversation.machine import RETRY_SECONDS, Conversation, State, step
from voice_glimmer.conversation.requests import REQUESTS, understand

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
ENGLISH = languages.load("en")
SAY = ENGLISH.replies


def draft(text: str = "the sun was warm", name: str = "a") -> ev.Draft:
    return ev.Draft(text, (), NOW, name, 2.0)


def run(*events: ev.Event, start: Conversation | None = None) -> tuple[Conversation, list[Action]]:
    """Return where these events lead, and what the last of them asked for."""
    conversation, actions = start or Conversation(), tuple[Action, ...]()
    for event in events:
        conversation, actions = step(conversation, event, ENGLISH)
    return conversation, list(actions)


LISTENING = (ev.Woke(), ev.Invited("What was good?"))
CONFIRMING = (*LISTENING, ev.Spoke(draft()))
ASKED = ev.Draft("the sun was warm", (), NOW, "a", 2.0, "What was good?")


def test_waking_chimes_invites_and_listens():
    conversation, actions = run(ev.Woke())
    assert conversation.state is State.LISTENING
    assert actions == [Chime("woke"), Invite(), Listen(Ear.OPEN)]


def test_a_glimmer_is_read_back_and_asked_about():
    conversation, actions = run(*CONFIRMING)
    assert conversation.state is State.CONFIRMING
    assert actions == [
        Say(SAY["heard"]),
        Quote("the sun was warm"),
        Say(SAY["keep_it"]),
        Listen(Ear.ANSWER),
    ]


def test_yes_keeps_it_with_its_prompt():
    conversation, actions = run(*CONFIRMING, ev.Answered("yes"))
    assert actions == [Keep(ASKED)]
    conversation, actions = run(ev.Saved(ASKED), start=conversation)
    assert actions == [Chime("kept"), Say(SAY["kept"]), Listen(Ear.WAKE)]
    assert conversation == Conversation()


@pytest.mark.parametrize("word", ["no", "no thanks", "cancel"])
def test_no_lets_it_go(word: str):
    conversation, actions = run(*CONFIRMING, ev.Answered(word))
    assert actions == [Discard(ASKED), Say(SAY["let_go"]), Listen(Ear.WAKE)]
    assert conversation.unsaved == ()


def test_try_again_replaces_the_first_wording_only_when_there_is_a_second():
    conversation, actions = run(*CONFIRMING, ev.Answered("try again"))
    assert actions == [Say(SAY["again"]), Listen(Ear.OPEN)]
    better = draft("the sun was warm on my face", "b")
    spoken, actions = run(ev.Spoke(better), start=conversation)
    assert actions[0] == Discard(ASKED)
    assert spoken.draft is not None
    assert spoken.draft.recording == "b"
    _, actions = run(ev.FellSilent(), start=conversation)
    assert actions == [Keep(ASKED)]


@pytest.mark.parametrize("event", [ev.FellSilent(), ev.Answered("stop"), ev.MicrophoneLost()])
def test_without_a_no_it_is_kept(event: ev.Event):
    _, actions = run(*CONFIRMING, event)
    assert actions == [Keep(ASKED)]


def test_an_unclear_answer_is_asked_about_once_then_it_is_kept():
    conversation, actions = run(*CONFIRMING, ev.Answered(""))
    assert actions == [Say(SAY["answer_help"]), Listen(Ear.ANSWER)]
    _, actions = run(ev.Answered("bananas"), start=conversation)
    assert actions == [Keep(ASKED)]


def test_silence_is_fine():
    conversation, actions = run(*LISTENING, ev.FellSilent())
    assert actions == [Say(SAY["nothing_heard"]), Listen(Ear.WAKE)]
    assert conversation.state is State.RESTING


@pytest.mark.parametrize("word", ["stop", "cancel", "never mind"])
def test_stop_and_cancel_return_to_rest(word: str):
    conversation, actions = run(*LISTENING, ev.Spoke(draft(word)))
    assert conversation == Conversation()
    assert isinstance(actions[0], Discard)
    assert actions[1:] == [Say(SAY["resting"]), Listen(Ear.WAKE)]


def test_help_explains_and_listens_on():
    conversation, actions = run(*LISTENING, ev.Spoke(draft("help")))
    assert actions[1:] == [Say(SAY["help"]), Listen(Ear.OPEN)]
    assert conversation.state is State.LISTENING


def test_words_that_contain_a_request_are_a_glimmer():
    conversation, _ = run(*LISTENING, ev.Spoke(draft("i read my last glimmer to my mother")))
    assert conversation.state is State.CONFIRMING


@pytest.mark.parametrize(("words", "limit"), [("read my glimmers", 5), ("read my last glimmer", 1)])
def test_reading_asks_the_journal(words: str, limit: int):
    _, actions = run(*LISTENING, ev.Spoke(draft(words)))
    assert actions[1] == Recall(limit)


def test_reading_goes_one_by_one_and_can_be_stopped():
    found = ev.Found(
        (ev.Memory("the robin sang", NOW), ev.Memory("bread", NOW - timedelta(days=1))), 7, NOW
    )
    conversation, actions = run(*LISTENING, ev.Spoke(draft("read my glimmers")), found)
    assert actions == [
        Say("You have 7 glimmers. Here are the last 2."),
        Say(SAY["today"]),
        Quote("the robin sang"),
        Listen(Ear.GAP),
    ]
    second, actions = run(ev.FellSilent(), start=conversation)
    assert actions == [Say(SAY["yesterday"]), Quote("bread"), Listen(Ear.GAP)]
    _, actions = run(ev.FellSilent(), start=second)
    assert actions == [Say(SAY["read_end"]), Listen(Ear.WAKE)]
    stopped, actions = run(ev.Answered("stop"), start=conversation)
    assert actions == [Say(SAY["resting"]), Listen(Ear.WAKE)]
    assert stopped == Conversation()


def test_an_empty_journal_is_said_kindly():
    _, actions = run(*LISTENING, ev.Spoke(draft("read my last glimmer")), ev.Found((), 0, NOW))
    assert actions == [Say(SAY["none_yet"]), Listen(Ear.WAKE)]


def test_what_was_half_said_is_kept_when_the_microphone_goes():
    conversation, actions = run(*LISTENING, ev.Spoke(draft(), cut_short=True))
    assert actions == [Keep(ASKED)]
    _, actions = run(ev.Saved(ASKED), ev.MicrophoneLost(), start=conversation)
    assert actions == []


def test_a_draft_that_cannot_be_saved_is_tried_again():
    failed, actions = run(*CONFIRMING, ev.Answered("yes"), ev.SaveFailed(ASKED))
    assert actions == [Say(SAY["save_failed"]), Listen(Ear.WAKE)]
    waiting, actions = run(ev.Tick(100.0), ev.Tick(100.0 + RETRY_SECONDS - 1), start=failed)
    assert actions == []
    trying, actions = run(ev.Tick(100.0 + RETRY_SECONDS), start=waiting)
    assert actions == [Keep(ASKED)]
    saved, _ = run(ev.Saved(ASKED), start=trying)
    assert saved.unsaved == ()


# What can happen, in any order, with texts that are requests, answers and neither.
texts = st.sampled_from([*ENGLISH.sentences, "the sun was warm", "", "no bananas"])
anything = st.one_of(
    st.just(ev.Woke()),
    st.just(ev.Invited("What was good?")),
    st.builds(lambda text, cut: (text, cut), texts.filter(bool), st.booleans()),
    st.builds(ev.Answered, texts),
    st.just(ev.FellSilent()),
    st.just("journal works"),
    st.just("journal fails"),
    st.just(ev.MicrophoneLost()),
    st.just(ev.MicrophoneBack()),
    st.just(ev.Leaving()),
    st.floats(0, 100).map(ev.Tick),
)


@settings(max_examples=1000, deadline=None)
@given(st.lists(anything, max_size=40))
def test_whatever_happens_no_draft_is_lost_and_there_is_a_way_back(happenings):
    conversation = Conversation()
    alive: set[str] = set()
    requested: set[str] = set()
    journal_works = True
    kept: set[str] = set()
    for number, happening in enumerate(happenings):
        if happening in {"journal works", "journal fails"}:
            journal_works = happening == "journal works"
            continue
        event = happening
        may_drop = False
        if isinstance(happening, tuple):
            if conversation.state is not State.LISTENING:
                continue  # hearing dictates only when it was asked to
            text, cut = happening
            event = ev.Spoke(draft(text, str(number)), cut_short=cut)
            alive.add(str(number))
            if understand(text, ENGLISH.sentences, REQUESTS):
                requested.add(str(number))
            # A second wording replaces the first; "cancel" gives up both.
            may_drop = True
        if isinstance(event, ev.Answered):
            may_drop = event.text in {"no", "no thanks", "no thank you", "cancel", "never mind"}
        queue: list[ev.Event] = [event]
        while queue:
            conversation, actions = step(conversation, queue.pop(0), ENGLISH)
            assert sum(isinstance(action, Listen) for action in actions) <= 1
            for action in actions:
                if isinstance(action, Keep):
                    done = ev.Saved if journal_works else ev.SaveFailed
                    queue.append(done(action.draft))
                    if journal_works:
                        kept.add(action.draft.recording)
                if isinstance(action, Discard):
                    assert may_drop, "only the person's own word removes a draft"
                    assert action.draft.recording not in kept
                    alive.discard(action.draft.recording)
                if isinstance(action, Recall):
                    found = ev.Found((ev.Memory("bread", NOW),) * 2, 2, NOW)
                    queue.append(found if journal_works else ev.SearchFailed())
        held = {d.recording for d in conversation.unsaved}
        if conversation.draft:
            held.add(conversation.draft.recording)
        assert alive <= kept | held, "a draft was neither kept, nor held, nor let go"
        assert not (requested & kept), "a request was kept as a glimmer"

    for _ in range(10):  # silence alone finds the way back to rest
        if conversation.state is State.RESTING:
            break
        conversation, actions = step(conversation, ev.FellSilent(), ENGLISH)
        for action in actions:
            if isinstance(action, Keep):
                conversation, _ = step(conversation, ev.Saved(action.draft), ENGLISH)
    assert conversation.state is State.RESTING
