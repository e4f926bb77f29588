from datetime import UTC, datetime

import pytest

from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.guessing import guess
from voice_glimmer.conversation.language import Language
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.speaking.prompts import plain

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)

ASKED = [
    ("would you be so good as to read me something", "Shall I read your last glimmer?"),
    (
        "have you still got that thing i said about the postman",
        "Shall I read what you told me about the postman?",
    ),
    (
        "could you kindly read this morning's one out to me",
        "Shall I read what you told me from this morning?",
    ),
    (
        "i'd love to have my recording about my sister played",
        "Shall I play what you told me about your sister?",
    ),
    (
        "what on earth did i say about the bees last week",
        "Shall I read what you told me about the bees from last week?",
    ),
    ("can you tell me how many i kept in march or so", "Shall I count your glimmers from March?"),
    ("what's the tally then", "Shall I count your glimmers?"),
    ("could i hear my first ever one if you please", "Shall I read your first glimmer?"),
    ("would you read out the favourites of mine", "Shall I read your favourites?"),
    ("i could do with a bit of breathing together", "Shall we breathe together for a minute?"),
]


@pytest.mark.parametrize(("said", "question"), ASKED)
def test_what_was_meant_is_asked(language: Language, said: str, question: str):
    guessed = guess(said, NOW, language)
    assert guessed
    assert plain(guessed.question) == f"{question} If it was a glimmer, say: keep it."


def test_a_period_goes_with_its_dates_and_a_topic_with_its_words(language: Language):
    guessed = guess("what on earth did i say about the bees last week", NOW, language)
    assert guessed
    assert guessed.request.topic == "bees"
    assert guessed.request.period
    assert guessed.request.period.since.date() == datetime(2026, 11, 16, tzinfo=UTC).date()


def test_a_month_that_is_also_a_verb_is_none_without_its_preposition(language: Language):
    guessed = guess("may i know the number of glimmers in there", NOW, language)
    assert guessed
    assert guessed.request.kind is Kind.COUNT
    assert guessed.request.period is None


def test_what_may_mean_anything_is_not_guessed_at(language: Language):
    assert guess("", NOW, language) is None
    assert guess("pudding", NOW, language) is None


def test_long_words_and_many_are_no_trouble(language: Language):
    guess("read " + "from the last " * 500, NOW, language)
    guess("about " * 2000, NOW, language)


def test_a_language_without_weights_guesses_nothing():
    assert guess("lies mir bitte etwas vor", NOW, languages.load("de")) is None


def test_every_kind_that_is_guessed_has_a_question(language: Language):
    assert language.likely
    assert language.guesses
    assert set(language.likely.kinds[""]) - set(language.guesses["shall"]) == {"tag", "unclear"}
