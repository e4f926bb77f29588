import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journal.kept import LATER, SPOKEN, change, keep, only, recorded
from voice_glimmer.journal.emptying import empty
from voice_glimmer.journal.glimmers import JournalUnavailableError, NoSuchGlimmerError, Which

SOON = LATER + timedelta(minutes=1)
SECRETS = (b"kingfisher", b"heron", b"wharf")


def age(path: Path) -> None:
    """Make a file older than anything in these tests."""
    os.utime(path, (SPOKEN.timestamp() - 10**6,) * 2)


def holding(folder: Path, secret: bytes) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if secret in path.read_bytes()]


def test_what_is_emptied_is_in_no_file_any_more(journal):
    number = keep(journal, "a kingfisher flew", name="a")
    change(journal, number, "a heron flew", name="b")
    journal.tag(number, "wharf")
    keep(journal, "tea with ada", name="")
    voices = recorded(journal)
    assert all(holding(journal.folder, secret) for secret in SECRETS)
    journal.delete(number, LATER)
    for voice in voices:
        age(voice)
    assert empty(journal.folder, SOON, SOON) == 1
    assert not any(holding(journal.folder, secret) for secret in SECRETS)
    assert recorded(journal) == []
    assert only(journal).text == "tea with ada"
    assert journal.count(Which(topic="kingfisher")) == 0
    with pytest.raises(NoSuchGlimmerError):
        journal.restore(number)
    assert journal._db.execute("pragma integrity_check").fetchone() == ("ok",)
    assert journal._db.execute("pragma foreign_key_check").fetchall() == []


def test_what_was_deleted_later_can_still_be_restored(journal):
    number = keep(journal)
    journal.delete(number, LATER)
    assert empty(journal.folder, LATER, SOON) == 0
    journal.restore(number)
    assert only(journal).id == number
    assert journal.voice_of(number)


def test_a_voice_that_another_glimmer_has_too_stays(journal):
    first, second = keep(journal, "one", name="a"), keep(journal, "two", name="b")
    (voice,) = recorded(journal)
    age(voice)
    journal.delete(first, LATER)
    assert empty(journal.folder, SOON, SOON) == 1
    assert journal.voice_of(second)


def test_a_voice_whose_row_is_not_written_yet_stays(journal):
    keep(journal)
    with journal._db.atomic():
        journal._db.execute("update glimmers set recording = null")
    (voice,) = recorded(journal)
    os.utime(voice, (SOON.timestamp(),) * 2)
    empty(journal.folder, SOON, SOON)
    assert recorded(journal) == [voice]
    age(voice)
    empty(journal.folder, SOON, SOON)
    assert recorded(journal) == []


def test_old_copies_of_the_journal_go_too(journal):
    old, new = (journal.folder / f"journal.db.before-{name}" for name in ("moods", "restore"))
    for path in (old, new):
        path.touch()
    age(old)
    empty(journal.folder, SOON, SOON)
    assert not old.exists()
    assert new.exists()


def test_a_journal_that_cannot_be_written_is_unavailable_and_whole(journal):
    number = keep(journal)
    journal.delete(number, LATER)
    with journal._db.atomic():
        journal._db.execute(
            "create trigger full before delete on glimmers"
            " begin select raise(abort, 'the disk is full'); end"
        )
    with pytest.raises(JournalUnavailableError):
        empty(journal.folder, SOON, SOON)
    journal.restore(number)
    assert only(journal).text == "a robin sang"
