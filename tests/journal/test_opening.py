import io
import sqlite3
import stat
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlite_utils import Database, Migrations

from tests.journal.kept import SPOKEN, keep, only
from voice_glimmer.faults import Fault
from voice_glimmer.journal.opening import copy_to, opened
from voice_glimmer.journal.schema import first_journal, migrations

_UTC_FILE = struct.pack(">4sc15x6l", b"TZif", b"\0", 0, 0, 0, 0, 1, 4) + b"\0" * 6 + b"UTC\0"
"""The smallest time zone file (RFC 8536): one type, no changes."""


def later(*, fails: bool = False) -> Migrations:
    """Return the migrations of a program that comes after this one."""
    known = Migrations("voice_glimmer")
    known(name="first_journal")(first_journal)

    @known()
    def moods(db: Database) -> None:
        db["glimmers"].add_column("mood", str)
        if fails:
            raise sqlite3.OperationalError("no room")

    return known


def test_every_table_is_strict_and_sound(journal):
    keep(journal)
    with closing(Database(journal.folder / "journal.db")) as db:
        ours = {"glimmers", "words", "wordings", "wording_words", "tags", "recordings"}
        assert ours <= set(db.table_names())
        assert all(db[table].strict for table in ours)
        assert db.journal_mode == "wal"
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        assert db.execute("pragma foreign_key_check").fetchall() == []


def test_a_newer_journal_is_refused_and_left_as_it_is(tmp_path: Path):
    with closing(opened(tmp_path, later())):
        pass
    before = (tmp_path / "journal.db").read_bytes()
    with pytest.raises(Fault, match="newer Voice Glimmer"):
        opened(tmp_path)
    assert (tmp_path / "journal.db").read_bytes() == before


def test_an_older_journal_is_copied_and_then_migrated(tmp_path: Path, journal):
    keep(journal, "a robin sang")
    with closing(opened(journal.folder, later())) as db:
        assert "mood" in db["glimmers"].columns_dict
    (copy,) = journal.folder.glob("*.before-*")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(Database(copy)) as db:
        assert [row["text"] for row in db["glimmers"].rows] == ["a robin sang"]
        assert "mood" not in db["glimmers"].columns_dict


def test_a_migration_that_fails_leaves_the_journal_as_it_was(tmp_path: Path, journal):
    keep(journal, "a robin sang")
    with pytest.raises(Fault, match="cannot write the journal"):
        opened(journal.folder, later(fails=True))
    assert only(journal).text == "a robin sang"
    with closing(Database(journal.folder / "journal.db")) as db:
        assert "mood" not in db["glimmers"].columns_dict
        assert migrations.pending(db) == []


def test_what_others_could_read_they_no_longer_can(tmp_path: Path):
    with closing(opened(tmp_path)):
        pass
    (tmp_path / "recordings").mkdir(mode=0o755)
    (tmp_path / "journal.db").chmod(0o644)
    tmp_path.chmod(0o755)
    with closing(opened(tmp_path)):
        for path in (tmp_path, tmp_path / "recordings"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "journal.db").stat().st_mode) == 0o600


def test_a_copy_that_cannot_be_finished_leaves_nothing(tmp_path: Path, journal):
    with pytest.raises(OSError, match="nowhere"):
        copy_to(journal._db.conn, tmp_path / "nowhere" / "copy.db", None)
    target = tmp_path / "copy.db"
    target.mkdir()
    (target / "in the way").touch()
    with pytest.raises(OSError, match=r"copy\.db"):
        copy_to(journal._db.conn, target, None)
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


@pytest.mark.parametrize(("named", "zone"), [(True, "Europe/Berlin"), (False, "")])
def test_the_time_zone_is_kept_by_its_name_if_it_has_one(journal, named: bool, zone: str):
    berlin = ZoneInfo("Europe/Berlin")
    if not named:
        berlin = ZoneInfo.from_file(io.BytesIO(_UTC_FILE))
    keep(journal, at=SPOKEN.astimezone(berlin))
    assert journal._db.execute("select zone from glimmers").fetchall() == [(zone,)]


def test_a_plain_journal_needs_nothing_that_encrypts(tmp_path: Path):
    script = (
        "import sys; from pathlib import Path; from voice_glimmer.journal.glimmers import Journal;"
        "from voice_glimmer.journal import backup, formats, keys, nightly, spool;"
        "Journal(keys.unlocked(Path(sys.argv[1]), None, {})).close();"
        "print(sorted({'sqlcipher3', 'cryptography', 'keyring'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
