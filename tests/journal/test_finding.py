"""Finding by topic in the order of time, also where numbers are in another; excerpts; filters."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.journal.kept import SPOKEN, keep
from voice_glimmer.journal.glimmers import Journal, Piece, Which


def found(journal: Journal, limit: int = 9, *, oldest_first: bool = False, **which) -> list[int]:
    return [
        glimmer.id
        for glimmer in journal.find(Which(**which), limit=limit, oldest_first=oldest_first)
    ]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.booleans()), max_size=12))
def test_a_topic_is_found_newest_first_whatever_was_added_when(tmp_path_factory, said):
    journal = Journal(tmp_path_factory.mktemp("journal"))
    expected = []
    for turn, (day, about_it, deleted) in enumerate(said):
        text = "a robin sang" if about_it else "tea with ada"
        at = SPOKEN + timedelta(days=day)
        number = keep(journal, text, at, name=f"{turn}", voice=b"\0\0")
        if deleted:
            journal.delete(number, at)
        elif about_it:
            expected.append((at, number))
    in_order = [number for _, number in sorted(expected)]
    assert found(journal, topic="robin") == in_order[::-1][:9]
    assert found(journal, topic="robin", oldest_first=True) == in_order[:9]
    assert found(journal, limit=2, topic="robins") == in_order[::-1][:2]
    journal.close()


def test_a_topic_within_a_time_and_with_a_tag(journal):
    numbers = [keep(journal, at=SPOKEN + timedelta(days=day), name=f"{day}") for day in range(4)]
    journal.tag(numbers[1], "garden")
    journal.tag(numbers[3], "garden")
    until = SPOKEN + timedelta(days=3)
    assert found(journal, topic="robin", until=until, tag="garden") == [numbers[1]]
    assert found(journal, topic="robin", tag="garden") == [numbers[3], numbers[1]]


@pytest.mark.parametrize("topic", ["", "robin"])
def test_they_come_one_by_one_and_some_can_be_skipped(journal, topic: str):
    numbers = [keep(journal, at=SPOKEN + timedelta(days=day), name=f"{day}") for day in range(4)]
    one_by_one = journal.each(Which(topic=topic), oldest_first=True, skip=1)
    assert next(one_by_one).id == numbers[1]
    keep(journal, at=SPOKEN + timedelta(days=9), name="meanwhile")
    assert [glimmer.id for glimmer in one_by_one][:2] == numbers[2:]
    newest = [each.id for each in journal.each(Which(topic=topic), skip=2, limit=2)]
    assert newest == numbers[2:0:-1]


def test_by_prompt_and_by_length(journal):
    number = keep(journal)
    assert found(journal, prompt="What was good?") == [number]
    assert found(journal, prompt="What was kind?") == []
    assert found(journal, at_least=1.0, at_most=1.0) == [number]
    assert found(journal, at_least=1.1) == found(journal, at_most=0.9) == []


def test_an_excerpt_is_where_the_topic_is_and_marks_its_words(journal):
    number = keep(
        journal, f"{'so much tea ' * 20}and then two robins sang to us {'and more ' * 20}"
    )
    pieces = journal.excerpt(number, "robin singing tea")
    assert pieces == ()
    pieces = journal.excerpt(number, "robin")
    assert Piece("robins", matched=True) in pieces
    assert [piece.matched for piece in pieces].count(True) == 1
    text = "".join(piece.text for piece in pieces)
    assert text.startswith("…")
    assert text.endswith("…")
    assert "and then two robins sang to us" in text


@pytest.mark.parametrize("topic", ["", "wren", '"', "robin OR"])
def test_without_the_topic_there_is_no_excerpt(journal, topic: str):
    assert journal.excerpt(keep(journal), topic) == ()
