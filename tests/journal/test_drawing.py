from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.journal.kept import keep
from voice_glimmer.journal.drawing import draw
from voice_glimmer.journal.glimmers import Which


@given(st.integers(1, 12), st.integers(0, 99))
def test_all_come_up_before_one_comes_again(many: int, seed: int):
    turns, random = dict.fromkeys(range(many), 0), Random(seed)
    for _ in range(3):
        up = []
        for _ in range(many):
            drawn = draw(turns, random, limit=1)
            turns |= drawn
            up += drawn
        assert sorted(up) == list(range(many))


@given(st.dictionaries(st.integers(), st.integers(0, 5)), st.integers(0, 20), st.integers(0, 9))
def test_as_many_as_asked_for_and_those_that_are_behind_first(turns, limit: int, seed: int):
    drawn = draw(turns, Random(seed), limit=limit)
    assert len(drawn) == min(limit, len(turns))
    left = [turns[number] for number in turns.keys() - drawn.keys()]
    latest = max(turns.values(), default=0)
    assert any(turns[number] == latest for number in drawn) <= all(turn == latest for turn in left)


def test_what_is_new_comes_up_once_with_the_others():
    turns, random = {1: 7, 2: 7}, Random(1)
    turns[3] = 0
    assert draw(turns, random, limit=1) == {3: 7}
    turns[3] = 7
    assert sorted(draw(turns, random, limit=3)) == [1, 2, 3]


def test_the_journal_remembers_what_came_up_also_in_another_run(journal, opened):
    numbers = [keep(journal, f"robin {each}", name=f"n{each}") for each in range(6)]
    up = [journal.any_of(Which(), Random(0), limit=1)[0].id for _ in range(3)]
    again = opened(journal.folder)
    up += [again.any_of(Which(topic="robin"), Random(0), limit=1)[0].id for _ in range(3)]
    assert sorted(up) == numbers


def test_a_journal_that_cannot_be_written_is_read_all_the_same(journal):
    keep(journal)
    journal._db.execute("pragma query_only = on")
    assert [each.text for each in journal.any_of(Which(), Random(0), limit=1)] == ["a robin sang"]
