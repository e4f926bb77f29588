"""Ways to hear a wake phrase."""

import json
import sys

import numpy as np
import pytest

from scripts.bench import ways
from tests.conftest import Person, pause
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.models import Model

PHRASE = "hey glimmer"
SETTINGS = (0.0, 0.25, 0.5, 0.75, 1.0)


def result(*words: tuple[str, float]) -> str:
    return json.dumps({"result": [{"word": word, "conf": conf} for word, conf in words]})


@pytest.mark.parametrize(
    "scores",
    [
        [],
        [(1.0, 0.1)],
        [(1.0, 0.6), (2.0, 0.9)],
        [(1.0, 0.3), (2.0, 0.3), (3.0, 0.99)],
        [(1.0, 1.0)],
    ],
)
def test_hearing_few_settings_tells_what_hearing_each_would(scores: list[tuple[float, float]]):
    def hear(setting: float) -> list[float]:
        return [at for at, score in scores if score >= 1 - setting]

    found = ways.at_every(SETTINGS, hear)
    assert found == {setting: hear(setting) for setting in SETTINGS}


def test_what_the_most_eager_does_not_hear_nobody_is_asked_about():
    asked = []

    def hear(setting: float) -> list[float]:
        asked.append(setting)
        return []

    ways.at_every(SETTINGS, hear)
    assert asked == [1.0]


@pytest.mark.parametrize(
    ("words", "least"),
    [
        ((("hey", 0.9), ("glimmer", 0.7)), [0.7]),
        ((("[unk]", 1.0), ("hey", 0.5), ("glimmer", 0.7), ("hey", 1.0)), [0.5]),
        ((("hey", 1.0), ("glimmer", 1.0), ("hey", 0.8), ("glimmer", 0.9)), [1.0, 0.8]),
        ((("hey", 1.0), ("[unk]", 1.0), ("glimmer", 1.0)), []),
        ((), []),
    ],
)
def test_a_phrase_is_as_sure_as_its_least_sure_word(words, least: list[float]):
    assert ways.confidences(result(*words), PHRASE) == least


@pytest.mark.parametrize("way", [ways.ours, ways.guesses, ways.finals])
def test_each_way_hears_the_phrase_and_not_what_is_before_it(model: Model, person: Person, way):
    said = person(PHRASE)
    samples = np.concatenate([pause(2), said, pause(3)])
    found = way(model, PHRASE)(samples)
    eager = found[max(found)] if way is ways.ours else found[min(found)]
    assert len(eager) == 1
    assert 2 < eager[0] <= len(samples) / ways.RATE


def test_a_phrase_that_the_model_does_not_know(model: Model):
    with pytest.raises(Fault, match="zzglorp"):
        ways.ours(model, "hey zzglorp")


def test_a_missing_pocketsphinx_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(Fault, match="pip install pocketsphinx"):
        ways.sphinx(PHRASE)
