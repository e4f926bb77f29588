import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random
from threading import Barrier, Thread

import pytest
import soundfile

from scripts.bench import hostile
from tests.journal.kept import FIRST, LATER, change, keep, only, recorded
from voice_glimmer.faults import Fault
from voice_glimmer.journal import recordings
from voice_glimmer.journal.backup import back_up, restore
from voice_glimmer.journal.glimmers import Journal, JournalUnavailableError, Which
from voice_glimmer.journal.transfer import export


def by_hand(folder: Path, statements: str) -> None:
    """Change a journal that nobody has open, as another program might."""
    with closing(sqlite3.connect(folder / "journal.db")) as db:
        db.execute("pragma foreign_keys = off")
        db.executescript(statements)


def test_whatever_is_broken_ends_in_a_value_or_a_sentence_and_nothing_outside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    outcomes, wrong = hostile.run(tmp_path, cases=100, seed=2)
    # What was logged names files that no text can name, and pytest's workers send it as text.
    caplog.clear()
    assert wrong == []
    assert {"done", "Fault", "JournalUnavailableError", "refused at once"} <= outcomes.keys()


NOT_OURS = (
    "drop table tags",
    "alter table tags rename to other; create view tags as select * from other",
    "drop table tags; create table tags (glimmer_id integer, tag text)",
    "drop index idx_glimmers_local_day; alter table glimmers drop column drawn",
    "alter table _sqlite_migrations drop column applied_at",
    "delete from _sqlite_migrations",
    "drop table _sqlite_migrations",
)


@pytest.mark.parametrize("statements", NOT_OURS)
def test_a_database_without_all_that_is_ours_is_refused_and_left_as_it_is(
    tmp_path: Path, statements: str
):
    Journal(tmp_path).close()
    by_hand(tmp_path, statements)
    before = (tmp_path / "journal.db").read_bytes()
    with pytest.raises(Fault, match="not a journal"):
        Journal(tmp_path)
    assert (tmp_path / "journal.db").read_bytes() == before


def test_damage_of_which_sqlite_tells_in_no_text_is_refused(tmp_path: Path):
    Journal(tmp_path).close()
    path = tmp_path / "journal.db"
    path.write_bytes(path.read_bytes().replace(b"(spoken_at,", b"(spoken_a\xff,"))
    with pytest.raises(Fault, match="not a journal"):
        Journal(tmp_path)


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path):
    by_hand(tmp_path, "create table bookmarks (url text)")
    before = (tmp_path / "journal.db").read_bytes()
    with pytest.raises(Fault, match="not a journal"):
        Journal(tmp_path)
    assert (tmp_path / "journal.db").read_bytes() == before


def test_what_a_person_added_for_themselves_is_no_reason_to_refuse(tmp_path: Path, opened):
    keep(opened(tmp_path))
    by_hand(
        tmp_path,
        "create view robins as select * from glimmers; create table mine (id);"
        "alter table glimmers add column mood text; create index i on glimmers (zone)",
    )
    assert only(opened(tmp_path)).text == "a robin sang"


@pytest.mark.parametrize("statements", NOT_OURS)
def test_a_backup_that_is_none_is_not_put_in_a_journals_place(
    tmp_path: Path, journal, statements: str
):
    keep(journal)
    copy = back_up(journal.folder, tmp_path / "backups", LATER)
    copy.rename(tmp_path / "backups" / "journal.db")
    by_hand(tmp_path / "backups", statements)
    with pytest.raises(Fault, match="damaged, or it is none"):
        restore(tmp_path / "backups" / "journal.db", journal.folder)
    assert only(journal).text == "a robin sang"


@pytest.mark.parametrize("absolute", [True, False])
def test_a_recording_outside_is_not_read(tmp_path: Path, journal, absolute: bool):
    number = keep(journal)
    outside = tmp_path / "outside.flac"
    outside.write_bytes(recorded(journal)[0].read_bytes())
    path = str(outside) if absolute else "../outside.flac"
    with closing(sqlite3.connect(journal.folder / "journal.db")) as db, db:
        db.execute("update glimmers set recording = ?", [path])
    with pytest.raises(JournalUnavailableError, match="no recording"):
        journal.voice_of(number)


def promising(content: bytes) -> bytes:
    """Return a FLAC file whose header promises 2^36 - 1 samples (RFC 9639, section 8.2)."""
    return content[:21] + bytes([content[21] | 0x0F, *[0xFF] * 4]) + content[26:]


def two_channels(_content: bytes) -> bytes:
    made = io.BytesIO()
    soundfile.write(made, FIRST.reshape(-1, 2), 16_000, format="FLAC", subtype="PCM_16")
    return made.getvalue()


@pytest.mark.parametrize("broken", [promising, two_channels, lambda content: content[:30]])
def test_a_recording_that_is_not_as_ours_are_is_unavailable(journal, broken: Callable):
    number = keep(journal)
    (voice,) = recorded(journal)
    voice.write_bytes(broken(voice.read_bytes()))
    with pytest.raises(JournalUnavailableError):
        journal.voice_of(number)


def test_a_recording_that_never_ends_is_not_read(journal):
    number = keep(journal)
    (voice,) = recorded(journal)
    voice.unlink()
    voice.symlink_to("/dev/zero")
    with pytest.raises(JournalUnavailableError):
        journal.voice_of(number)


def test_one_unreadable_glimmer_leaves_the_others_to_be_found_and_exported(journal, caplog):
    keep(journal, "odd", name="a")
    keep(journal, "good", name="b")
    with closing(sqlite3.connect(journal.folder / "journal.db")) as db, db:
        db.execute("update glimmers set duration = 9e999, utc_offset_minutes = 5000 where id = 1")
    assert only(journal).text == "good"
    (line,) = export(journal.folder)
    assert '"good"' in line
    assert "glimmer 1 is left out" in caplog.text
    assert "odd" not in caplog.text


def test_a_turn_beyond_what_sqlite_can_count_hides_nothing(journal):
    keep(journal)
    with closing(sqlite3.connect(journal.folder / "journal.db")) as db, db:
        db.execute("update glimmers set drawn = 9223372036854775807")
    (drawn,) = journal.any_of(Which(), Random(1), limit=1)
    assert drawn.text == "a robin sang"


def test_words_that_sqlite_does_not_take_are_not_kept(journal):
    with pytest.raises(JournalUnavailableError):
        keep(journal, "\udcff")
    number = keep(journal)
    with pytest.raises(JournalUnavailableError):
        change(journal, number, "\udcff")
    assert only(journal).text == "a robin sang"


def test_a_path_is_ours_only_as_it_was_given():
    digest = sha256(b"").hexdigest()
    assert recordings.is_ours(f"recordings/{digest[:2]}/{digest}.flac")
    for other in (f"recordings/00/{digest}.flac", f"/recordings/{digest[:2]}/{digest}.flac"):
        assert not recordings.is_ours(other)


def test_programs_that_make_a_journal_at_once_wait_for_each_other(tmp_path: Path):
    start, failed = Barrier(4), []

    def make() -> None:
        for turn in range(8):
            start.wait(20)
            try:
                Journal(tmp_path / str(turn)).close()
            except BaseException as error:
                failed.append(error)

    threads = [Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
