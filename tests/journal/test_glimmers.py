import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import numpy as np
import pytest
import soundfile
from sqlite_utils import Database

from voice_glimmer.conversation.events import Word
from voice_glimmer.faults import Fault
from voice_glimmer.journal.glimmers import Journal, JournalUnavailableError, Which

BERLIN = timezone(timedelta(hours=2))
SPOKEN = datetime(2026, 6, 1, 0, 30, tzinfo=BERLIN)
WORDS = (Word("warm", 0.5, 0.9, 0.98), Word("sun", 1.0, 1.4, 0.9))
VOICE = (3_000 * np.sin(np.arange(16_000) / 20)).astype("<i2").tobytes()


def keep(journal: Journal, text: str = "warm sun", at: datetime = SPOKEN, name: str = "a") -> None:
    journal.keep(
        text, WORDS, at, duration=1.0, prompt="What was good?", name=name, voice=VOICE, rate=16_000
    )


def test_what_is_kept_is_found(tmp_path: Path, opened):
    journal = opened(tmp_path / "journal")
    keep(journal)
    (glimmer,) = journal.newest(5)
    assert glimmer.text == "warm sun"
    assert glimmer.spoken_at == SPOKEN
    assert glimmer.spoken_at.utcoffset() == timedelta(hours=2)
    assert glimmer.prompt == "What was good?"
    samples, rate = soundfile.read(journal.folder / glimmer.recording, dtype="int16")
    assert rate == 16_000
    assert samples.tobytes() == VOICE


def test_anyone_can_read_it_with_sqlite(tmp_path: Path, opened):
    journal = opened(tmp_path)
    keep(journal)
    with closing(Database(tmp_path / "journal.db")) as db:
        assert db["glimmers"].get(1)["spoken_at"] == "2026-05-31T22:30:00+00:00"
        assert db["glimmers"].get(1)["utc_offset_minutes"] == 120
        words = [row["word"] for row in db["words"].rows_where(order_by="position")]
        assert words == ["warm", "sun"]
        assert db["glimmers"].strict
        assert db["words"].strict


def test_newest_first(tmp_path: Path, opened):
    journal = opened(tmp_path)
    keep(journal, "second", SPOKEN, "b")
    keep(journal, "first", SPOKEN - timedelta(days=1), "a")
    assert [glimmer.text for glimmer in journal.newest(5)] == ["second", "first"]
    assert [glimmer.text for glimmer in journal.newest(1)] == ["second"]
    assert journal.count() == 2


def test_keeping_the_same_voice_twice_keeps_it_once(tmp_path: Path, opened):
    journal = opened(tmp_path)
    keep(journal)
    keep(journal)
    assert journal.count() == 1


def test_a_glimmer_whose_words_cannot_be_written_is_not_there_at_all(tmp_path: Path, opened):
    journal = opened(tmp_path)
    with closing(Database(tmp_path / "journal.db")) as db:
        db.execute("create trigger no before insert on words begin select raise(abort, 'no'); end")
    with pytest.raises(JournalUnavailableError):
        keep(journal)
    assert journal.count() == 0
    assert not journal.has("a")


def test_a_journal_is_opened_again(tmp_path: Path, opened):
    first = opened(tmp_path)
    keep(first)
    first.close()
    assert opened(tmp_path).count() == 1


def test_only_the_owner_can_read_it(tmp_path: Path, opened):
    journal = opened(tmp_path / "journal")
    keep(journal)
    for path in [journal.folder, *journal.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path, opened):
    (tmp_path / "journal.db").write_bytes(b"this is not a database, whatever its name says" * 99)
    with pytest.raises(Fault, match="not a journal"):
        Journal(tmp_path)


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path: Path, opened):
    (tmp_path / "file").touch()
    with pytest.raises(Fault, match="cannot write the journal"):
        Journal(tmp_path / "file" / "journal")
    if os.geteuid() == 0:
        with pytest.raises(Fault, match="cannot write the journal"):
            Journal(Path("/proc/journal"))


def test_a_locked_journal_is_unavailable_and_then_works(tmp_path: Path, opened):
    journal = opened(tmp_path)
    journal._db.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        other.execute("begin immediate")
        with pytest.raises(JournalUnavailableError, match="locked"):
            keep(journal)
    keep(journal, at=datetime(2026, 6, 1, tzinfo=UTC))
    assert journal.count() == 1


@pytest.mark.parametrize("column", ["spoken_at = 'yesterday'", "utc_offset_minutes = 5000"])
def test_a_row_without_a_usable_time_does_not_hide_the_others(tmp_path: Path, opened, column: str):
    journal = opened(tmp_path)
    keep(journal, "odd", name="a")
    keep(journal, "good", name="b")
    with closing(sqlite3.connect(tmp_path / "journal.db")) as other:
        other.execute(f"update glimmers set {column} where text = 'odd'")  # noqa: S608
        other.commit()
    assert [glimmer.text for glimmer in journal.newest(5)] == ["good"]


@pytest.fixture
def week(tmp_path: Path, opened) -> Journal:
    """A journal with a glimmer at noon UTC of each first day of June 2026."""
    journal = opened(tmp_path)
    texts = (
        "two robins in our garden",
        "my neighbor's coffee",
        "the robin again not near the house",
        "tea in the garden with a robin",
        "a stranger smiled",
    )
    for day, text in enumerate(texts, start=1):
        keep(journal, text, datetime(2026, 6, day, 12, tzinfo=UTC), str(day))
    return journal


def found(journal: Journal, which: Which, limit: int = 10, **order: bool) -> list[int]:
    """Return the days of the glimmers that are found, in order."""
    return [each.spoken_at.day for each in journal.find(which, limit=limit, **order)]


def test_of_all_the_newest_or_the_oldest_come_first(week: Journal):
    assert found(week, Which()) == [5, 4, 3, 2, 1]
    assert found(week, Which(), oldest_first=True) == [1, 2, 3, 4, 5]
    assert found(week, Which(), 2) == [5, 4]
    assert found(week, Which(), 2, oldest_first=True) == [1, 2]


NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (NOON, NOON + timedelta(days=1), [2]),
        (NOON - timedelta(days=1), NOON, [1]),
        (NOON + SECOND / 2, NOON + timedelta(days=2), [3]),
        (NOON, NOON + SECOND / 2, [2]),
        (NOON.astimezone(BERLIN), NOON.astimezone(BERLIN) + SECOND, [2]),
        (None, NOON, [1]),
        (NOON, None, [5, 4, 3, 2]),
    ],
)
def test_a_period_holds_its_beginning_and_not_its_end(week: Journal, since, until, days):
    assert found(week, Which(since, until)) == days
    assert week.count(Which(since, until)) == len(days)


@pytest.mark.parametrize(
    ("topic", "days"),
    [
        ("robin", [4, 3, 1]),
        ("robins", [4, 3, 1]),
        ("Robin", [4, 3, 1]),
        ("garden robin", [4, 1]),
        ("neighbor", [2]),
        ("neighbor's", [2]),
        ("stranger's smile", [5]),
        ("elephant", []),
        ("robin elephant", []),
        # Words that SQLite's own search would take for its operators.
        ("not", [3]),
        ("near", [3]),
        ("robin not", [3]),
        ("or", []),
        ('robin" or "tea', []),
        ("rob*", []),
    ],
)
def test_a_topic_is_found_in_any_form_of_its_words(week: Journal, topic: str, days: list[int]):
    assert found(week, Which(topic=topic)) == days
    assert week.count(Which(topic=topic)) == len(days)


def test_period_and_topic_narrow_together(week: Journal):
    assert found(week, Which(since=NOON, topic="garden")) == [4]


def test_any_one_is_drawn_by_the_source_that_is_handed_in(week: Journal):
    drawn = set()
    for seed in range(40):
        (one,) = week.any_of(Which(), Random(seed), limit=1)
        week._db.execute("update glimmers set drawn = 0")
        assert week.any_of(Which(), Random(seed), limit=1) == [one]
        week._db.execute("update glimmers set drawn = 0")
        drawn.add(one.spoken_at.day)
    assert drawn == {1, 2, 3, 4, 5}


def test_of_some_that_are_drawn_none_comes_twice(week: Journal):
    drawn = week.any_of(Which(topic="robin"), Random(1), limit=10)
    assert sorted(each.spoken_at.day for each in drawn) == [1, 3, 4]
    assert week.any_of(Which(topic="elephant"), Random(1), limit=1) == []


def test_what_another_program_changes_is_found_as_it_is_now(week: Journal):
    with closing(sqlite3.connect(week.folder / "journal.db")) as other:
        other.execute("update glimmers set text = 'a wren' where id = 1")
        other.execute("delete from words where glimmer_id = 3")
        other.execute("delete from glimmers where id = 3")
        other.commit()
    assert found(week, Which(topic="wren")) == [1]
    assert found(week, Which(topic="robin")) == [4]


def test_a_journal_that_cannot_be_read_is_unavailable(week: Journal):
    week._db.execute("drop table glimmers_fts")
    for ask in (
        lambda: week.find(Which(topic="robin"), limit=1),
        lambda: week.count(Which(topic="robin")),
        lambda: week.any_of(Which(topic="robin"), Random(1), limit=1),
    ):
        with pytest.raises(JournalUnavailableError):
            ask()
