import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sqlite_utils import Database

from voice_glimmer.conversation.events import Word
from voice_glimmer.faults import Fault
from voice_glimmer.journal.glimmers import Journal, JournalUnavailableError

BERLIN = timezone(timedelta(hours=2))
SPOKEN = datetime(2026, 6, 1, 0, 30, tzinfo=BERLIN)
WORDS = (Word("warm", 0.5, 0.9, 0.98), Word("sun", 1.0, 1.4, 0.9))
VOICE = (3_000 * np.sin(np.arange(16_000) / 20)).astype("<i2").tobytes()


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Journal]]:
    """Return a function that opens a journal; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(closing(Journal(folder)))


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
