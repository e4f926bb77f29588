"""A journal is looked at without being changed."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from voice_glimmer.faults import Fault
from voice_glimmer.journal import Journal
from voice_glimmer.journal.examining import examined, is_listening, seen_by_others
from voice_glimmer.journal.keys import made
from voice_glimmer.journal.places import Place, Sealed
from voice_glimmer.journal.spool import Spool

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
RATE = 16_000


def keep(place: Place, *texts: str) -> None:
    with closing(Journal(place)) as book:
        for index, text in enumerate(texts):
            voice = np.full(RATE, index, np.int16).tobytes()
            book.keep(text, (), NOW, duration=1.0, prompt="", name="", voice=voice, rate=RATE)


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_where_there_is_none_none_is_made(tmp_path: Path):
    assert examined(tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


def test_a_journal_that_is_well(tmp_path: Path):
    keep(tmp_path, "one", "two")
    before = content(tmp_path)
    seen = examined(tmp_path)
    assert (seen.glimmers, seen.sound, seen.newer, seen.encrypted) == (2, True, False, False)
    assert (seen.recordings, seen.lost, seen.waiting, seen.newest) == (2, 0, 0, NOW)
    assert content(tmp_path) == before
    assert not seen_by_others(tmp_path)


def test_what_is_lost_and_what_waits(tmp_path: Path):
    keep(tmp_path, "one", "two")
    first, second = (tmp_path / "recordings").rglob("*.flac")
    first.unlink()
    second.write_bytes(b"")
    with closing(Spool(tmp_path, RATE)) as spool:
        assert not examined(tmp_path).waiting
        assert is_listening(tmp_path)
        spool.begin(NOW, "")
        spool.append(b"\0\0")
    assert not is_listening(tmp_path)
    seen = examined(tmp_path)
    assert (seen.recordings, seen.lost, seen.waiting) == (2, 2, 1)


def test_a_damaged_one(tmp_path: Path):
    keep(tmp_path, "one")
    file = tmp_path / "journal.db"
    held = file.read_bytes()
    file.write_bytes(held[:-4_096] + b"\xff" * 4_096)
    assert not examined(tmp_path).sound
    file.write_bytes(held[:8_192])
    with pytest.raises(Fault, match="is damaged"):
        examined(tmp_path)


def test_another_programs_and_a_newer_ones(tmp_path: Path):
    with closing(Database(tmp_path / "journal.db")) as db:
        db.table("birds").insert({"name": "robin"})
    with pytest.raises(Fault, match="is not a journal"):
        examined(tmp_path)
    keep(tmp_path / "own", "one")
    with closing(Database(tmp_path / "own" / "journal.db")) as db:
        row = {"migration_set": "voice_glimmer", "name": "later", "applied_at": "2030"}
        db.table("_sqlite_migrations").insert(row)
    assert examined(tmp_path / "own").newer


def test_an_encrypted_one(tmp_path: Path):
    place = Sealed(tmp_path / "sealed", made(tmp_path / "key"))
    keep(place, "one")
    seen = examined(place)
    assert (seen.glimmers, seen.encrypted, seen.lost) == (1, True, 0)
    with pytest.raises(Fault, match="key does not fit"):
        examined(Sealed(place.folder, made(tmp_path / "other")))
    with pytest.raises(Fault, match="encrypted"):
        examined(place.folder)


def test_others_can_read_it(tmp_path: Path):
    keep(tmp_path, "one")
    (tmp_path / "recordings").chmod(0o755)
    assert seen_by_others(tmp_path)
