import errno
import os
import sqlite3
from contextlib import closing

import numpy as np
import pytest
from sqlite_utils import Database

from tests.journal.kept import (
    FIRST,
    SECOND,
    SPOKEN,
    change,
    history,
    keep,
    only,
    recorded,
    spoken_words,
)
from voice_glimmer.journal.glimmers import (
    Journal,
    JournalUnavailableError,
    Which,
)


def test_a_changed_glimmer_keeps_its_former_wording_and_is_found_by_the_new_one(journal: Journal):
    number = keep(journal, "a robin sang")
    journal.favour(number, favourite=True)
    change(journal, number, "a wren sang")
    glimmer = only(journal)
    assert (glimmer.id, glimmer.text, glimmer.duration) == (number, "a wren sang", 0.5)
    assert (glimmer.spoken_at, glimmer.favourite) == (SPOKEN, True)
    assert (journal.count(Which(topic="robin")), journal.count(Which(topic="wren"))) == (0, 1)
    assert spoken_words(journal) == ["a", "wren", "sang"]
    assert history(journal) == [("a robin sang", "2026-06-02T12:00:00+00:00")]
    voice, rate = journal.voice_of(number)
    assert (voice.dtype, rate) == (np.int16, 16_000)
    np.testing.assert_array_equal(voice, SECOND)
    # The former recording is the journal's still: its spool is done with, its file is there.
    assert journal.has("a")
    assert len(recorded(journal)) == 2
    assert keep(journal, name="a") == number


def test_changes_are_taken_back_one_by_one_and_nothing_is_lost(journal: Journal):
    number = keep(journal, "one robin")
    change(journal, number, "two wrens", "b")
    change(journal, number, "three owls here", "c")
    assert journal.unchange(number)
    assert (only(journal).text, only(journal).duration) == ("two wrens", 0.5)
    assert spoken_words(journal) == ["two", "wrens"]
    assert journal.unchange(number)
    assert (only(journal).text, only(journal).duration) == ("one robin", 1.0)
    assert spoken_words(journal) == ["one", "robin"]
    np.testing.assert_array_equal(journal.voice_of(number)[0], FIRST)
    assert journal.count(Which(topic="robin")) == 1
    assert journal.count(Which(topic="wren")) == 0
    assert not journal.unchange(number)
    assert sorted(history(journal)) == [("three owls here", None), ("two wrens", None)]
    with closing(Database(journal.folder / "journal.db")) as db:
        aside = [row["word"] for row in db["wording_words"].rows]
    assert sorted(aside) == ["here", "owls", "three", "two", "wrens"]


def test_after_taking_back_a_new_change_can_be_taken_back_too(journal: Journal):
    number = keep(journal, "first")
    change(journal, number, "second", "b")
    journal.unchange(number)
    change(journal, number, "third", "c")
    journal.unchange(number)
    assert only(journal).text == "first"
    assert sorted(history(journal)) == [("second", None), ("third", None)]


def test_changing_twice_with_the_same_recording_changes_once(journal: Journal):
    number = keep(journal)
    change(journal, number, "new")
    change(journal, number, "new")
    assert len(history(journal)) == 1


def test_a_recording_of_one_glimmer_is_never_overwritten_by_another(journal: Journal):
    number, other = keep(journal, name="a"), keep(journal, name="b")
    with pytest.raises(JournalUnavailableError, match="belongs"):
        change(journal, number, "new", "b")
    np.testing.assert_array_equal(journal.voice_of(other)[0], FIRST)


def test_a_full_disk_while_changing_changes_nothing(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    number = keep(journal)
    with monkeypatch.context() as full:
        refuse = OSError(errno.ENOSPC, "No space left on device")
        full.setattr(os, "fsync", lambda *_: (_ for _ in ()).throw(refuse))
        with pytest.raises(JournalUnavailableError, match="No space"):
            change(journal, number, "new")
    assert only(journal).text == "a robin sang"
    assert len(recorded(journal)) == 1
    change(journal, number, "new")
    assert only(journal).text == "new"


def test_a_full_database_while_changing_changes_nothing(journal: Journal):
    number = keep(journal)
    long = " ".join(f"word{at}" for at in range(5_000))
    pages = journal._db.execute("pragma page_count").fetchone()[0]
    journal._db.execute(f"pragma max_page_count = {pages + 1}").fetchall()
    with pytest.raises(JournalUnavailableError, match="full"):
        change(journal, number, long)
    assert only(journal).text == "a robin sang"
    assert spoken_words(journal) == ["a", "robin", "sang"]
    assert history(journal) == []
    journal._db.execute("pragma max_page_count = 100000").fetchall()
    change(journal, number, long)
    assert only(journal).text == long


@pytest.mark.parametrize(
    "step", ["insert on words", "delete on words", "insert on wording_words", "update on glimmers"]
)
def test_a_change_that_fails_at_any_step_leaves_all_as_it_was(journal: Journal, step: str):
    number = keep(journal)
    change(journal, number, "second", "b")
    before = (only(journal), spoken_words(journal), history(journal))
    with closing(sqlite3.connect(journal.folder / "journal.db")) as other:
        other.execute(f"create trigger no before {step} begin select raise(abort, 'no'); end")
    for ask in (lambda: change(journal, number, "third", "c"), lambda: journal.unchange(number)):
        with pytest.raises(JournalUnavailableError):
            ask()
        assert (only(journal), spoken_words(journal), history(journal)) == before
