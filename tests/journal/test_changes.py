import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import numpy as np
import pytest
from sqlite_utils import Database

from voice_glimmer.conversation.events import Word
from voice_glimmer.journal.glimmers import Journal, JournalUnavailableError, Which
from voice_glimmer.journal.schema import migrations

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
VOICE = (3_000 * np.sin(np.arange(16_000) / 20)).astype("<i2").tobytes()
OTHER_VOICE = VOICE[: len(VOICE) // 2]


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Journal]]:
    """Return a function that opens a journal; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(closing(Journal(folder)))


def keep(journal: Journal, text: str, at: datetime = NOW, voice: bytes = VOICE) -> int:
    words = [Word(word, 0.5, 0.9, 0.98) for word in text.split()]
    name = text.replace(" ", "-")
    return journal.keep(
        text, words, at, duration=1.0, prompt="", name=name, voice=voice, rate=16_000
    )


def change(journal: Journal, number: int, text: str) -> None:
    words = [Word(word, 0.1, 0.2, 0.5) for word in text.split()]
    name = text.replace(" ", "-")
    journal.change(
        number, text, words, NOW, duration=0.5, name=name, voice=OTHER_VOICE, rate=16_000
    )


def texts(journal: Journal, **which: object) -> list[str]:
    return [each.text for each in journal.find(Which(**which), limit=99, oldest_first=True)]


@pytest.fixture
def journal(tmp_path: Path, opened) -> Journal:
    journal = opened(tmp_path)
    keep(journal, "the robin sang")
    keep(journal, "warm bread")
    return journal


def test_favourites_are_found_and_can_be_taken_back(journal: Journal):
    assert journal.favour(2, favourite=True).favourite
    assert texts(journal, favourite=True) == ["warm bread"]
    assert journal.count(Which(favourite=True)) == 1
    assert not journal.favour(2, favourite=False).favourite
    assert texts(journal, favourite=True) == []


def test_tags_are_found_however_they_are_written(journal: Journal):
    journal.tag(1, " Small  Birds")
    assert journal.tag(1, "nature").tags == ("nature", "small birds")
    assert journal.tag(1, "nature").tags == ("nature", "small birds")
    assert texts(journal, tag="SMALL BIRDS") == ["the robin sang"]
    assert journal.untag(1, "Nature").tags == ("small birds",)
    assert texts(journal, tag="nature") == []


def test_what_is_deleted_is_nowhere_until_it_is_restored(journal: Journal):
    journal.favour(1, favourite=True)
    journal.tag(1, "nature")
    journal.delete(1, NOW)
    assert texts(journal) == ["warm bread"]
    assert [each.text for each in journal.newest(9)] == ["warm bread"]
    assert [each.text for each in journal.any_of(Which(), Random(1), limit=9)] == ["warm bread"]
    assert journal.count() == 1
    for which in ({"topic": "robin"}, {"favourite": True}, {"tag": "nature"}):
        assert texts(journal, **which) == []
    restored = journal.restore(1)
    assert (restored.text, restored.favourite, restored.tags) == (
        "the robin sang",
        True,
        ("nature",),
    )
    assert texts(journal, topic="robins") == ["the robin sang"]


def test_a_voice_that_was_deleted_is_not_kept_again(journal: Journal):
    journal.delete(1, NOW)
    assert keep(journal, "the robin sang") == 1
    assert texts(journal) == ["warm bread"]


def test_a_change_keeps_the_old_words_and_the_old_voice(journal: Journal, tmp_path: Path):
    change(journal, 1, "the wren sang")
    assert texts(journal) == ["the wren sang", "warm bread"]
    assert texts(journal, topic="robin") == []
    assert texts(journal, topic="wren") == ["the wren sang"]
    assert journal.wordings(1) == ["the robin sang"]
    samples, rate = journal.voice_of(1)
    assert (samples.tobytes(), rate) == (OTHER_VOICE, 16_000)
    assert (tmp_path / "recordings" / "the-robin-sang.flac").exists()
    with closing(Database(tmp_path / "journal.db")) as db:
        words = [row["word"] for row in db["words"].rows_where("glimmer_id = 1")]
    assert words == ["the", "wren", "sang"]


def test_a_change_is_taken_back_and_that_too(journal: Journal, tmp_path: Path):
    change(journal, 1, "the wren sang")
    assert journal.unchange(1, NOW).text == "the robin sang"
    assert journal.wordings(1) == ["the wren sang"]
    assert journal.voice_of(1)[0].tobytes() == VOICE
    with closing(Database(tmp_path / "journal.db")) as db:
        rows = list(db["words"].rows_where("glimmer_id = 1", order_by="position"))
    assert [(row["word"], row["start"], row["confidence"]) for row in rows] == [
        (word, 0.5, 0.98) for word in ("the", "robin", "sang")
    ]
    assert journal.unchange(1, NOW).text == "the wren sang"
    assert journal.wordings(1) == ["the robin sang"]


def test_a_voice_in_the_history_is_not_kept_again(journal: Journal):
    change(journal, 1, "the wren sang")
    assert journal.has("the-robin-sang")
    assert keep(journal, "the robin sang") == 1
    assert journal.count() == 2


@pytest.mark.parametrize(
    "do",
    [
        lambda journal: journal.favour(7, favourite=True),
        lambda journal: journal.tag(7, "x"),
        lambda journal: journal.untag(7, "x"),
        lambda journal: journal.delete(7, NOW),
        lambda journal: journal.restore(7),
        lambda journal: journal.restore(1),
        lambda journal: change(journal, 7, "x"),
        lambda journal: journal.unchange(7, NOW),
        lambda journal: journal.unchange(1, NOW),
        lambda journal: journal.voice_of(7),
    ],
)
def test_what_is_not_there_cannot_be_altered(journal: Journal, do: Callable):
    before = texts(journal)
    with pytest.raises(JournalUnavailableError):
        do(journal)
    assert texts(journal) == before


def test_a_deleted_one_cannot_be_altered(journal: Journal):
    journal.delete(1, NOW)
    with pytest.raises(JournalUnavailableError):
        journal.favour(1, favourite=True)


def test_a_glimmer_without_a_voice_has_none(journal: Journal):
    number = keep(journal, "typed", voice=b"")
    assert journal.voice_of(number) is None


@pytest.mark.parametrize("damage", [os.unlink, lambda path: path.write_bytes(b"no sound")])
def test_a_voice_that_cannot_be_read_is_a_fault(journal: Journal, tmp_path: Path, damage):
    damage(tmp_path / "recordings" / "the-robin-sang.flac")
    with pytest.raises(JournalUnavailableError):
        journal.voice_of(1)


def test_a_change_that_fails_halfway_changes_nothing(journal: Journal, tmp_path: Path):
    with closing(Database(tmp_path / "journal.db")) as db:
        db.execute("create trigger no before insert on words begin select raise(abort, 'no'); end")
    with pytest.raises(JournalUnavailableError):
        change(journal, 1, "the wren sang")
    assert texts(journal) == ["the robin sang", "warm bread"]
    assert journal.wordings(1) == []


def test_two_programs_see_each_others_changes(journal: Journal, tmp_path: Path, opened):
    other = opened(tmp_path)
    other.delete(1, NOW)
    assert texts(journal) == ["warm bread"]
    with pytest.raises(JournalUnavailableError):
        journal.favour(1, favourite=True)
    journal.restore(1)
    assert texts(other) == ["the robin sang", "warm bread"]


def test_a_locked_journal_is_left_as_it_was(journal: Journal, tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "journal.db", isolation_level=None)) as other:
        other.execute("begin exclusive")
        with pytest.raises(JournalUnavailableError):
            journal.favour(1, favourite=True)
    assert texts(journal, favourite=True) == []


def test_on_this_day_is_the_day_where_it_was_said(tmp_path: Path, opened):
    journal = opened(tmp_path)
    auckland = timezone(timedelta(hours=13))
    keep(journal, "early in auckland", datetime(2025, 11, 24, 0, 30, tzinfo=auckland))
    keep(journal, "late in auckland", datetime(2025, 11, 23, 23, 30, tzinfo=auckland))
    keep(journal, "at noon in london", datetime(2024, 11, 24, 12, tzinfo=UTC))
    keep(journal, "a leap", datetime(2024, 2, 29, 12, tzinfo=UTC))
    assert texts(journal, on_day=(11, 24)) == ["at noon in london", "early in auckland"]
    assert texts(journal, on_day=(11, 24), until=datetime(2025, 1, 1, tzinfo=UTC)) == [
        "at noon in london"
    ]
    assert texts(journal, on_day=(2, 29)) == ["a leap"]


def test_an_older_journal_can_be_altered_too(tmp_path: Path, opened):
    with closing(Database(tmp_path / "journal.db")) as db:
        migrations.apply(db, stop_before="what_is_done_to_glimmers")
        row = {"text": "the robin sang", "spoken_at": "2026-05-01T08:00:00+00:00"}
        rest = {"utc_offset_minutes": 0, "duration": 1.0, "prompt": "", "recording": None}
        db["glimmers"].insert({**row, **rest})
    journal = opened(tmp_path)
    (glimmer,) = journal.newest(1)
    assert (glimmer.text, glimmer.favourite, glimmer.tags) == ("the robin sang", False, ())
    change(journal, 1, "the wren sang")
    journal.favour(1, favourite=True)
    assert texts(journal, topic="wren", favourite=True) == ["the wren sang"]
    with closing(Database(tmp_path / "journal.db")) as db:
        assert all(db[name].strict for name in ("glimmers", "words", "tags", "wordings"))
