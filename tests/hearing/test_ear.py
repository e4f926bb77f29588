import weakref

import numpy as np
import pytest

from tests.conftest import Person, pause, trimmed
from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.actions import Ear
from voice_glimmer.conversation.language import Language
from voice_glimmer.hearing.dictation import Limits
from voice_glimmer.hearing.ear import Dictated, Ears
from voice_glimmer.hearing.frames import BLOCK, RATE, Frame, from_samples
from voice_glimmer.hearing.models import Model
from voice_glimmer.settings import DEFAULT_SENSITIVITY

LIMITS = Limits(pause=2.5, patience=10.0, longest=180.0, quick_pause=1.0)


@pytest.fixture
def ears(model: Model, language: Language) -> Ears:
    return Ears(model, language, ["hey glimmer"], LIMITS, sensitivity=DEFAULT_SENSITIVITY)


def hear(ears: Ears, ear: Ear, *sounds, until_heard: bool = True) -> list:
    ears.listen(ear)
    heard = []
    for frame in from_samples(np.concatenate(sounds)):
        heard += ears.feed(frame)
        if until_heard and heard and not isinstance(heard[-1], ev.Partial):
            break
    return heard


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize("word", ["yes", "no", "try again", "keep it", "stop", "cancel", "help"])
def test_short_answers(ears: Ears, person: Person, word: str, voice: str):
    heard = hear(ears, Ear.ANSWER, pause(0.7), person(word, voice), pause(2))
    assert heard == [ev.Answered(word)]


@pytest.mark.parametrize("words", ["i went to the market today", "it was a lovely evening"])
def test_other_words_are_no_answer(ears: Ears, person: Person, words: str):
    heard = hear(ears, Ear.ANSWER, pause(0.7), person(words), pause(2))
    assert heard == [ev.Answered("")]


@pytest.mark.parametrize("ear", [Ear.ANSWER, Ear.GAP])
@pytest.mark.parametrize("more", ["", " my neighbor waved at me"])
def test_who_is_asked_something_may_wake_it_instead(
    ears: Ears, person: Person, ear: Ear, more: str
):
    said = person(f"hey glimmer{more}")
    assert hear(ears, ear, pause(0.7), said, pause(2)) == [ev.Woke("hey glimmer")]
    ears.listen(Ear.OPEN)
    heard = [each for frame in ears.unheard() for each in ears.feed(frame)]
    assert all(isinstance(each, ev.Partial) for each in heard)


def test_who_is_asleep_is_woken_by_nothing_else(ears: Ears, person: Person):
    said = person("hey glimmer my neighbor waved at me")
    assert hear(ears, Ear.WAKE_UP, pause(0.7), said, pause(2)) == [ev.Answered("")]


def test_no_answer(ears: Ears):
    assert hear(ears, Ear.ANSWER, pause(9)) == [ev.FellSilent()]


def test_a_gap_between_readings_is_short(ears: Ears):
    assert hear(ears, Ear.GAP, pause(3.1)) == [ev.FellSilent()]


@pytest.mark.parametrize("voice", ["slt", "rms"])
@pytest.mark.parametrize(
    "words",
    [
        "read my glimmers",
        "read my last three glimmers",
        "read my glimmers from last week",
        "read my last glimmer about the garden",
        "surprise me",
        "how many glimmers do i have",
        "help",
    ],
)
def test_requests_are_over_soon_after_their_end(ears: Ears, person: Person, words: str, voice: str):
    said = trimmed(person(words, voice))
    *partials, heard = hear(ears, Ear.OPEN, pause(0.7), said, pause(LIMITS.quick_pause + 0.7))
    assert isinstance(heard, Dictated)
    assert " ".join(word.text for word in heard.words) == words
    assert all(isinstance(partial, ev.Partial) for partial in partials)


@pytest.mark.parametrize(
    ("words", "voice"),
    [
        ("how many of them are there about the garden", "awb"),  # "their"
        ("choose my favorite one in your voice", "awb"),  # "she's"
        ("could i listen to the latest glimmer", "slt"),  # "good i"
        ("my friend read to me and her own voice", "slt"),  # a glimmer: nothing is changed
    ],
)
def test_a_misheard_request_is_heard_again(ears: Ears, person: Person, words: str, voice: str):
    *_, heard = hear(ears, Ear.OPEN, pause(0.7), person(words, voice), pause(6))
    assert " ".join(word.text for word in heard.words) == words


def test_a_misheard_request_in_one_breath_leaves_the_wake_phrase_out(ears: Ears, person: Person):
    said = person("hey glimmer choose my favorite one in your voice", "awb")
    ears.listen(Ear.WAKE)
    frames = from_samples(np.concatenate([pause(1), trimmed(said), pause(8)]))
    for frame in frames:
        if ears.feed(frame):
            break
    ears.listen(Ear.OPEN)
    *_, heard = [each for frame in (*ears.unheard(), *frames) for each in ears.feed(frame)]
    assert " ".join(word.text for word in heard.words) == "choose my favorite one in your voice"


@pytest.mark.parametrize(
    "words", ["the robin sang outside my window and", "when i", "we went for a walk in the"]
)
def test_three_seconds_of_thought_after_a_word_that_ends_nothing(ears: Ears, person: Person, words):
    first, second = person(words, "rms"), person("my daughter smiled at me", "rms")
    *_, heard = hear(ears, Ear.OPEN, pause(0.7), first, pause(3), second, pause(6))
    assert " ".join(word.text for word in heard.words) == f"{words} my daughter smiled at me"


def test_a_request_is_not_over_before_its_topic(ears: Ears, person: Person):
    begun, topic = trimmed(person("read my last glimmer about the")), person("coffee")
    *_, heard = hear(ears, Ear.OPEN, pause(0.7), begun, pause(2), topic, pause(2))
    words = [word.text for word in heard.words]
    # A "the" that is dwelt on can be heard as "they".
    assert [*words[:5], words[-1]] == ["read", "my", "last", "glimmer", "about", "coffee"]


def test_a_glimmer_may_begin_like_a_brief_request(ears: Ears, person: Person):
    later, rest = trimmed(person("later", "rms")), person("my neighbor waved at me", "rms")
    *_, heard = hear(ears, Ear.OPEN, pause(0.7), later, pause(1.6), rest, pause(6))
    assert " ".join(word.text for word in heard.words) == "later my neighbor waved at me"


def test_stop_is_over_at_once_nevertheless(ears: Ears, person: Person):
    said = trimmed(person("stop", "rms"))
    *_, heard = hear(ears, Ear.OPEN, pause(0.7), said, pause(LIMITS.quick_pause + 0.7))
    assert [word.text for word in heard.words] == ["stop"]


def test_a_recording_is_transcribed_without_its_wake_phrase(ears: Ears, person: Person):
    said = np.concatenate([pause(0.3), person("hey glimmer my neighbor waved at me"), pause(1)])
    heard = ears.transcribe(from_samples(said))
    assert " ".join(word.text for word in heard.words) == "my neighbor waved at me"


def test_who_is_awaited_may_say_the_wake_phrase_all_the_same(ears: Ears, person: Person):
    said = person("hey glimmer my neighbor waved at me")
    *_, heard = hear(ears, Ear.OPEN, pause(0.7), said, pause(6))
    assert " ".join(word.text for word in heard.words) == "my neighbor waved at me"
    *_, heard = hear(ears, Ear.OPEN, pause(0.7), person("hey glimmer"), pause(6))
    assert heard == ev.FellSilent()


def test_nothing_else_waits_that_long(ears: Ears, person: Person):
    said = person("my neighbor waved at me")
    *_, heard = hear(ears, Ear.OPEN, pause(0.7), said, pause(6))
    assert heard.duration < 0.7 + len(said) / 16_000 + 2.8


def test_an_interrupted_glimmer_comes_out_as_far_as_it_went(ears: Ears, person: Person):
    hear(ears, Ear.OPEN, pause(0.5), person("my neighbor waved at me"), until_heard=False)
    (heard,) = ears.interrupt()
    assert heard.ending is ev.Ending.CUT_SHORT
    assert " ".join(word.text for word in heard.words) == "my neighbor waved at me"


def test_a_long_glimmer_holds_its_words_and_no_sound(ears: Ears, person: Person):
    ears.listen(Ear.OPEN)
    said = np.resize(person("my neighbor waved at me and i felt at home"), 20 * RATE)
    held, heard = [], []
    for start in range(0, len(said), BLOCK):
        samples = said[start : start + BLOCK].copy()
        held.append(weakref.ref(samples))
        heard += ears.feed(Frame(samples, start / RATE))
    del samples
    assert len(heard[-1].text.split()) > 40
    assert [each for each in held if each() is not None] == []


@pytest.fixture
def open_ears(model: Model, language: Language) -> Ears:
    return Ears(
        model, language, ["hey glimmer"], LIMITS, sensitivity=DEFAULT_SENSITIVITY, barge_in=True
    )


def overhear(ears: Ears, *sounds) -> list[tuple[float, object]]:
    """Return what interrupts the program while it speaks, and when, in seconds."""
    return [
        (frame.end, heard)
        for frame in from_samples(np.concatenate(sounds))
        for heard in ears.overhear(frame)
    ]


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize("word", ["stop", "cancel", "never mind"])
def test_a_stop_word_interrupts_within_half_a_second(
    open_ears: Ears, person: Person, word: str, voice: str
):
    open_ears.listen(Ear.GAP)
    said = trimmed(person(word, voice))
    ((at, heard),) = overhear(open_ears, pause(1), said, pause(1))
    assert heard == ev.Interrupted(word)
    assert at <= 1 + len(said) / RATE + 0.5


@pytest.mark.parametrize("after", ["", "read my last glimmer"])
def test_the_wake_phrase_interrupts_at_once_and_wakes_when_it_is_clear_whether_more_follows(
    open_ears: Ears, person: Person, after: str
):
    open_ears.listen(Ear.ANSWER)
    said = [trimmed(person(text)) for text in ("hey glimmer", after) if text]
    heard = [event for _, event in overhear(open_ears, pause(1), *said, pause(1))]
    assert heard == [ev.Interrupted("hey glimmer"), ev.Woke("hey glimmer")]


def test_other_speech_does_not_interrupt(open_ears: Ears, person: Person):
    open_ears.listen(Ear.GAP)
    talk = [person(text) for text in ("the train was late again today", "look at the moon")]
    assert overhear(open_ears, pause(1), *talk, pause(1)) == []


def test_a_word_that_the_program_itself_is_saying_does_not_interrupt(
    open_ears: Ears, person: Person
):
    open_ears.listen(Ear.GAP, "Then I said stop to the driver.")
    said = [person("stop"), pause(1), person("hey glimmer")]
    heard = [event for _, event in overhear(open_ears, pause(1), *said, pause(1))]
    assert heard == [ev.Interrupted("hey glimmer"), ev.Woke("hey glimmer")]


def test_without_an_echo_cancelled_microphone_nothing_interrupts(ears: Ears, person: Person):
    ears.listen(Ear.GAP)
    assert overhear(ears, pause(1), person("stop"), pause(1)) == []


def test_a_stop_that_the_end_of_a_reading_cuts_in_two_is_understood(
    open_ears: Ears, person: Person
):
    open_ears.listen(Ear.GAP)
    frames = list(from_samples(np.concatenate([pause(1), trimmed(person("stop")), pause(1)])))
    middle = round((1 + len(trimmed(person("stop"))) / RATE / 2) * RATE / BLOCK)
    assert [open_ears.overhear(frame) for frame in frames[:middle]] == [[]] * middle
    heard = (event for frame in frames[middle:] for event in open_ears.feed(frame))
    assert next(heard) == ev.Interrupted("stop")


def test_nothing_is_interrupted_at_rest(ears: Ears):
    hear(ears, Ear.WAKE, pause(1))
    assert ears.interrupt() == []


def test_at_rest_it_makes_what_will_be_needed_piece_by_piece(model: Model):
    fresh = languages.load.__wrapped__("en")
    ears = Ears(model, fresh, ["hey glimmer"], LIMITS, sensitivity=DEFAULT_SENSITIVITY)
    assert not fresh.understood.is_made
    ears.rest()
    assert fresh.understood.is_made
    assert not ears._grammars.is_made
    ears.rest()
    ears.rest()
    assert ears._rehearing.is_made
    ears.rest()
