import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Person, pause, trimmed
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.models import Model
from voice_glimmer.hearing.verification import Verifier, threshold
from voice_glimmer.settings import DEFAULT_SENSITIVITY

PHRASE = "hey glimmer"
PRE = 0.5


@pytest.fixture(scope="module")
def verifier(model: Model) -> Verifier:
    return Verifier(model, [PHRASE])


def score(verifier: Verifier, said: np.ndarray, end: float) -> float:
    """Return the score of sound in which the phrase would lie from `PRE` to `end` seconds."""
    return verifier.score(PHRASE, np.concatenate([pause(PRE), said, pause(0.5)]), PRE, end)


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_sensitive_asks_for_less(one: float, other: float):
    assert threshold(max(one, other)) <= threshold(min(one, other))


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_the_phrase_alone_or_in_one_breath_is_agreed_with(
    verifier: Verifier, person: Person, voice: str
):
    phrase = trimmed(person(PHRASE, voice))
    end = PRE + len(phrase) / RATE
    assert score(verifier, phrase, end) >= threshold(DEFAULT_SENSITIVITY)
    on = np.concatenate([phrase, trimmed(person("the robin sang outside", voice))])
    assert score(verifier, on, end) >= threshold(DEFAULT_SENSITIVITY)


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize(
    "text", ["he grinned and said nothing", "hey you, come here", "they were here before"]
)
def test_other_words_are_not(verifier: Verifier, person: Person, text: str, voice: str):
    assert score(verifier, trimmed(person(text, voice)), PRE + 0.6) < threshold(1.0)


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_it_finds_where_the_phrase_was(verifier: Verifier, person: Person, voice: str):
    said = trimmed(person(PHRASE, voice))
    start, end = verifier.locate(PHRASE, np.concatenate([pause(1), said, pause(0.2)]))
    assert start == pytest.approx(1, abs=0.15)
    assert end == pytest.approx(1 + len(said) / RATE, abs=0.15)


def test_a_phrase_squeezed_into_too_little_sound_is_nowhere(verifier: Verifier):
    assert verifier.locate(PHRASE, pause(0.1)) is None
