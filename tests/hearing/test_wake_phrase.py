import re
from collections.abc import Callable, Collection
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_glimmer.conversation.language import Language
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.lexicon import Lexicon
from voice_glimmer.hearing.wake_phrase import (
    MOST_LETTERS,
    Grade,
    Verdict,
    instead,
    judge,
    lacking,
    normalised,
)

Judge = Callable[..., Verdict]


@pytest.fixture
def judged(everyday: Lexicon) -> Judge:
    def judged(
        phrase: str, answers: Collection[str] = (), own_words: Collection[str] = ()
    ) -> Verdict:
        return judge(phrase, everyday, answers, own_words)

    return judged


def told(verdict: Verdict) -> str:
    return " ".join(reason.text for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("hey glimmer", "hey glimmer"),
        ("Hey, Glimmer!", "hey glimmer"),
        ("  hey\tglimmer\n", "hey glimmer"),
        ("“Hey Glimmer”", "hey glimmer"),
        ("'hey glimmer'", "hey glimmer"),
        ("it’s time", "it's time"),
        ("good-morning_glimmer", "good morning glimmer"),
        ("Café\x00Glimmer", "cafe glimmer"),
        ("HEY GLIMMER", "hey glimmer"),
    ],
)
def test_what_is_typed_becomes_what_the_setting_takes(text: str, phrase: str):
    assert normalised(text) == phrase


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "words that you would say"),
        (" ?!… ", "words that you would say"),
        ("\x00\x1b[31m", "longer|plain English letters"),
        ("glimmer" * 1_500, "longer than I can listen for"),
        ("hey 7up", '"7" is none'),
        ("привет глиммер", "plain English letters"),
        ("嘿 光", "plain English letters"),
    ],
)
def test_what_cannot_be_listened_for_is_a_sentence(text: str, words: str):
    with pytest.raises(Fault, match=words) as fault:
        normalised(text)
    assert "\n" not in str(fault.value)


@given(st.text())
def test_any_text_becomes_a_phrase_or_a_sentence(text: str):
    try:
        phrase = normalised(text)
    except Fault:
        return
    assert re.fullmatch(r"[a-z']+( [a-z']+)*", phrase)
    assert len(phrase) <= MOST_LETTERS
    assert normalised(phrase) == phrase


@pytest.mark.parametrize(
    ("phrase", "grade"),
    [
        ("hey glimmer", Grade.GOOD),
        ("good morning glimmer", Grade.GOOD),
        ("hello sunshine", Grade.GOOD),
        ("purple robin", Grade.GOOD),
        ("hey computer", Grade.FAIR),
        ("hey mary", Grade.FAIR),
        ("hey you", Grade.POOR),
        ("okay", Grade.POOR),
        ("hello there", Grade.POOR),
        ("okay dad", Grade.POOR),
        ("glimmer", Grade.POOR),
        ("and the", Grade.POOR),
        ("tell me", Grade.POOR),
        ("good morning", Grade.POOR),
        ("hey wren", Grade.POOR),
        ("hello and good morning my dear old glimmer", Grade.POOR),
    ],
)
def test_phrases_are_graded(judged: Judge, phrase: str, grade: Grade):
    assert judged(phrase).grade is grade


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("hey you", "4 sounds: too short"),
        ("hey spark", "2 syllables and 7 sounds: rather short"),
        ("hey glimmer", "3 syllables and 7 sounds: long enough"),
        ("hello and good morning my dear old glimmer", "longer than I can listen for"),
        ("hey glimmer", '"glimmer" is seldom said'),
        ("hey computer", "everyday ones"),
        ("tell me", "all day long"),
        ("hey glimmer", 'seldom said: "hey glamour", '),
        ("hey mary", 'may wake me: "hey merry", '),
        ("hey jasmine", "Nothing in everyday speech"),
        ("glimmer", "I need two or more"),
        ("glimmer glimmer", '"glimmer" comes twice'),
        ("hey wren", 'does not know "wren"'),
    ],
)
def test_the_reasons_are_given(judged: Judge, phrase: str, words: str):
    assert words in told(judged(phrase))


def test_the_worst_reason_comes_first(judged: Judge):
    grades = [reason.grade for reason in judged("glimmer glimmer").reasons]
    assert grades == sorted(grades)
    assert len(set(grades)) > 1


def test_at_most_five_phrases_are_shown(judged: Judge):
    for reason in judged("hey robin").reasons:
        assert reason.text.count('"') <= 10


def test_an_answer_cannot_be_a_wake_phrase(judged: Judge, language: Language):
    answers = {*language.sentences.vocabulary(frozenset(Kind)), *language.closings}
    assert "You say it to answer me" in told(judged("let me try again", answers))
    assert judged("let me try again", answers).grade is Grade.POOR
    assert "answer" not in told(judged("hey glimmer", answers))


def test_the_programs_own_words_are_pointed_out(judged: Judge, language: Language):
    own_words = [*chain(*language.replies.values()), "Breathe out slowly, if you like."]
    for phrase in ("read my glimmers", "slowly if you like"):
        assert "I say it myself" in told(judged(phrase, own_words=own_words))
    assert "myself" not in told(judged("hey glimmer", own_words=own_words))
    assert "myself" not in told(judged("low if you", own_words=own_words))


def test_a_missing_word_is_replaced_by_ear(everyday: Lexicon):
    sentence = lacking(["hey wren"], everyday)
    assert 'does not know "wren", so I could never hear "hey wren".' in sentence
    assert 'Near "wren" in sound are "run", ' in sentence
    assert "\n" not in sentence


def test_all_phrases_are_told_at_once(everyday: Lexicon):
    phrases = ["hey wren", "hey glimmer", "wren peonies"]
    sentence = lacking(phrases, everyday)
    assert '"wren" and "peonies"' in sentence
    assert '"hey wren" or "wren peonies"' in sentence
    assert sentence.count('ear "wren" in sound') == 1
    assert 'near "peonies" in sound' in sentence
    assert "glimmer" not in sentence


@pytest.mark.parametrize("phrase", ["hey wren", "hey siri", "okay peonies", "wren peonies"])
def test_what_is_offered_can_be_used(everyday: Lexicon, phrase: str):
    better = instead(phrase, everyday)
    assert set(better.split()) <= everyday.known
    assert judge(better, everyday, (), ()).grade > Grade.POOR
    for said, offered in zip(phrase.split(), better.split(), strict=True):
        assert offered == said or said not in everyday.known


def test_a_model_of_another_language_has_nothing_to_offer():
    foreign = Lexicon({"hey": 4.5}, {"hey": ("h", "eɪ")}, frozenset())
    assert lacking(["hey hey"], foreign).endswith("Please choose other words, or another model.")


def test_a_phrase_of_many_missing_words_is_answered_too(everyday: Lexicon):
    phrase = " ".join(["qqq"] * 40)
    assert len(instead(phrase, everyday).split()) == 40


words = st.sampled_from(["hey", "glimmer", "hm", "a", "the", "wren", "sh", "x'x", "qqq", "it's"])


@settings(max_examples=30)
@given(st.lists(words, min_size=1, max_size=5))
def test_every_phrase_gets_a_verdict(everyday: Lexicon, chosen: list[str]):
    verdict = judge(" ".join(chosen), everyday, (), ())
    assert all(reason.text.endswith(".") for reason in verdict.reasons)
    if not set(chosen) <= everyday.known:
        assert verdict.grade is Grade.POOR
