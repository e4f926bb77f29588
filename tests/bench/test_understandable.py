"""How the benchmark of what is said counts."""

import pytest

from scripts.bench import understandable as bench
from voice_glimmer.conversation.language import Language


@pytest.mark.parametrize(
    ("said", "heard", "share"),
    [
        ("What was kind today?", "what was kind today", 1),
        ("What was kind today?", "what was a kind of day", 0.75),
        ("What was kind today?", "today kind was what", 0.25),
        ("What was kind today?", "", 0),
        ("It is a favourite.", "it is a favorite", 1),
        ("I cannot hear you any more. All right.", "i cannot hear you any more alright", 1),
        ("I cannot hear you any more.", "i cannot hear you anymore", 1),
    ],
)
def test_the_share_of_words_that_were_understood(said: str, heard: str, share: float):
    assert bench.understood(said, heard) == share


def test_replies_are_measured_as_they_are_said(language: Language):
    found = bench.replies(language)
    assert found["kept 2"] == "It is kept."
    assert len(found) > 70
    # A day or a topic is only ever a part of what is said, and places have no words.
    assert not any("{" in text for text in found.values())
    assert "today 1" not in found
