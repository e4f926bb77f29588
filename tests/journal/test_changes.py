import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from threading import Barrier, Thread

import numpy as np
import pytest
from sqlite_utils import Database

from voice_glimmer.conversation.events import Word
from voice_glimmer.journal.glimmers import (
    Glimmer,
    Journal,
    JournalUnavailableError,
    NoSuchGlimmerError,
    Which,
)
from voice_glimmer.journal.schema import migrations

SPOKEN = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = SPOKEN + timedelta(days=1)
FIRST = (3_000 * np.sin(np.arange(16_000) / 20)).astype("<i2")
SECOND = (3_000 * np.sin(np.arange(8_000) / 30)).astype("<i2")


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Journal]]:
    """Return a function that opens a journal; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(closing(Journal(folder)))


@pytest.fixture
def journal(tmp_path: Path, opened) -> Journal:
    return opened(tmp_path / "journal")


def words(text: str) -> list[Word]:
    """Return the words of a text, one each second."""
    return [Word(word, at + 0.1, at + 0.9, 0.9) for at, word in enumerate(text.split())]


def keep(journal: Journal, text: str = "a robin sang", at: datetime = SPOKEN, name="a") -> int:
    return journal.keep(
        text,
        words(text),
        at,
        duration=1.0,
        prompt="What was good?",
        name=name,
        voice=FIRST.tobytes() if name else b"",
        rate=16_000,
    )


def change(journal: Journal, glimmer: int, text: str, name: str = "b") -> None:
    journal.change(
        glimmer,
        text,
        words(text),
        LATER,
        duration=0.5,
        name=name,
        voice=SECOND.tobytes(),
        rate=16_000,
    )


def only(journal: Journal) -> Glimmer:
    (glimmer,) = journal.find(Which(), limit=5)
    return glimmer


def spoken_words(journal: Journal) -> list[str]:
    with closing(Database(journal.folder / "journal.db")) as db:
        return [row["word"] for row in db["words"].rows_where(order_by="glimmer_id, position")]


def history(journal: Journal) -> list[tuple[str, str | None]]:
    """Return each former wording and when it was replaced, the first put aside first."""
    with closing(Database(journal.folder / "journal.db")) as db:
        return [(row["text"], row["replaced_at"]) for row in db["wordings"].rows_where()]


def test_a_new_glimmer_is_no_favourite_and_has_no_tags(journal: Journal):
    number = keep(journal)
    glimmer = only(journal)
    assert (glimmer.id, glimmer.favourite, glimmer.tags, glimmer.duration) == (number, False, (), 1)


def test_a_favourite_is_found_as_one_until_it_is_no_longer(journal: Journal):
    keep(journal, name="a")
    loved = keep(journal, name="b")
    journal.favour(loved, True)
    (found,) = journal.find(Which(favourite=True), limit=5)
    assert (found.id, found.favourite) == (loved, True)
    assert journal.count(Which(favourite=True)) == 1
    journal.favour(loved, False)
    assert journal.find(Which(favourite=True), limit=5) == []


def test_tags_are_stored_plainly_and_found_in_any_spelling(journal: Journal):
    number = keep(journal)
    for tag in ("  Small   Kindness ", "small kindness", "Garden"):
        journal.tag(number, tag)
    assert only(journal).tags == ("garden", "small kindness")
    assert journal.count(Which(tag="SMALL kindness")) == 1
    assert journal.count(Which(tag="kindness")) == 0
    journal.untag(number, " GARDEN")
    journal.untag(number, "never had")
    assert only(journal).tags == ("small kindness",)
    with pytest.raises(ValueError, match="letter"):
        journal.tag(number, "  ")


def test_the_most_used_tag_comes_first_and_those_of_deleted_ones_do_not_count(journal: Journal):
    first, second, third = (keep(journal, name=name) for name in "abc")
    for number, tag in ((first, "tea"), (first, "sun"), (second, "tea"), (third, "sun")):
        journal.tag(number, tag)
    journal.tag(third, "alone")
    assert journal.tags_used() == ["sun", "tea", "alone"]
    journal.delete(third, LATER)
    assert journal.tags_used() == ["tea", "sun"]


def test_a_deleted_glimmer_is_nowhere_until_it_is_restored(journal: Journal):
    number = keep(journal)
    journal.favour(number, True)
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
    assert journal.first_spoken_at() is None
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
        lambda: journal.favour(number, True),
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
    assert not (journal.folder / "recordings" / "b.flac").exists()
    assert history(journal) == []


def test_a_changed_glimmer_keeps_its_former_wording_and_is_found_by_the_new_one(journal: Journal):
    number = keep(journal, "a robin sang")
    journal.favour(number, True)
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
    assert (journal.folder / "recordings" / "a.flac").exists()
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
    assert [path.name for path in (journal.folder / "recordings").iterdir()] == ["a.flac"]
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


@pytest.mark.parametrize("damage", ["missing", "not sound"])
def test_a_recording_that_cannot_be_read_is_unavailable(journal: Journal, damage: str):
    number = keep(journal)
    path = journal.folder / "recordings" / "a.flac"
    path.unlink() if damage == "missing" else path.write_bytes(b"not sound at all")
    with pytest.raises(JournalUnavailableError, match=r"a\.flac"):
        journal.voice_of(number)


def test_a_journal_that_cannot_be_read_is_unavailable(journal: Journal):
    number = keep(journal)
    journal._db.execute("drop table tags")
    for ask in (journal.tags_used, lambda: only(journal), lambda: journal.untag(number, "tea")):
        with pytest.raises(JournalUnavailableError):
            ask()


def test_the_first_is_told_in_the_time_zone_it_was_spoken_in(journal: Journal):
    assert journal.first_spoken_at() is None
    zone = timezone(timedelta(hours=-5))
    keep(journal, at=SPOKEN, name="a")
    keep(journal, at=(SPOKEN - timedelta(days=9)).astimezone(zone), name="b")
    first = journal.first_spoken_at()
    assert first == SPOKEN - timedelta(days=9)
    assert first.utcoffset() == timedelta(hours=-5)


def test_an_unusable_time_does_not_hide_the_first(journal: Journal):
    keep(journal, name="a")
    odd = keep(journal, at=SPOKEN - timedelta(days=1), name="b")
    with closing(sqlite3.connect(journal.folder / "journal.db")) as other:
        other.execute("update glimmers set utc_offset_minutes = 5000 where id = ?", [odd])
        other.commit()
    assert journal.first_spoken_at() == SPOKEN


def test_two_programs_read_and_write_one_journal(tmp_path: Path, opened):
    here, there = opened(tmp_path), opened(tmp_path)
    number = keep(here)
    there.tag(number, "tea")
    there.favour(number, True)
    assert (only(here).tags, only(here).favourite) == (("tea",), True)
    change(there, number, "a wren")
    assert only(here).text == "a wren"
    here.delete(number, LATER)
    with pytest.raises(NoSuchGlimmerError):
        there.unchange(number)
    there.restore(number)
    assert here.unchange(number)
    assert only(there).text == "a robin sang"


def test_two_programs_at_once_wait_for_each_other(tmp_path: Path):
    rounds, start, failed = 25, Barrier(2), []
    with closing(Journal(tmp_path)) as journal:
        number = keep(journal)

    def use(name: str) -> None:
        # SQLite's connections belong to their thread, as each program has its own.
        try:
            with closing(Journal(tmp_path)) as mine:
                start.wait(10)
                for turn in range(rounds):
                    mine.tag(number, f"{name}{turn}")
                    change(mine, number, f"{name} {turn}", f"{name}{turn}")
                    mine.unchange(number)
                    mine.favour(number, turn % 2 == 0)
                    only(mine)
        except BaseException as error:
            failed.append(error)

    threads = [Thread(target=use, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with closing(Journal(tmp_path)) as journal:
        assert len(only(journal).tags) == 2 * rounds
        wordings = {text for text, _ in history(journal)} | {only(journal).text}
        spoken = {f"{name} {turn}" for name in ("left", "right") for turn in range(rounds)}
        assert wordings == spoken | {"a robin sang"}


def test_a_journal_made_by_the_first_two_migrations_keeps_all_it_held(tmp_path: Path, opened):
    with closing(Database(tmp_path / "journal.db")) as db:
        migrations.apply(db, stop_before="favourites_tags_and_history")
        assert "tags" not in db.table_names()
        db["glimmers"].insert_all(
            [
                {
                    "text": "the robin sang",
                    "spoken_at": "2026-05-31T22:30:00+00:00",
                    "utc_offset_minutes": 120,
                    "duration": 2.5,
                    "prompt": "What was good?",
                    "recording": "recordings/1.flac",
                },
                {
                    "text": "tea with Ada",
                    "spoken_at": "2026-05-29T22:30:00+00:00",
                    "utc_offset_minutes": -330,
                    "duration": 0.0,
                    "prompt": "",
                    "recording": None,
                },
            ]
        )
        db["words"].insert_all(
            [
                {
                    "glimmer_id": number,
                    "position": 0,
                    "word": word,
                    "start": 0.5,
                    "end": 0.75,
                    "confidence": 0.5,
                }
                for number, word in ((1, "the"), (2, "tea"))
            ]
        )
        glimmers, held = list(db["glimmers"].rows), list(db["words"].rows)
    journal = opened(tmp_path)
    with closing(Database(tmp_path / "journal.db")) as db:
        new = {"favourite": 0, "deleted_at": None}
        assert list(db["glimmers"].rows) == [row | new for row in glimmers]
        assert list(db["words"].rows) == held
        assert all(db[table].strict for table in ("glimmers", "tags", "wordings", "wording_words"))
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        assert db.execute("pragma foreign_key_check").fetchall() == []
    newest, oldest = journal.newest(5)
    assert (newest.text, newest.recording) == ("the robin sang", "recordings/1.flac")
    assert oldest.spoken_at.utcoffset() == timedelta(minutes=-330)
    assert journal.count(Which(topic="robins")) == 1
    assert journal.count(Which(on_day=(6, 1))) == 1
    change(journal, newest.id, "the wren sang")
    assert journal.count(Which(topic="robins")) == 0
    assert journal.unchange(newest.id)
    assert journal.newest(1) == [newest]
