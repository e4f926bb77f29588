"""Whatever happens, in any order that hearing and the journal allow."""

from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.actions import (
    Action,
    Adjust,
    Alter,
    Chime,
    Discard,
    Ear,
    Invite,
    Keep,
    Listen,
    Quote,
    Recall,
    Replay,
    Say,
)
from voice_glimmer.conversation.machine import fitting, request_in, step
from voice_glimmer.conversation.requests import (
    ANSWERS,
    EARLY,
    INTERRUPTIONS,
    REQUESTS,
    WHILE_HEARING,
    Request,
    answered,
)
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.conversation.state import UNCLEAR_AT_MOST, Conversation, State
from voice_glimmer.conversation.upkeep import AILING

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
ENGLISH = languages.load("en")
ABOUT_THE_MICROPHONE = [
    Say(wording) for name in AILING.values() for wording in ENGLISH.replies[name]
]
DOUBTFUL = "could you do that thing for me"
GUESSED = "something cheerful from the spring if you have it"
REST = {State.RESTING, State.ASLEEP}
ASKS = {State.CONFIRMING, State.OFFERING, State.READING, State.DELETING, State.STIRRING}
AUDIBLE = (Chime, Invite, Say, Quote, Replay)
OF_EACH_KIND = {
    kind: [sample.text for sample in ENGLISH.sentences.samples({kind})][:12] for kind in Kind
}
"""A few ways to ask for each thing."""


def any_of(kinds: frozenset[Kind]) -> st.SearchStrategy[str]:
    """Every kind as often as another, however many ways there are to ask for it."""
    return st.one_of(*(st.sampled_from(OF_EACH_KIND[kind]) for kind in sorted(kinds, key=str)))


def names(*held: ev.Draft | None) -> set[str]:
    return {name for each in held if each for name in (*each.before, each.recording)}


class AnyConversation(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.conversation = Conversation()
        self.number = 0
        self.journal_works = True
        self.listening = Ear.WAKE
        self.spoken: dict[str, bool] = {}
        """Every draft that was spoken, and whether it was a request."""
        self.kept: set[str] = set()
        self.let_go: set[str] = set()

    def happen(self, event: ev.Event, may_drop: frozenset[str] | set[str] = frozenset()) -> None:
        before = self.conversation
        self.conversation, actions = step(before, event, ENGLISH)
        self.as_the_table_says(before, event)
        self.in_good_order(before, actions)
        for action in actions:
            self.carry_out(action, may_drop, before)

    def as_the_table_says(self, before: Conversation, event: ev.Event) -> None:
        asked: Request | None = None
        if isinstance(event, ev.Spoke):
            asked = request_in(before, event, ENGLISH)
        elif isinstance(event, ev.Answered):
            among = {State.READING: WHILE_HEARING, State.STIRRING: frozenset({Kind.WAKE_UP})}
            asked = answered(event.text, ENGLISH, among.get(before.state, ANSWERS))
        line = fitting(before.state, event, asked.kind if asked else None)
        if line is None:
            assert self.conversation == before
        else:
            assert self.conversation.state in line.to, (before.state, event, line)

    def in_good_order(self, before: Conversation, actions: tuple[Action, ...]) -> None:
        heard = [index for index, action in enumerate(actions) if isinstance(action, Listen)]
        audible = [index for index, action in enumerate(actions) if isinstance(action, AUDIBLE)]
        assert len(heard) <= 1
        # What is spoken after hearing has begun would be heard as the person's own words.
        assert not heard or not audible or audible[-1] < heard[0]
        # Nobody is spoken to while they may be speaking, but as an answer that ends in hearing.
        waits = self.conversation.state in {State.SAVING, State.RECALLING, State.ALTERING}
        assert heard or waits or not audible
        if before.state is not State.RESTING:
            assert not [action for action in actions if action in ABOUT_THE_MICROPHONE]

    def carry_out(
        self, action: Action, may_drop: frozenset[str] | set[str], before: Conversation
    ) -> None:
        match action:
            case Listen(ear=ear):
                self.listening = ear
            case Discard(draft=dropped):
                assert names(dropped) <= set(may_drop), "dropped without the person's own word"
                self.let_go |= names(dropped)
            case Keep(draft=wanted) if self.journal_works:
                self.kept |= names(wanted)
                former = names(before.former if before.state is State.CONFIRMING else None)
                self.happen(ev.Saved(wanted, memory(len(self.kept))), former)
            case Keep(draft=wanted):
                self.happen(ev.SaveFailed(wanted))
            case Recall(request=request) if self.journal_works:
                count = 0 if request.kind is Kind.COUNT else min(request.limit, self.number % 4)
                memories = tuple(memory(each) for each in range(count))
                self.happen(ev.Found(memories, self.number % 4, NOW))
            case Recall():
                self.happen(ev.SearchFailed())
            case Alter(alteration=alteration) if self.journal_works:
                self.kept |= names(alteration.draft)
                drop = names(alteration.draft, before.former, self.conversation.former)
                self.happen(ev.Altered(), drop)
            case Alter():
                self.happen(ev.AlterFailed())
            case Adjust():
                self.happen(ev.Adjusted(changed=self.number % 2 == 0))

    @rule()
    def wake(self):
        """At rest, or over the program's own voice."""
        self.happen(ev.Woke("hey glimmer"))

    @rule()
    @precondition(lambda self: self.conversation.state is State.LISTENING)
    def invited(self):
        self.happen(ev.Invited("What was good?"))

    @rule(text=st.one_of(any_of(INTERRUPTIONS), st.just("hey glimmer")))
    def interrupt(self, text: str):
        self.happen(ev.Interrupted(text))

    @rule(
        text=st.one_of(
            st.sampled_from(["the sun was warm", DOUBTFUL, GUESSED]),
            any_of(EARLY),
            any_of(REQUESTS),
        ),
        ending=st.sampled_from(ev.Ending),
    )
    @precondition(lambda self: self.conversation.state is State.LISTENING)
    def speak(self, text: str, ending: ev.Ending):
        self.number += 1
        name = str(self.number)
        c, event = self.conversation, ev.Spoke(ev.Draft(text, (), NOW, name, 2.0), ending)
        request = request_in(c, event, ENGLISH)
        doubtful = request is not None and request.kind is Kind.DOUBTFUL
        self.spoken[name] = request is not None and not doubtful
        may_drop = names(c.former) if request and c.doubted else set[str]()
        if self.spoken[name] or (doubtful and c.doubted and c.unclear >= UNCLEAR_AT_MOST):
            may_drop |= {name}
        self.happen(event, may_drop)

    @rule(text=st.one_of(any_of(ANSWERS), any_of(WHILE_HEARING), st.sampled_from(["", "bananas"])))
    @precondition(lambda self: self.conversation.state in ASKS)
    def answer(self, text: str):
        c, request = self.conversation, answered(text, ENGLISH, ANSWERS)
        may_drop = set[str]()
        if c.state is State.CONFIRMING and request:
            if request.kind in {Kind.TRY_AGAIN, Kind.ADD}:
                may_drop = names(c.former)
            elif request.kind in {Kind.NO, Kind.DELETE, Kind.CANCEL}:
                may_drop = names(c.former, c.draft)
        self.happen(ev.Answered(text), may_drop)

    @rule()
    @precondition(lambda self: self.conversation.state is State.STIRRING)
    def wake_up(self):
        self.happen(ev.Answered("wake up"))
        assert self.conversation.state is State.RESTING

    @rule(
        event=st.sampled_from(
            [ev.FellSilent(), ev.MicrophoneLost(), ev.MicrophoneBack(), ev.Unmuted()]
        )
    )
    def something(self, event: ev.Event):
        self.happen(event)

    @rule()
    def press_the_button(self):
        self.happen(ev.Pressed())
        assert self.conversation.state in {State.LISTENING, State.RESTING}

    @rule()
    def mute(self):
        self.happen(ev.Muted())
        assert self.conversation.state in REST

    @rule()
    def leave(self):
        self.happen(ev.Leaving())
        self.listening = Ear.WAKE  # as the next start would

    @rule(count=st.integers(1, 3))
    def start_after_a_power_cut(self, count: int):
        before = self.conversation.state
        self.happen(ev.Recovered(tuple(map(memory, range(count))), NOW))
        asked = self.conversation.state is State.OFFERING
        assert asked == (before in {State.RESTING, State.OFFERING})

    @rule(ailment=st.sampled_from(ev.Ailment), comes_and_goes=st.booleans())
    def ail(self, ailment: ev.Ailment, comes_and_goes: bool):
        listens = self.conversation.state is State.LISTENING
        self.happen(ev.MicrophoneAiling(ailment, comes_and_goes))
        goes = listens and ailment is ev.Ailment.DEAD and not comes_and_goes
        assert (self.conversation.state is not State.LISTENING) == (goes or not listens)
        assert comes_and_goes or ailment in self.conversation.ailments

    @rule(ailment=st.sampled_from(ev.Ailment))
    def recover(self, ailment: ev.Ailment):
        self.happen(ev.MicrophoneWell(ailment))
        assert ailment not in self.conversation.ailments

    @rule(at=st.floats(0, 1000))
    def tick(self, at: float):
        self.happen(ev.Tick(at))
        assert self.conversation.state is not State.RESTING or not self.conversation.ailments

    @rule()
    def journal_changes(self):
        self.journal_works = not self.journal_works

    @invariant()
    def nothing_spoken_is_lost(self):
        c = self.conversation
        held = names(*c.unsaved, c.draft, c.former)
        assert not c.doubted or c.former
        assert set(self.spoken) <= self.kept | self.let_go | held
        assert not {name for name in self.kept if self.spoken[name]}, "a request was kept"
        assert not self.kept & names(*c.unsaved), "kept twice"

    @invariant()
    def every_question_is_listened_to(self):
        ears = {
            State.LISTENING: Ear.OPEN,
            State.CONFIRMING: Ear.ANSWER,
            State.OFFERING: Ear.ANSWER,
            State.DELETING: Ear.ANSWER,
            State.READING: Ear.GAP,
            State.STIRRING: Ear.WAKE_UP,
        }
        assert self.listening is ears.get(self.conversation.state, Ear.WAKE)

    @invariant()
    def silence_alone_finds_back_to_rest(self):
        conversation, waiting = self.conversation, 0
        while conversation.state not in REST:
            waiting += 1
            assert waiting < 20
            conversation, actions = step(conversation, ev.FellSilent(), ENGLISH)
            for action in actions:
                if isinstance(action, Keep):
                    conversation, _ = step(conversation, saved(action.draft), ENGLISH)
                if isinstance(action, Alter):
                    conversation, _ = step(conversation, ev.Altered(), ENGLISH)


def memory(number: int) -> ev.Memory:
    return ev.Memory(number, "bread", NOW, recorded=bool(number % 2))


def saved(draft: ev.Draft) -> ev.Saved:
    return ev.Saved(draft, memory(99))


AnyConversation.TestCase.settings = settings(max_examples=400, stateful_step_count=30)
TestAnyConversation = AnyConversation.TestCase
