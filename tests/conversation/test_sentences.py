from collections import defaultdict

import pytest

from voice_glimmer.conversation.language import Language
from voice_glimmer.conversation.requests import ANSWERS
from voice_glimmer.conversation.sentences import LONGEST, Kind, Match
from voice_glimmer.hearing.models import Model, missing_words

TOPICS = ("robins", "the old garden gate", "my son's laugh", "march", "coffee with the neighbors")


def test_every_sentence_is_understood_as_what_it_asks_for(language: Language):
    samples = list(language.sentences.samples(topics=TOPICS))
    assert len(samples) > 2000
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
    assert seen["ordinal"] == set(range(1, 32))
    assert seen["number"] == set(range(1, 21))
    assert seen["end"] == {"newest", "oldest", "any"}
    assert seen["season"] == set(language.calendar.seasons)


def test_the_bundled_model_knows_every_word(language: Language, model: Model):
    words = language.sentences.words()
    assert {"glimmers", "surprise", "wednesday", "december", "thirtieth", "please"} <= words
    assert missing_words(model, words) == []


def test_the_grammar_of_the_answers_is_small_and_whole(language: Language):
    vocabulary = language.sentences.vocabulary(ANSWERS)
    assert len(vocabulary) <= 20
    assert {"yes", "no thank you", "try again", "please stop", "never mind", "help"} <= {
        *vocabulary
    }


@pytest.mark.parametrize("text", ["", "please", "um", "   ", "{topic}", "<read>", "[please]"])
def test_what_is_no_sentence_is_none(language: Language, text: str):
    assert language.sentences.match(text) is None


def test_case_spaces_and_punctuation_of_typed_text_do_not_matter(language: Language):
    read = Match(Kind.READ, {"number": 3, "end": "newest"})
    assert language.sentences.match("Read my  last 3 glimmers, please!") == read
