"""What the benchmarks of requests draw, count and time."""

from collections import Counter
from random import Random

import pytest

from scripts.bench import requests as bench
from scripts.bench import understanding
from voice_glimmer.conversation.actions import Ear
from voice_glimmer.conversation.language import Language
from voice_glimmer.conversation.requests import understand
from voice_glimmer.conversation.sentences import Kind


@pytest.mark.parametrize("ear", bench.HEARD_WITH)
def test_every_kind_is_among_the_sentences(language: Language, ear: Ear):
    drawn = bench.sampled(language, ear, 90, Random(1))
    kinds = Counter(sentence.asks.kind for sentence in drawn if sentence.asks)
    assert set(kinds) == bench.HEARD_WITH[ear]
    assert not any(letter.isdigit() for sentence in drawn for letter in sentence.text)
    if ear is Ear.OPEN:
        assert sum(kinds[kind] for kind in bench.ABOUT_GLIMMERS) > len(drawn) / 2
    assert drawn == bench.sampled(language, ear, 90, Random(1))


def test_every_voice_has_its_turn(language: Language):
    sentences = bench.sampled(language, Ear.ANSWER, 30, Random(1))
    said = bench.shared_out(sentences)
    assert len(said) == bench.EACH * len(sentences)
    voices = Counter(voice for _, voice in said)
    assert set(voices) == set(bench.VOICES)
    assert max(voices.values()) - min(voices.values()) <= 1


def outcome(said: str, ours: str, plain: str, language: Language) -> bench.Outcome:
    sentence = bench.Sentence(said, Ear.OPEN, bench.asked(said, Ear.OPEN, language))
    return bench.Outcome(sentence, "flite slt", ours, plain)


def test_what_is_right_is_counted(language: Language):
    found = [
        # An article is not searched for, so it is no part of what was asked.
        outcome("read the one about the robin", "read the one about a robin", "", language),
        outcome("read my last two glimmers", "read my last glimmer", "a race", language),
        outcome("how many this week", "read my glimmers", "how many this week", language),
        outcome("the robin sang", "the robin sang", "help", language),
    ]
    got = bench.shares(found, language)
    assert got["ours"] == {"intent": 3 / 4, "slots": 2 / 4}
    assert (got["plain"]["intent"], got["plain"]["slots"]) == (1 / 4, 1 / 4)
    assert bench.confusions(found, language) == {
        ("read my last two glimmers", "read my last glimmer"): 1,
        ("how many this week", "read my glimmers"): 1,
    }


def test_no_glimmer_of_the_benchmark_is_a_request(language: Language):
    assert len(bench.GLIMMERS) == len({*bench.GLIMMERS})
    assert [text for text in bench.GLIMMERS if bench.asked(text, Ear.OPEN, language)] == []


def test_every_kind_and_narrowing_is_in_the_table(language: Language):
    asked = [understand(text, understanding.NOW, language) for text in understanding.TABLE]
    assert None not in asked
    requests = [request for request in asked if request]
    assert {each.kind for each in requests} == {Kind.READ, Kind.PLAY, Kind.COUNT, Kind.KNOWN}
    for narrowing in ("period", "topic", "favourite", "tag", "on_day"):
        assert any(getattr(each, narrowing) for each in requests)


def test_a_journal_is_asked_as_the_program_does(language: Language, tmp_path):
    journal = understanding.filled(tmp_path / "journal", 40)
    words, query, found = understanding.timed(
        "how many glimmers do i have", understanding.asking(journal), language
    )
    assert found == 38  # each twentieth is deleted
    assert min(words, query) > 0
    journal.close()


def test_the_middle_and_the_slowest():
    rows = [
        {"text": text, "words": ms / 1e3, "query": 0.0, "both": ms / 1e3}
        for text, ms in (("a", 1), ("b", 2), ("c", 9))
    ]
    got = understanding.figures(rows)
    assert got["both"]["median"] == pytest.approx(2)
    assert got["slowest"] == {"text": "c", "both": pytest.approx(9)}
