import numpy as np
import pytest

from tests.conftest import Person, pause
from voice_glimmer.hearing.dictation import Ending, Limits, Utterance, ending, without_closing
from voice_glimmer.hearing.frames import from_samples
from voice_glimmer.hearing.models import Model
from voice_glimmer.hearing.recogniser import Recogniser

LIMITS = Limits(pause=4.0, patience=10.0, longest=180.0, quick_pause=1.0)


@pytest.mark.parametrize(
    ("elapsed", "last_change", "complete", "expected"),
    [
        (9.9, None, False, None),
        (10.0, None, False, Ending.SILENCE),
        (12.0, 9.0, False, None),
        (13.0, 9.0, False, Ending.PAUSE),
        (9.9, 9.0, True, None),
        (10.0, 9.0, True, Ending.PAUSE),
        (180.0, 179.9, False, Ending.LENGTH),
    ],
)
def test_when_an_utterance_is_over(elapsed, last_change, complete, expected):
    assert ending(elapsed, last_change, complete=complete, limits=LIMITS) is expected


def dictate(utterance: Utterance, samples) -> Ending | None:
    for frame in from_samples(samples):
        over = utterance.feed(frame)
        if over is not None:
            return over
    return None


def test_a_thinking_pause_does_not_end_a_glimmer(model: Model, person: Person):
    first, second = person("my neighbor waved at me"), person("and i felt at home")
    utterance = Utterance(Recogniser(model), LIMITS)
    over = dictate(utterance, np.concatenate([pause(1), first, pause(3), second, pause(6)]))
    assert over is Ending.PAUSE
    assert utterance.text == "my neighbor waved at me and i felt at home"


def test_word_times_are_those_of_the_recording(model: Model, person: Person):
    first, second = person("my neighbor waved at me"), person("and i felt at home")
    utterance = Utterance(Recogniser(model), LIMITS)
    dictate(utterance, np.concatenate([pause(1), first, pause(3), second, pause(6)]))
    words = {word.text: word for word in utterance.words}
    assert words["my"].start == pytest.approx(1.0, abs=0.4)
    second_at = 1 + len(first) / 16_000 + 3
    assert words["and"].start == pytest.approx(second_at, abs=0.4)
    assert words["home"].end <= second_at + len(second) / 16_000 + 0.2


def test_ten_seconds_of_silence_end_the_waiting(model: Model):
    utterance = Utterance(Recogniser(model), LIMITS)
    assert dictate(utterance, pause(12)) is Ending.SILENCE
    assert utterance.words == ()
    assert utterance.elapsed == pytest.approx(10.0, abs=0.1)


def test_a_whole_request_ends_sooner(model: Model, person: Person):
    said = person("read my last glimmer")
    utterance = Utterance(Recogniser(model), LIMITS, {"read my last glimmer"}.__contains__)
    assert dictate(utterance, np.concatenate([pause(1), said, pause(6)])) is Ending.PAUSE
    assert utterance.elapsed < 1 + len(said) / 16_000 + 2


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the sun was warm that's all", "the sun was warm"),
        ("that's all", ""),
        ("save it", ""),
        ("i could not save it all", "i could not save it all"),
        ("that's all folks", "that's all folks"),
    ],
)
def test_a_closing_is_not_kept(text: str, kept: str):
    assert without_closing(text, ["that's all", "save it"]) == kept
