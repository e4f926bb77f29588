"""An encrypted journal: nothing of it can be read, nothing of it is lost."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import numpy as np
import pytest

from tests.journal.kept import FIRST, LATER, RATE, SPOKEN, change, keep, only
from voice_glimmer.faults import Fault
from voice_glimmer.journal import formats, transfer
from voice_glimmer.journal.backup import BEFORE_RESTORE, back_up, backups, prove, restore
from voice_glimmer.journal.connecting import connected, is_plain
from voice_glimmer.journal.emptying import empty
from voice_glimmer.journal.errors import JournalUnavailableError
from voice_glimmer.journal.glimmers import Journal, Which
from voice_glimmer.journal.keys import Key
from voice_glimmer.journal.nightly import Nightly, Wishes
from voice_glimmer.journal.opening import opened as database_opened
from voice_glimmer.journal.places import Sealed
from voice_glimmer.journal.sealing import seal, unseal
from voice_glimmer.journal.spool import Spool
from voice_glimmer.journal.times import latest
from voice_glimmer.journal.voices import compress

KEY = Key(bytes(range(32)))
OTHER = Key(bytes(32))
LEGIBLE = (b"robin", b"wren", b"garden", b"good?", b"fLaC", b"OggS", FIRST.tobytes()[200:232])


def legible(folder: Path) -> list[str]:
    """Return which words and sounds can be read in which files, as `strings` would."""
    return [
        f"{path.relative_to(folder)}: {piece!r}"
        for path in folder.rglob("*")
        if path.is_file()
        for piece in LEGIBLE
        if piece in path.read_bytes()
    ]


def state(folder: Path) -> dict[str, bytes]:
    """Return all that is in a journal's folder, but for the spool's lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A journal with a history, a tag and a deleted glimmer, that nobody has open."""
    folder = tmp_path / "journal"
    with closing(Journal(folder)) as journal:
        number = keep(journal, "a robin sang", name="a")
        change(journal, number, "a wren sang", name="b")
        journal.tag(number, "garden")
        journal.delete(keep(journal, "robin, gone", name="c"), LATER)
    return folder


@pytest.fixture
def sealed(plain: Path) -> Sealed:
    seal(place := Sealed(plain, KEY))
    return place


def test_nothing_can_be_read_while_it_is_used(tmp_path: Path, opened):
    place = Sealed(tmp_path / "journal", KEY)
    journal = opened(place)
    spool = Spool(place, RATE)
    spool.begin(SPOKEN, "What was good?")
    spool.append(FIRST.tobytes())
    number = keep(journal, "a robin sang", name="a")
    change(journal, number, "a wren sang", name="b")
    journal.tag(number, "garden")
    assert legible(place.folder) == []
    assert compress(place) == 2
    back_up(place, tmp_path / "backups", LATER)
    assert legible(place.folder) == legible(tmp_path / "backups") == []
    np.testing.assert_array_equal(np.frombuffer(spool.voice(spool.current), "<i2"), FIRST)
    assert [glimmer.id for glimmer in journal.find(Which(topic="wrens"), limit=5)] == [number]
    spool.close()


def test_sealing_takes_nothing_away_and_leaves_nothing_to_read(plain: Path, opened):
    before = list(transfer.export(plain))
    assert legible(plain)
    seal(place := Sealed(plain, KEY))
    assert legible(plain) == []
    assert list(transfer.export(place)) == before
    journal = opened(place)
    glimmer = only(journal)
    assert (glimmer.text, glimmer.tags) == ("a wren sang", ("garden",))
    assert journal.unchange(glimmer.id)
    np.testing.assert_array_equal(journal.voice_of(glimmer.id)[0], FIRST)
    journal.restore(2)
    assert journal.count() == 2
    assert [each.text for each in journal.find(Which(topic="robins"), limit=5)]


def test_unsealing_brings_back_what_was_sealed(plain: Path):
    before, rows = state(plain), list(transfer.export(plain))
    seal(place := Sealed(plain, KEY))
    unseal(place)
    assert list(transfer.export(plain)) == rows
    after = state(plain)
    assert after.keys() == before.keys()
    voices = [name for name in before if name.startswith("recordings/")]
    assert len(voices) == 2
    assert all(after[name] == before[name] for name in voices)


def test_any_program_for_sqlcipher_reads_it_with_the_key(sealed: Sealed):
    sqlcipher3 = pytest.importorskip("sqlcipher3")
    with closing(sqlcipher3.connect(str(sealed / "journal.db"))) as db:
        db.execute(f"pragma key = \"x'{bytes(range(32)).hex()}'\"")
        assert db.execute("select text from glimmers").fetchone() == ("a wren sang",)


@pytest.mark.parametrize(
    ("key", "is_sealed", "says"),
    [
        (OTHER, True, "key does not fit"),
        (None, True, "is encrypted"),
        (KEY, False, "is not encrypted"),
    ],
)
def test_a_key_that_does_not_fit_is_a_sentence_and_changes_nothing(
    plain: Path, key: Key | None, is_sealed: bool, says: str
):
    if is_sealed:
        seal(Sealed(plain, KEY))
    before = state(plain)
    place = Sealed(plain, key) if key else plain
    for act in (Journal, latest, lambda place: list(transfer.export(place))):
        with pytest.raises(Fault, match=says):
            act(place)
    with pytest.raises(Fault, match=says):
        empty(place, LATER, LATER)
    assert state(plain) == before


def test_what_a_wrong_key_meets_after_a_crash_is_still_there(sealed: Sealed):
    """Killed while its last glimmer is only in SQLite's log."""
    script = (
        "import os, sys; from pathlib import Path; from tests.journal.kept import keep;"
        "from tests.journal.test_sealing import KEY, Journal, Sealed;"
        "journal = Journal(Sealed(Path(sys.argv[1]), KEY));"
        "keep(journal, 'an owl', name='d'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(sealed)], check=False).returncode == 9
    assert (sealed / "journal.db-wal").stat().st_size
    for place in (sealed.folder, Sealed(sealed.folder, OTHER)):
        with pytest.raises(Fault):
            Journal(place)
    assert legible(sealed.folder) == []
    with closing(Journal(sealed)) as journal:
        assert {each.text for each in journal.newest(5)} == {"a wren sang", "an owl"}


def test_another_key_does_not_seal_or_unseal_it(sealed: Sealed):
    before = state(sealed.folder)
    other = Sealed(sealed.folder, OTHER)
    for act in (seal, unseal):
        with pytest.raises(Fault, match="key does not fit"):
            act(other)
    assert state(sealed.folder) == before


def test_sealing_again_finishes_what_was_interrupted(sealed: Sealed, tmp_path: Path):
    (voice,) = [path for path in recorded_files(sealed) if path.name.startswith("9b")]
    left = voice.with_suffix("")
    left.write_bytes(b"fLaC robin")
    with closing(Journal(tmp_path / "old")) as old:
        keep(old, "a robin sang")
    (tmp_path / "old" / "journal.db").rename(sealed / BEFORE_RESTORE)
    seal(sealed)
    assert legible(sealed.folder) == []
    with closing(connected(sealed / BEFORE_RESTORE, KEY)) as db:
        assert db.execute("select text from glimmers").fetchall() == [("a robin sang",)]


def recorded_files(place: Sealed) -> list[Path]:
    return sorted(path for path in (place / "recordings").rglob("*") if path.is_file())


def test_voices_that_are_there_in_the_other_form_alone_stay(sealed: Sealed, tmp_path: Path):
    """As after somebody put an older, plain database beside them."""
    with closing(Journal(tmp_path / "old")) as journal:
        change(journal, keep(journal, "a robin sang", name="a"), "a wren sang", name="b")
    (tmp_path / "old" / "journal.db").replace(sealed / "journal.db")
    for path in recorded_files(sealed):
        os.utime(path, (0, 0))
    unseal(sealed)
    empty(sealed.folder, LATER, LATER)
    assert len(recorded_files(sealed)) == 2


def test_the_night_takes_what_an_interrupted_sealing_left(sealed: Sealed):
    (sealed / "recordings" / "9b" / "left.flac").write_bytes(b"fLaC robin")
    many = len(recorded_files(sealed))
    Nightly(sealed, Wishes("flac"), lambda work: work()).rest(LATER.replace(year=2100))
    assert len(recorded_files(sealed)) == many - 1
    assert legible(sealed.folder) == []


def test_a_journal_that_another_program_has_open_is_not_sealed(plain: Path):
    """In a process of its own, as SQLite's locks are."""
    script = (
        "import sys; from pathlib import Path; from voice_glimmer.journal.glimmers import Journal;"
        "journal = Journal(Path(sys.argv[1])); print(journal.count(), flush=True); input()"
    )
    before = list(transfer.export(plain))
    with subprocess.Popen(
        [sys.executable, "-c", script, str(plain)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout.readline() == "1\n"
        with pytest.raises(Fault, match="end every other program"):
            seal(Sealed(plain, KEY))
        assert [path.suffix for path in recorded_files(Sealed(plain, KEY))] == [".flac", ".flac"]
        program.communicate("\n")
    assert list(transfer.export(plain)) == before
    seal(Sealed(plain, KEY))


def test_while_somebody_listens_or_is_not_kept_yet_it_is_not_sealed(plain: Path):
    with closing(Spool(plain, RATE)) as spool:
        with pytest.raises(Fault, match="already listens"):
            seal(Sealed(plain, KEY))
        spool.begin(SPOKEN, "")
        spool.append(FIRST.tobytes())
    with pytest.raises(Fault, match="not kept yet"):
        seal(Sealed(plain, KEY))
    with closing(Journal(plain)) as journal:
        assert only(journal).text == "a wren sang"


def test_a_full_disk_leaves_it_as_it_was(plain: Path, monkeypatch: pytest.MonkeyPatch):
    before, rename = state(plain), Path.rename

    def full(path: Path, to: Path) -> Path:
        if to.name == "journal.db":
            raise OSError(errno.ENOSPC, "No space left on device")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(Fault, match="as it was"):
        seal(Sealed(plain, KEY))
    after = state(plain)
    assert after.keys() == before.keys()
    assert list(transfer.export(plain))


def test_who_gives_up_waiting_has_what_they_had(sealed: Sealed, monkeypatch: pytest.MonkeyPatch):
    """With Ctrl-C, before the new database takes the old one's place."""
    before, rename = recorded_files(sealed), Path.rename

    def interrupted(path: Path, to: Path) -> Path:
        if to.name == "journal.db":
            raise KeyboardInterrupt
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        unseal(sealed)
    assert recorded_files(sealed) == before
    assert legible(sealed.folder) == []


def test_a_disk_that_fails_at_any_sync_loses_nothing(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    rows, fsync, outcomes, left = list(transfer.export(plain)), os.fsync, set[str](), 0
    for failing in range(1, 40):
        left, place = failing, Sealed(tmp_path / f"journal{failing}", KEY)

        def failing_once(descriptor: int) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise OSError(errno.EIO, "Input/output error")
            fsync(descriptor)

        shutil.copytree(plain, place.folder)
        with monkeypatch.context() as disk:
            disk.setattr(os, "fsync", failing_once)
            try:
                seal(place)
                outcomes.add("done")
            except Fault as fault:
                outcomes.add("as it was" if "as it was" in str(fault) else "left")
        seal(place)
        assert list(transfer.export(place)) == rows
        assert legible(place.folder) == []
        assert len(recorded_files(place)) == 2
        if left > 0:
            break
    assert left > 0
    assert outcomes == {"as it was", "left", "done"}


@pytest.mark.parametrize("which", [0, 1])
def test_a_damaged_voice_stops_unsealing_and_is_named(sealed: Sealed, which: int):
    first = recorded_files(sealed)[which]
    flip(first, Random(1))
    with pytest.raises(Fault, match=first.name):
        unseal(sealed)
    assert legible(sealed.folder) == []
    with closing(Journal(sealed)) as journal:
        assert only(journal).text == "a wren sang"
    first.unlink()
    unseal(sealed)
    with closing(Journal(sealed.folder)) as journal:
        assert only(journal).text == "a wren sang"


def test_a_damaged_voice_of_a_plain_journal_comes_back_as_it_was(plain: Path):
    first, _ = recorded_files(Sealed(plain, KEY))
    flip(first, Random(1))
    damaged = first.read_bytes()
    seal(place := Sealed(plain, KEY))
    unseal(place)
    assert first.read_bytes() == damaged


def test_a_backup_has_the_journals_key_and_comes_back(sealed: Sealed, tmp_path: Path, opened):
    folder = tmp_path / "backups"
    copy = back_up(sealed, folder, LATER)
    assert legible(folder) == []
    assert prove(copy, KEY) == 1
    new = Sealed(tmp_path / "new", KEY)
    assert restore(copy, new) == 1
    journal = opened(new)
    assert only(journal).text == "a wren sang"
    assert journal.unchange(1)
    np.testing.assert_array_equal(journal.voice_of(1)[0], FIRST)
    assert legible(new.folder) == []


def test_a_backup_with_another_key_or_none_is_a_sentence(sealed: Sealed, tmp_path: Path):
    with closing(Journal(tmp_path / "plain")) as other:
        keep(other, "an owl")
    copy = back_up(sealed, tmp_path / "sealed copies", LATER)
    plain = back_up(tmp_path / "plain", tmp_path / "plain copies", LATER)
    before = list(transfer.export(sealed))
    with pytest.raises(Fault, match="is not encrypted, and the journal is"):
        restore(plain, sealed)
    with pytest.raises(Fault, match="needs its key"):
        restore(copy, tmp_path / "plain")
    with pytest.raises(Fault, match="does not fit"):
        restore(copy, Sealed(tmp_path / "new", OTHER))
    assert list(transfer.export(sealed)) == before
    assert not (sealed / BEFORE_RESTORE).exists()
    assert not (tmp_path / "new").exists()


def test_plain_backups_from_before_go_in_their_time(plain: Path, tmp_path: Path):
    folder = tmp_path / "backups"
    back_up(plain, folder, LATER.replace(year=2025))
    back_up(plain, folder, LATER)
    seal(place := Sealed(plain, KEY))
    back_up(place, folder, LATER.replace(day=3))
    assert len(list(folder.rglob("*.flac"))) == len(list(folder.rglob("*.sealed"))) == 2
    for day in range(4, 28):
        back_up(place, folder, LATER.replace(day=day))
        back_up(place, folder, LATER.replace(month=7, day=day))
    assert legible(folder) == []
    assert 0 < len(backups(folder)) <= 11


@pytest.mark.parametrize("form", [formats.Format.ARCHIVE, formats.Format.PAGE])
def test_voices_come_out_and_go_in(sealed: Sealed, tmp_path: Path, form, opened):
    path = tmp_path / f"mine.{form}"
    formats.export(sealed, path, form, language="en")
    new = Sealed(tmp_path / "new", OTHER)
    assert formats.take_in(path, new, LATER.tzinfo).new == 1
    journal = opened(new)
    assert journal.unchange(only(journal).id)
    np.testing.assert_array_equal(journal.voice_of(only(journal).id)[0], FIRST)
    assert legible(new.folder) == []


def test_what_was_deleted_is_gone_with_its_voice(sealed: Sealed):
    with closing(Journal(sealed)) as journal:
        journal.delete(1, LATER)
    for path in recorded_files(sealed):
        os.utime(path, (0, 0))
    late = LATER.replace(year=2027)
    assert empty(sealed, late, late) == 2
    assert recorded_files(sealed) == []


def flip(path: Path, random: Random) -> None:
    """Flip a bit of a file."""
    content = bytearray(path.read_bytes())
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    path.write_bytes(content)


def test_a_flipped_bit_is_a_sentence_and_never_another_word(sealed: Sealed):
    random = Random(5)
    database = sealed / "journal.db"
    whole, outcomes = database.read_bytes(), set[str]()
    for _ in range(150):
        flip(database, random)
        try:
            with closing(Journal(sealed)) as journal:
                glimmer = only(journal)
                assert (glimmer.text, glimmer.tags) == ("a wren sang", ("garden",))
                assert journal.find(Which(topic="wren"), limit=5) == [glimmer]
                outcomes.add("whole")
        except Fault as fault:
            outcomes.add("refused" if "damaged" in str(fault) else str(fault))
        except JournalUnavailableError:
            outcomes.add("unavailable")
        for path in sealed.folder.glob("journal.db-*"):
            path.unlink()
        database.write_bytes(whole)
    assert {"refused", "unavailable"} <= outcomes <= {"whole", "refused", "unavailable"}


def test_a_flipped_bit_in_a_voice_is_told_and_never_heard(sealed: Sealed):
    random = Random(7)
    with closing(Journal(sealed)) as journal:
        path = sealed / f"{only(journal).recording}.sealed"
        whole = path.read_bytes()
        for _ in range(50):
            flip(path, random)
            with pytest.raises(JournalUnavailableError):
                journal.voice_of(1)
            path.write_bytes(whole)
        assert journal.voice_of(1) is not None


def test_a_voice_that_was_put_in_anothers_place_is_told(sealed: Sealed):
    first, second = recorded_files(sealed)
    first.write_bytes(second.read_bytes())
    with closing(Journal(sealed)) as journal:
        heard = []
        for _ in range(2):
            try:
                heard.append(journal.voice_of(1))
            except JournalUnavailableError:
                heard.append(None)
            journal.unchange(1)
    assert [each is None for each in heard].count(True) == 1


def test_a_full_disk_is_told_as_of_a_plain_journal(sealed: Sealed, monkeypatch):
    with closing(Journal(sealed)) as journal:
        journal._db.execute("pragma max_page_count = 1")
        with pytest.raises(JournalUnavailableError, match="full"):
            keep(journal, "words " * 50_000, name="z")
        assert only(journal).text == "a wren sang"


def test_plain_sqlite_reads_nothing(sealed: Sealed):
    db = sqlite3.connect(sealed / "journal.db")
    with closing(db), pytest.raises(sqlite3.DatabaseError, match="not a database"):
        db.execute("select * from glimmers")


def test_a_migration_keeps_an_encrypted_copy(sealed: Sealed):
    from tests.journal.test_opening import later

    with closing(database_opened(sealed, later())) as db:
        assert "mood" in db["glimmers"].columns_dict
    (copy,) = sealed.folder.glob("*.before-*")
    with closing(connected(copy, KEY)) as before:
        assert before.execute("select text from glimmers").fetchone() == ("a wren sang",)
    assert legible(sealed.folder) == []


def test_what_sqlite_left_beside_a_copy_is_no_copy(sealed: Sealed):
    copy = sealed / "journal.db.before-restore"
    shutil.copy(sealed / "journal.db", copy)
    # As after a power cut, while the copy was being rewritten.
    copy.with_name(f"{copy.name}-wal").write_bytes(b"half of a page")
    unseal(sealed)
    assert is_plain(copy)


def test_the_key_is_in_no_words_about_it(sealed: Sealed):
    secret = bytes(range(32)).hex()
    assert secret not in f"{sealed!r} {sealed} {KEY!r}"
