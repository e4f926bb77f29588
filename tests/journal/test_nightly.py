import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.journal.kept import SPOKEN, keep, only
from voice_glimmer.journal.backup import backups, prove
from voice_glimmer.journal.glimmers import NoSuchGlimmerError
from voice_glimmer.journal.nightly import NICENESS, Background, Nightly, Wishes, night

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 11, 24, 22, tzinfo=BERLIN)
HOUR = timedelta(hours=1)


def at_once(work: Callable[[], None]) -> None:
    work()


def nightly(folder: Path, **wishes) -> Nightly:
    return Nightly(folder, Wishes(**wishes), at_once)


@pytest.mark.parametrize(
    ("time", "day"),
    [("2026-11-24 02:59", 23), ("2026-11-24 03:00", 24), ("2026-11-24 23:59", 24)],
)
def test_a_night_begins_at_three(time: str, day: int):
    at = datetime.fromisoformat(time).replace(tzinfo=BERLIN)
    assert night(at) == datetime(2026, 11, day, tzinfo=UTC).date()


def test_the_work_is_done_at_the_start_and_once_a_night(tmp_path):
    begun = []
    works = Nightly(tmp_path, Wishes(), begun.append)
    for hours in (0, 1, 4, 5, 6, 28, 29):
        works.rest(EVENING + hours * HOUR)
    assert len(begun) == 1 + len({"the 25th", "the 26th"})


def test_the_night_makes_voices_smaller_lets_the_deleted_go_and_backs_up(journal, tmp_path):
    gone = keep(journal, "a kingfisher flew", name="a")
    keep(journal, "tea with ada", name="b")
    journal.delete(gone, EVENING - timedelta(days=31))
    works = nightly(journal.folder, backups=tmp_path / "share")
    works.rest(EVENING)
    with pytest.raises(NoSuchGlimmerError):
        journal.restore(gone)
    assert only(journal).recording.endswith(".opus")
    (copy,) = backups(tmp_path / "share")
    assert prove(copy) == 1


def test_a_restart_makes_no_second_backup_of_a_night(journal, tmp_path):
    keep(journal)
    for hours in (0, 2):
        nightly(journal.folder, backups=tmp_path / "share").rest(EVENING + hours * HOUR)
    assert len(backups(tmp_path / "share")) == 1
    nightly(journal.folder, backups=tmp_path / "share").rest(EVENING + 6 * HOUR)
    assert len(backups(tmp_path / "share")) == 2


def test_a_share_that_is_gone_stops_neither_the_rest_nor_the_next_night(journal, tmp_path, caplog):
    share = tmp_path / "share"
    share.write_text("no folder")
    gone = keep(journal)
    journal.delete(gone, EVENING - timedelta(days=31))
    works = nightly(journal.folder, backups=share)
    works.rest(EVENING)
    assert "could not back the journal up" in caplog.text
    with pytest.raises(NoSuchGlimmerError):
        journal.restore(gone)
    share.unlink()
    works.rest(EVENING + 6 * HOUR)
    assert len(backups(share)) == 1


def test_after_three_nights_without_a_backup_there_is_something_to_tell(journal, tmp_path):
    share = tmp_path / "share"
    share.write_text("no folder")
    works = nightly(journal.folder, backups=share)
    told = []
    for day in range(6):
        works.rest(EVENING + timedelta(days=day))
        told.append(works.has_to_tell)
        works.has_to_tell = False
    assert told == [False, False, True] * 2
    share.unlink()
    works.rest(EVENING + timedelta(days=6))
    assert not works.has_to_tell


def test_without_wishes_voices_stay_for_ever_and_as_flac_where_wished(journal, tmp_path):
    number = keep(journal)
    nightly(journal.folder, codec="flac").rest(SPOKEN + timedelta(days=36_500))
    assert only(journal).recording.endswith(".flac")
    assert journal.voice_of(number)


def test_voices_go_after_the_days_that_were_wished(journal):
    number = keep(journal)
    works = nightly(journal.folder, voice_days=30)
    works.rest(SPOKEN + timedelta(days=29))
    assert journal.voice_of(number)
    works.rest(SPOKEN + timedelta(days=31))
    assert journal.voice_of(number) is None
    assert only(journal).text == "a robin sang"


def test_the_work_leaves_the_processor_to_others():
    found = []
    background = Background()
    background(lambda: found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))
    background.close()
    assert found == [max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))]


def test_a_night_that_hangs_is_not_joined_by_another(caplog):
    hangs, let_go, done = threading.Event(), threading.Event(), []
    background = Background()

    def hang() -> None:
        hangs.set()
        let_go.wait()
        done.append("first")

    background(hang)
    hangs.wait()
    background(lambda: done.append("second"))
    assert "has not ended" in caplog.text
    let_go.set()
    background.close()
    assert done == ["first"]
