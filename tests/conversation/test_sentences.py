from collections import defaultdict

import pytest

from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.language import Language
from voice_glimmer.conversation.requests import (
    ANSWERS,
    PERIODS,
    REQUESTS,
    WHILE_HEARING,
    answered,
)
from voice_glimmer.conversation.sentences import Kind, Match
from voice_glimmer.conversation.templates import LONGEST
from voice_glimmer.hearing.models import Model, missing_words

TOPICS = {
    "en": ("robins", "the old garden gate", "my son's laugh", "coffee with the neighbors"),
    "de": ("rotkehlchen", "das alte gartentor", "dem lachen meines sohns", "kaffee mit nachbarn"),
}
RESTS = {
    "en": ("robins", "whatever there may be"),
    "de": ("bis zum schluss", "wie sie gerade kommen"),
}
LEAST = {"en": 3000, "de": 3000}


@pytest.mark.parametrize("code", LEAST)
def test_every_sentence_is_understood_as_what_it_asks_for(code: str):
    sentences = languages.load(code).sentences
    samples = list(sentences.samples(frozenset(Kind) - {Kind.UNCLEAR}, TOPICS[code]))
    samples += sentences.samples({Kind.UNCLEAR}, RESTS[code])
    assert len(samples) > LEAST[code]
    assert max(len(sample.text.split()) for sample in samples) < LONGEST
    # A kind may be listened for at several times; other kinds are, then.
    misread = [
        sample
        for sample in samples
        for among in (ANSWERS, WHILE_HEARING, REQUESTS)
        if sample.match.kind in among and sentences.match(sample.text, among) != sample.match
    ]
    assert misread == []


@pytest.mark.parametrize("code", LEAST)
def test_everything_that_can_be_asked_for_can_be_said(code: str):
    language = languages.load(code)
    seen = defaultdict(set)
    for sample in language.sentences.samples():
        seen["kind"].add(sample.match.kind)
        for slot, value in sample.match.slots.items():
            seen[slot].add(value)
    assert seen["kind"] == set(Kind) - {Kind.DOUBTFUL}
    assert seen["weekday"] == set(range(7))
    assert seen["month"] == set(range(1, 13))
    assert seen["number"] == set(range(1, 21))
    assert seen["end"] == {"newest", "oldest", "any"}
    assert seen["season"] == set(language.calendar.seasons)
    assert seen["feast"] == set(language.calendar.feasts)
    periods = {f"from_{name}" for each in PERIODS for name in seen[each]}
    assert periods == {name for name in language.replies if name.startswith("from_")}


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


@pytest.mark.parametrize("text", ["nochmal", "noch einmal"])
def test_the_same_words_are_another_try_after_a_question_and_again_between_two(text: str):
    german = languages.load("de")
    kinds = [answered(text, german, among).kind for among in (ANSWERS, WHILE_HEARING, REQUESTS)]
    assert kinds == [Kind.TRY_AGAIN, Kind.AGAIN, Kind.AGAIN]


@pytest.mark.parametrize("text", ["", "please", "um", "   ", "{topic}", "<read>", "[please]"])
def test_what_is_no_sentence_is_none(language: Language, text: str):
    assert language.sentences.match(text) is None


def test_case_spaces_and_punctuation_of_typed_text_do_not_matter(language: Language):
    read = Match(Kind.READ, {"number": 3, "end": "newest"})
    assert language.sentences.match("Read my  last 3 glimmers, please!") == read
