import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.kept import FIRST, change, keep, only, recorded
from tests.journal.test_opening import later
from voice_glimmer.faults import Fault
from voice_glimmer.journal.backup import (
    BEFORE_RESTORE,
    back_up,
    backups,
    left_out,
    prove,
    restore,
    to_keep,
)
from voice_glimmer.journal.opening import opened as database_opened

NIGHT = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "share" / "backups"


def test_a_journal_in_use_is_copied_and_comes_back_with_its_voices(
    tmp_path: Path, journal, folder: Path, opened
):
    number = keep(journal, "a robin sang", name="a")
    change(journal, number, "a wren sang", name="b")
    journal.tag(number, "garden")
    copy = back_up(journal.folder, folder, NIGHT)
    assert prove(copy) == 1
    assert restore(copy, tmp_path / "new") == 1
    new = opened(tmp_path / "new")
    assert only(new) == only(journal)
    assert new.unchange(number)
    np.testing.assert_array_equal(new.voice_of(number)[0], FIRST)
    assert len(recorded(new)) == 2


def test_what_is_restored_is_seen_by_who_has_the_journal_open(journal, folder: Path):
    keep(journal, "a robin sang")
    copy = back_up(journal.folder, folder, NIGHT)
    keep(journal, "a wren sang", name="b")
    assert journal.count() == 2
    restore(copy, journal.folder)
    assert only(journal).text == "a robin sang"
    with closing(sqlite3.connect(journal.folder / BEFORE_RESTORE)) as before:
        assert before.execute("select count(*) from glimmers").fetchone() == (2,)
    keep(journal, "an owl", name="c")
    assert journal.count() == 2


def test_recordings_are_copied_once_and_go_with_the_last_copy_that_has_them(journal, folder: Path):
    keep(journal, "a robin sang", name="a")
    back_up(journal.folder, folder, NIGHT - timedelta(days=400))
    (voice,) = (folder / "recordings").rglob("*.flac")
    written = voice.stat().st_mtime_ns
    back_up(journal.folder, folder, NIGHT - timedelta(days=399))
    assert voice.stat().st_mtime_ns == written
    with journal._db.atomic():
        for table in ("words", "glimmers", "recordings"):
            journal._db[table].delete_where()
    for night in range(30):
        back_up(journal.folder, folder, NIGHT + timedelta(days=night))
    assert not voice.exists()
    assert len(backups(folder)) <= 7 + 4


@pytest.mark.parametrize("damage", ["bytes", "recording missing", "recording changed", "no file"])
def test_a_damaged_copy_is_refused_and_the_journal_is_untouched(journal, folder: Path, damage: str):
    keep(journal, "a robin sang")
    copy = back_up(journal.folder, folder, NIGHT)
    (voice,) = (folder / "recordings").rglob("*.flac")
    match damage:
        case "bytes":
            copy.write_bytes(copy.read_bytes()[:5000] + b"\xff" * 9000)
        case "recording missing":
            voice.unlink()
        case "recording changed":
            voice.write_bytes(b"something else")
        case "no file":
            copy.unlink()
    keep(journal, "a wren sang", name="b")
    with pytest.raises(Fault, match="damaged"):
        restore(copy, journal.folder)
    assert journal.count() == 2
    assert not (journal.folder / BEFORE_RESTORE).exists()


def test_a_copy_that_points_elsewhere_is_refused(tmp_path: Path, journal, folder: Path):
    keep(journal)
    copy = back_up(journal.folder, folder, NIGHT)
    (tmp_path / "secret").write_text("mine")
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("update glimmers set recording = null")
        db.execute("update recordings set path = '../../secret'")
    with pytest.raises(Fault, match="damaged"):
        prove(copy)


def test_a_newer_copy_is_refused(tmp_path: Path, journal, folder: Path):
    copy = back_up(journal.folder, folder, NIGHT)
    newer = tmp_path / "newer"
    database_opened(newer, later()).close()
    copy.write_bytes((newer / "journal.db").read_bytes())
    with pytest.raises(Fault, match="newer"):
        restore(copy, journal.folder)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, journal):
    (tmp_path / "file").touch()
    with pytest.raises(Fault, match="could not back the journal up"):
        back_up(journal.folder, tmp_path / "file" / "backups", NIGHT)


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_lost_recording_is_left_out_and_all_else_is_copied(
    tmp_path: Path, journal, folder: Path, opened, how: str
):
    keep(journal, "a robin sang")
    back_up(journal.folder, folder, NIGHT)
    keep(journal, "a wren sang", name="b", voice=FIRST[:9_000].tobytes())
    change(journal, 2, "a wren sang again", name="c")
    for path in recorded(journal):
        path.unlink() if how == "gone" else path.write_bytes(b"something else")
    copy = back_up(journal.folder, folder, NIGHT + timedelta(days=1))
    assert prove(copy) == 2
    # The first is in the backup of the night before.
    assert left_out(journal.folder, copy) == 2
    restore(copy, tmp_path / "new")
    new = opened(tmp_path / "new")
    assert new.voice_of(1) is not None
    assert new.voice_of(2) is None
    assert new.unchange(2)
    assert {each.text for each in new.newest(9)} == {"a robin sang", "a wren sang"}


def test_mutated_copies_are_refused_or_whole_and_touch_nothing(
    tmp_path: Path, journal, folder: Path
):
    keep(journal, "a robin sang")
    copy = back_up(journal.folder, folder, NIGHT)
    sound, random = copy.read_bytes(), Random(7)
    for _ in range(300):
        broken = bytearray(sound[: random.choice([len(sound), random.randrange(len(sound))])])
        for _ in range(random.randrange(1, 40)):
            if broken:
                broken[random.randrange(len(broken))] = random.randrange(256)
        copy.write_bytes(broken)
        try:
            prove(copy)
        except Fault:
            continue
    assert only(journal).text == "a robin sang"
    assert {path.name for path in tmp_path.iterdir()} == {"journal", "share"}


def test_seven_days_and_four_weeks_are_kept():
    nights = [NIGHT - timedelta(days=day) for day in range(60)]
    twice = [*nights, *(night - timedelta(hours=2) for night in nights)]
    kept = sorted(to_keep(twice), reverse=True)
    # 24 November 2026 is a Tuesday: the week's last copies before are of Sundays.
    sundays = [datetime(2026, 11, day, 3, 15, tzinfo=UTC) for day in (22, 15, 8)]
    assert kept == sorted({*nights[:7], *sundays}, reverse=True)


@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=40))
def test_the_newest_is_always_kept_and_never_more_than_eleven(times: list[datetime]):
    kept = to_keep(times)
    assert kept <= set(times)
    assert len(kept) <= 11
    assert not times or max(times) in kept
