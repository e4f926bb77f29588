"""What is made later: once, whoever asks, and never behind somebody's back."""

from threading import Barrier, Event, Thread

import pytest

from voice_glimmer.faults import Fault
from voice_glimmer.later import Later, anything_is_made


def test_it_is_made_once_however_many_need_it():
    asked, made = Barrier(3), []
    later = Later(lambda: made.append("tea") or "tea")
    assert not later.is_made
    got = []

    def need() -> None:
        asked.wait()
        got.append(later.made)

    threads = [Thread(target=need) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["tea", "tea", "tea"]
    assert made == ["tea"]
    assert later.is_made


def test_what_fails_is_told_to_everyone_who_needs_it_and_to_nobody_else():
    tried = []

    def fail() -> str:
        tried.append(1)
        raise Fault("There is no tea.")

    later = Later(fail)
    later.begin()
    for _ in range(2):
        with pytest.raises(Fault, match="no tea"):
            _ = later.made
    assert tried == [1]
    assert not later.is_made


def test_who_needs_it_waits_for_the_thread_that_makes_it_and_the_end_of_the_process_knows():
    boiling = Event()
    later = Later(lambda: boiling.wait() and "tea")
    later.begin()
    assert anything_is_made()
    boiling.set()
    assert later.made == "tea"
