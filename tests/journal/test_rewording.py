from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.kept import FIRST, LATER, SPOKEN, history, keep, only, words
from voice_glimmer.conversation.events import Word
from voice_glimmer.journal import Which
from voice_glimmer.journal.rewording import retimed

HEARD = [Word("a", 0.0, 0.2, 0.9), Word("rob", 0.3, 0.5, 0.4), Word("in", 0.5, 0.9, 0.4)]


def test_a_word_that_stays_keeps_its_time_and_another_has_that_of_what_it_replaces():
    assert retimed(HEARD, "A robin!") == [Word("A", 0.0, 0.2, 0.9), Word("robin!", 0.3, 0.9, 1.0)]
    assert retimed(HEARD, "a rob sang in")[2] == Word("sang", 0.5, 0.5, 1.0)
    assert retimed([], "a robin") == []


@given(st.lists(st.sampled_from("abc"), min_size=1), st.lists(st.sampled_from("abcd")))
def test_all_words_have_times_in_order_within_the_voice(heard, meant):
    said = words(" ".join(heard))
    found = retimed(said, " ".join(meant))
    assert [word.text for word in found] == meant
    times = [time for word in found for time in (word.start, word.end)]
    assert times == sorted(times)
    assert all(0 <= time <= said[-1].end for time in times)


def test_other_words_keep_the_voice_and_can_be_taken_back(journal):
    number = keep(journal, "a rob in sang")
    journal.reword(number, "a robin sang", LATER)
    assert [word.text for word in journal.spoken_words(number)] == ["a", "robin", "sang"]
    np.testing.assert_array_equal(journal.voice_of(number)[0], FIRST)
    assert journal.earlier(number) == ["a rob in sang"]
    assert keep(journal, "a rob in sang") == number
    assert journal.unchange(number)
    assert only(journal).text == "a rob in sang"
    assert history(journal) == [("a robin sang", None)]


def test_what_comes_after_one_is_never_missed_or_told_twice(journal):
    numbers = [keep(journal, at=SPOKEN, name=name) for name in "abc"]
    numbers.insert(0, keep(journal, at=SPOKEN - timedelta(days=1), name="d"))
    seen, last = [], None
    while found := journal.find(Which(before=last), limit=1):
        seen.append(found[0].id)
        last = (found[0].spoken_at, found[0].id)
    assert seen == numbers[::-1]
