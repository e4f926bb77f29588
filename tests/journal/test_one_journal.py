from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlite_utils import Database

from tests.journal.kept import LATER, change, history, keep, only
from voice_glimmer.journal.glimmers import (
    Journal,
    NoSuchGlimmerError,
    Which,
)
from voice_glimmer.journal.schema import migrations


def test_two_programs_read_and_write_one_journal(tmp_path: Path, opened):
    here, there = opened(tmp_path), opened(tmp_path)
    number = keep(here)
    there.tag(number, "tea")
    there.favour(number, favourite=True)
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
                    mine.favour(number, favourite=turn % 2 == 0)
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
