from collections.abc import Callable
from random import Random

import pytest

from tests.journal.kept import LATER, SPOKEN, change, history, keep, only, recorded
from voice_glimmer.journal.glimmers import (
    Journal,
    JournalUnavailableError,
    NoSuchGlimmerError,
    Which,
)


def test_a_new_glimmer_is_no_favourite_and_has_no_tags(journal: Journal):
    number = keep(journal)
    glimmer = only(journal)
    assert (glimmer.id, glimmer.favourite, glimmer.tags, glimmer.duration) == (number, False, (), 1)


def test_a_favourite_is_found_as_one_until_it_is_no_longer(journal: Journal):
    keep(journal, name="a")
    loved = keep(journal, name="b")
    assert journal.favour(loved, favourite=True)
    assert not journal.favour(loved, favourite=True)
    (found,) = journal.find(Which(favourite=True), limit=5)
    assert (found.id, found.favourite) == (loved, True)
    assert journal.count(Which(favourite=True)) == 1
    assert journal.favour(loved, favourite=False)
    assert not journal.favour(loved, favourite=False)
    assert journal.find(Which(favourite=True), limit=5) == []


def test_tags_are_stored_plainly_and_found_in_any_spelling(journal: Journal):
    number = keep(journal)
    given = [
        journal.tag(number, tag) for tag in ("  Small   Kindness ", "small kindness", "Garden")
    ]
    assert given == [True, False, True]
    assert only(journal).tags == ("garden", "small kindness")
    assert journal.count(Which(tag="SMALL kindness")) == 1
    assert journal.count(Which(tag="kindness")) == 0
    assert journal.untag(number, " GARDEN")
    assert not journal.untag(number, "never had")
    assert only(journal).tags == ("small kindness",)
    with pytest.raises(ValueError, match="letter"):
        journal.tag(number, "  ")


def test_a_deleted_glimmer_is_nowhere_until_it_is_restored(journal: Journal):
    number = keep(journal)
    journal.favour(number, favourite=True)
    journal.tag(number, "bird")
    before = only(journal)
    all_of_it = (
        Which(),
        Which(since=SPOKEN),
        Which(topic="robin"),
        Which(favourite=True),
        Which(tag="bird"),
        Which(on_day=(6, 1)),
    )
    assert [journal.count(which) for which in all_of_it] == [1] * 6
    journal.delete(number, LATER)
    for which in all_of_it:
        assert journal.count(which) == 0
        assert journal.find(which, limit=5) == []
        assert journal.any_of(which, Random(1), limit=5) == []
    assert journal.count() == 0
    assert journal.newest(5) == []
    journal.restore(number)
    journal.restore(number)
    assert only(journal) == before
    assert [journal.count(which) for which in all_of_it] == [1] * 6


def test_keeping_the_same_voice_again_gives_the_same_number_and_leaves_it_as_it_is(
    journal: Journal,
):
    number = keep(journal)
    assert keep(journal, "another", name="b") != number
    assert keep(journal) == number
    journal.delete(number, LATER)
    assert keep(journal) == number
    assert journal.count() == 1
    assert journal.has("a")


def test_typed_glimmers_have_a_number_each_and_no_voice(journal: Journal):
    first, second = keep(journal, name=""), keep(journal, name="")
    assert first != second
    assert journal.voice_of(first) is None


@pytest.mark.parametrize("deleted", [False, True])
def test_what_is_not_there_cannot_be_changed(journal: Journal, deleted: bool):
    number = keep(journal)
    if deleted:
        journal.delete(number, LATER)
    else:
        number += 1
    asks: list[Callable[[], object]] = [
        lambda: journal.favour(number, favourite=True),
        lambda: journal.tag(number, "tea"),
        lambda: journal.untag(number, "tea"),
        lambda: journal.delete(number, LATER),
        lambda: change(journal, number, "new"),
        lambda: journal.unchange(number),
        lambda: journal.voice_of(number),
    ]
    if not deleted:
        asks.append(lambda: journal.restore(number))
    for ask in asks:
        with pytest.raises(NoSuchGlimmerError):
            ask()
    assert len(recorded(journal)) == 1
    assert history(journal) == []


@pytest.mark.parametrize("damage", ["missing", "not sound"])
def test_a_recording_that_cannot_be_read_is_unavailable(journal: Journal, damage: str):
    number = keep(journal)
    (path,) = recorded(journal)
    path.unlink() if damage == "missing" else path.write_bytes(b"not sound at all")
    with pytest.raises(JournalUnavailableError, match=r"\.flac"):
        journal.voice_of(number)


def test_a_journal_that_cannot_be_read_is_unavailable(journal: Journal):
    number = keep(journal)
    journal._db.execute("drop table tags")
    for ask in (lambda: only(journal), lambda: journal.untag(number, "tea")):
        with pytest.raises(JournalUnavailableError):
            ask()
