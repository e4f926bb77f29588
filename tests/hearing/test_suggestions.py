import logging
from pathlib import Path

import pytest

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.lexicon import Lexicon
from voice_glimmer.hearing.models import Model
from voice_glimmer.hearing.suggestions import require_wake_phrases


def silent(*_: object) -> Lexicon:
    raise Fault("I cannot tell how words sound: espeak-ng does not answer.")


def test_phrases_that_can_be_heard_cost_nothing(model: Model, tmp_path: Path):
    require_wake_phrases(model, ["hey glimmer", "good morning"], tmp_path, silent)
    assert not list(tmp_path.iterdir())


def test_others_are_suggested(model: Model, tmp_path: Path):
    with pytest.raises(Fault, match=r'Near "wren" in sound are .* you could choose "hey '):
        require_wake_phrases(model, ["hey glimmer", "hey wren"], tmp_path)


def test_without_espeak_the_words_are_still_named(
    model: Model, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with pytest.raises(Fault, match='does not know "wren"'):
        require_wake_phrases(model, ["hey glimmer", "hey wren"], tmp_path, silent)
    assert "no other words can be suggested: I cannot tell" in caplog.text
    assert caplog.records[0].levelno == logging.WARNING
