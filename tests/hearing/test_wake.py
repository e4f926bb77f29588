import numpy as np
import pytest

from tests.conftest import Person, pause, trimmed
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import from_samples
from voice_glimmer.hearing.models import Model
from voice_glimmer.hearing.wake import Wake, WakeSpotter, through
from voice_glimmer.settings import DEFAULT_SENSITIVITY

OTHER_SPEECH = (
    "did you remember to buy milk and bread on the way home",
    "the hay is glimmering in the sun behind the barn",
    "hey you, come here and look at the moon for a moment",
    "there was a glimmer of hope in her eyes when she said it",
    "hey jimmy, dinner is ready in about five minutes",
    "we could take the early train and walk along the river",
    "he grinned and said nothing for a long while",
    "the kettle is boiling and the toast is nearly done",
    "please close the window before it starts to rain again",
    "they say the winter will be long and cold this year",
)


def wakes(spotter: WakeSpotter, samples) -> list[float]:
    """Return when it woke, in seconds."""
    return [frame.end for frame in from_samples(samples) if spotter.feed(frame)]


def first_wake(spotter: WakeSpotter, samples) -> Wake:
    return next(wake for frame in from_samples(samples) if (wake := spotter.feed(frame)))


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize("before", [1.0, 7.33])
def test_it_knows_where_the_phrase_ends_and_whether_that_was_all(
    model: Model, person: Person, voice: str, before: float
):
    phrase, request = (trimmed(person(t, voice)) for t in ("hey glimmer", "read my last one"))
    loud = np.flatnonzero(np.abs(phrase.astype(int)) > 300) / 16_000
    alone = first_wake(
        WakeSpotter(model, ["hey glimmer"], DEFAULT_SENSITIVITY),
        np.concatenate([pause(before), phrase, pause(2)]),
    )
    assert alone.phrase == "hey glimmer"
    assert not alone.speaking_on
    assert alone.frames[0].at + alone.ends == pytest.approx(before + loud[-1], abs=0.15)
    on = first_wake(
        WakeSpotter(model, ["hey glimmer"], DEFAULT_SENSITIVITY),
        np.concatenate([pause(before), phrase, request, pause(2)]),
    )
    assert on.speaking_on
    assert on.frames[0].at <= before + loud[0]


@pytest.mark.parametrize(
    ("phrase", "heard", "expected"),
    [
        ("hey glimmer", "hey glimmer", 2),
        ("hey glimmer", "[unk] hey glimmer [unk] [unk]", 3),
        ("hey glimmer", "hey glimmer hey", 2),
        ("hey glimmer", "hey glimmer [unk] hey", 2),
        ("hey glimmer", "hey [unk] glimmer", 0),
        ("hey glimmer", "glimmer", 0),
        ("hey glimmer", "hey glimmer glimmer", 0),
        ("hey glimmer", "", 0),
        ("hello hello", "hello hello", 2),
        ("hello hello", "hello hello hello", 3),
    ],
)
def test_where_a_phrase_ends_among_words(phrase: str, heard: str, expected: int):
    assert through(phrase, heard.split()) == expected


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_it_wakes_at_its_phrase(model: Model, person: Person, voice: str):
    said = person("hey glimmer", voice)
    woke = wakes(
        WakeSpotter(model, ["hey glimmer"], DEFAULT_SENSITIVITY),
        np.concatenate([pause(1), said, pause(2)]),
    )
    assert len(woke) == 1
    assert woke[0] <= 1 + len(said) / 16_000 + 1.0


def test_it_wakes_again_and_again(model: Model, person: Person):
    said = person("hey glimmer")
    spotter = WakeSpotter(model, ["hey glimmer"], DEFAULT_SENSITIVITY)
    assert len(wakes(spotter, np.concatenate([pause(2), said] * 5 + [pause(2)]))) == 5


def test_it_sleeps_through_chopping(model: Model):
    """It passes the gate for so long that Vosk ends a segment in which it heard no word."""
    rng = np.random.default_rng(1)
    stroke, gap = rng.normal(0, 3_000, 1_600), rng.normal(0, 15, 4_800)
    chopping = np.concatenate([stroke, gap] * 75).astype(np.int16)
    assert wakes(WakeSpotter(model, ["hey glimmer"], DEFAULT_SENSITIVITY), chopping) == []


@pytest.mark.parametrize("voice", ["slt", "rms"])
def test_it_sleeps_through_other_speech(model: Model, person: Person, voice: str):
    talk = np.concatenate(
        [part for text in OTHER_SPEECH for part in (person(text, voice), pause(0.7))]
    )
    assert wakes(WakeSpotter(model, ["hey glimmer"], DEFAULT_SENSITIVITY), talk) == []


def test_a_word_the_model_lacks_is_named(model: Model):
    with pytest.raises(Fault, match='does not know "glimmerling", "zorp"'):
        WakeSpotter(model, ["hey glimmerling", "zorp glimmer"], 0.5)
