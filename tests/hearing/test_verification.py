import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Person, pause, trimmed
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.models import Model
from voice_glimmer.hearing.verification import AROUND, Verifier, last, threshold
from voice_glimmer.settings import DEFAULT_SENSITIVITY

PHRASE = "hey glimmer"
PRE = 0.7
VOICES = ("slt", "rms", "awb")


@pytest.fixture(scope="module")
def verifier(model: Model) -> Verifier:
    return Verifier(model, [PHRASE])


def around(*said: np.ndarray) -> np.ndarray:
    return np.concatenate([pause(PRE), *said, pause(0.2)])


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_sensitive_asks_for_less(one: float, other: float):
    assert threshold(max(one, other)) <= threshold(min(one, other))


@pytest.mark.parametrize("voice", VOICES)
def test_the_phrase_is_found_where_it_was_said(verifier: Verifier, person: Person, voice: str):
    said = trimmed(person(PHRASE, voice))
    found = verifier.look(PHRASE, around(said))
    assert found is not None
    assert found.margin >= threshold(DEFAULT_SENSITIVITY)
    assert found.start == pytest.approx(PRE, abs=0.15)
    assert found.end == pytest.approx(PRE + len(said) / RATE, abs=0.15)
    # Nothing of one look is left for the next.
    again = verifier.look(PHRASE, around(said))
    assert again is not None
    assert again.start == pytest.approx(found.start, abs=0.05)


@pytest.mark.parametrize("voice", VOICES)
def test_the_phrase_is_found_before_what_follows_in_one_breath(
    verifier: Verifier, person: Person, voice: str
):
    on = trimmed(person("the robin sang outside", voice))[: RATE // 4]
    found = verifier.look(PHRASE, around(trimmed(person(PHRASE, voice)), on))
    assert found is not None
    assert found.margin >= threshold(DEFAULT_SENSITIVITY)


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize(
    "text", ["he grinned and said", "hey you, come here", "they were here", "glimmer", "a glimmer"]
)
def test_other_words_do_not_wake(verifier: Verifier, person: Person, text: str, voice: str):
    found = verifier.look(PHRASE, around(trimmed(person(text, voice))))
    assert found is None or found.margin < threshold(DEFAULT_SENSITIVITY)


def test_in_silence_or_next_to_no_sound_there_is_nothing(verifier: Verifier):
    assert verifier.look(PHRASE, pause(1.7)) is None
    assert verifier.look(PHRASE, pause(0.01)) is None
    assert verifier.look(PHRASE, np.zeros(0, np.int16)) is None


def test_a_phrase_of_one_repeated_word_can_be_looked_for(model: Model, person: Person):
    hello = trimmed(person("hello hello"))
    found = Verifier(model, ["hello hello"]).look("hello hello", around(hello))
    assert found is not None


@pytest.mark.parametrize("voice", VOICES)
def test_the_whole_vocabulary_lets_the_phrase_pass_and_not_what_goes_on_otherwise(
    verifier: Verifier, person: Person, voice: str
):
    before, after = pause(AROUND), pause(AROUND)
    phrase = np.concatenate([before, trimmed(person(PHRASE, voice)), after])
    assert verifier.possible(PHRASE, phrase)
    other = np.concatenate([before, trimmed(person("he grinned and said", voice))])
    assert not verifier.possible(PHRASE, other)


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("hey glimmer", 2),
        ("they glimmer", 0),
        ("hey hey glimmer the", 3),
        ("hey glimmer and hey glimmer", 5),
        ("glimmer", 0),
        ("", 0),
    ],
)
def test_the_last_time_a_phrase_stands_among_words(words: str, end: int):
    assert last(PHRASE.split(), words.split()) == end
