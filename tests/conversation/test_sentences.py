from collections import defaultdict

import pytest

from voice_glimmer.conversation.language import Language
from voice_glimmer.conversation.requests import ANSWERS, WHILE_HEARING
from voice_glimmer.conversation.sentences import LONGEST, Kind, Match
from voice_glimmer.hearing.models import Model, missing_words

TOPICS = ("robins", "the old garden gate", "my son's laugh", "coffee with the neighbors")


def test_every_sentence_is_understood_as_what_it_asks_for(language: Language):
    samples = list(language.sentences.samples(frozenset(Kind) - {Kind.UNCLEAR}, TOPICS))
    samples += language.sentences.samples({Kind.UNCLEAR}, ["robins", "whatever there may be"])
    assert len(samples) > 3000
    assert max(len(sample.text.split()) for sample in samples) < LONGEST
    misread = [s for s in samples if language.sentences.match(s.text) != s.match]
    assert misread == []


def test_everything_that_can_be_asked_for_can_be_said(language: Language):
    seen = defaultdict(set)
    for sample in language.sentences.samples():
        seen["kind"].add(sample.match.kind)
        for slot, value in sample.match.slots.items():
            seen[slot].add(value)
    assert seen["kind"] == set(Kind)
    assert seen["weekday"] == set(range(7))
    assert seen["month"] == set(range(1, 13))
    assert seen["number"] == set(range(1, 21))
    assert seen["end"] == {"newest", "oldest", "any"}
    assert seen["season"] == set(language.calendar.seasons)


def test_the_bundled_model_knows_every_word(language: Language, model: Model):
    words = language.sentences.words()
    assert {"glimmers", "surprise", "wednesday", "december", "thirtieth", "please"} <= words
    assert missing_words(model, words) == []


@pytest.mark.parametrize(
    ("said", "day"), [("first", 1), ("twenty eighth", 28), ("thirtieth", 30), ("thirty first", 31)]
)
def test_days_of_a_month_are_counted(language: Language, said: str, day: int):
    match = language.sentences.match(f"read my glimmers from the {said} of may")
    assert match is not None
    assert match.slots == {"day": "date", "ordinal": day, "month": 5}


def test_a_grammar_holds_every_answer_and_every_tag(language: Language):
    answers = {*language.sentences.vocabulary(ANSWERS)}
    assert {"yes", "no thank you", "try again", "please stop", "never mind", "help"} <= answers
    hearing = {*language.sentences.vocabulary(WHILE_HEARING)}
    tags = {text.removeprefix("tag it ") for text in hearing if text.startswith("tag it ")}
    assert len(tags) > 30
    assert "kindness" in tags
    assert {f"file that under {tag}" for tag in tags if len(tag.split()) == 1} <= hearing
    assert {"next", "previous", "again", "slower", "louder", "when was that", "stop"} <= hearing


@pytest.mark.parametrize("text", ["", "please", "um", "   ", "{topic}", "<read>", "[please]"])
def test_what_is_no_sentence_is_none(language: Language, text: str):
    assert language.sentences.match(text) is None


def test_case_spaces_and_punctuation_of_typed_text_do_not_matter(language: Language):
    read = Match(Kind.READ, {"number": 3, "end": "newest"})
    assert language.sentences.match("Read my  last 3 glimmers, please!") == read
