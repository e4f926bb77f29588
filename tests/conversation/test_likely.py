import math
from pathlib import Path

import pytest

from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.language import Language
from voice_glimmer.conversation.likely import Likely, features, read
from voice_glimmer.conversation.sentences import Kind


def test_features_are_words_pairs_and_the_words_that_requests_do_not_have():
    assert features("Play a wren", {"play", "a"}) == {
        *("play", "a", "wren"),
        *("^ play", "play a", "a wren", "wren $"),
        "#1",
    }
    assert features("", ()) == {"^ $"}
    assert {name for name in features("a b c d e f g", ()) if name[0] == "#"} == {
        *("#1", "#2", "#3", "#4", "#5")
    }


def test_the_likelihood_is_that_of_a_logistic_regression():
    likely = Likely(0.5, 0.4, frozenset({"play"}), {"play": 2.0, "^ play": 1.0, "#1": -4.0}, {})
    assert likely.likelihood("play") == pytest.approx(1 / (1 + math.exp(-3.5)))
    assert likely.likelihood("play wren") == pytest.approx(1 / (1 + math.exp(0.5)))
    assert likely.doubts("play")
    assert not likely.doubts("play wren")


def test_the_kind_is_that_of_a_softmax():
    weights = {"": {"play": 0.5, "stop": 0.0}, "hush": {"stop": 2.0}, "^ hush": {"play": -1.0}}
    likely = Likely(0.0, 0.5, frozenset(), {}, weights)
    assert likely.kind("sing") == (Kind.PLAY, pytest.approx(math.exp(0.5) / (math.exp(0.5) + 1)))
    kind, probability = likely.kind("hush")
    assert kind is Kind.STOP
    assert probability == pytest.approx(math.exp(2.0) / (math.exp(2.0) + math.exp(-0.5)))


def test_a_language_without_weights_doubts_nothing(tmp_path: Path):
    assert read(tmp_path / "likely.json") is None
    assert languages.load("de").likely is None


def test_long_words_and_none_are_no_trouble(language: Language):
    assert language.likely
    assert 0 <= language.likely.likelihood("") <= 1
    assert 0 <= language.likely.likelihood("played " * 5000) <= 1
