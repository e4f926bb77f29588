import logging
import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pi import Pi
from voice_glimmer.clock import Clock, Correction, Linux, local_zone

SUMMER, WINTER = datetime(2026, 7, 1, 12), datetime(2026, 12, 1, 12)  # noqa: DTZ001


@pytest.fixture
def localtime(tmp_path: Path) -> Path:
    """A file like /etc/localtime of a machine in Berlin."""
    (zones,) = [Path(path) for path in TZPATH if (Path(path) / "Europe/Berlin").exists()][:1]
    return Path(shutil.copy(zones / "Europe/Berlin", tmp_path / "localtime"))


def hours(zone, at: datetime) -> float:
    return at.replace(tzinfo=zone).utcoffset() / timedelta(hours=1)


def test_the_zone_of_the_machine_knows_summer_and_winter(localtime: Path):
    zone = local_zone({}, localtime)
    assert (hours(zone, SUMMER), hours(zone, WINTER)) == (2, 1)


@pytest.mark.parametrize("name", ["America/New_York", ":America/New_York"])
def test_tz_goes_before_it(localtime: Path, name: str):
    zone = local_zone({"TZ": name}, localtime)
    assert (hours(zone, SUMMER), hours(zone, WINTER)) == (-4, -5)


def test_tz_can_be_a_file(localtime: Path):
    zone = local_zone({"TZ": f":{localtime}"}, Path("/nowhere"))
    assert hours(zone, SUMMER) == 2


def test_without_either_it_is_utc(tmp_path: Path):
    assert local_zone({}, tmp_path / "none") == ZoneInfo("UTC")
    assert local_zone({"TZ": ""}, tmp_path / "none") == ZoneInfo("UTC")


@pytest.mark.parametrize("name", ["CET-1CEST", "Middle/Earth", "../etc/passwd", "/etc/nowhere"])
def test_what_names_no_zone_is_logged_and_todays_offset_taken(
    localtime: Path, name: str, caplog: pytest.LogCaptureFixture
):
    zone = local_zone({"TZ": name}, localtime)
    assert isinstance(zone, timezone)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING


def test_a_damaged_file_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "localtime").write_bytes(b"no zone at all")
    assert isinstance(local_zone({}, tmp_path / "localtime"), timezone)
    assert len(caplog.records) == 1


NEWEST = datetime(2026, 11, 1, 9, tzinfo=UTC)
TRUE = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("synchronised", "chip", "wall", "believed"),
    [
        (True, False, TRUE, True),
        (True, False, NEWEST - timedelta(days=1), True),
        (False, True, TRUE, True),
        (False, True, NEWEST - timedelta(days=1), False),
        (False, False, TRUE, False),
        (False, False, NEWEST - timedelta(days=1), False),
    ],
)
def test_when_the_time_is_believed(synchronised: bool, chip: bool, wall: datetime, believed: bool):
    machine = Pi(wall_at=wall, synchronised=synchronised, clock_chip=chip)
    assert Clock(UTC, NEWEST, machine).believed == believed


def test_a_time_in_the_past_goes_on_from_the_newest_glimmer():
    machine = Pi()
    clock = Clock(UTC, NEWEST, machine)
    assert clock.now() == NEWEST
    machine.runs(60)
    assert clock.now() == NEWEST + timedelta(minutes=1)


def test_a_time_that_may_be_right_is_kept_as_it_is():
    clock = Clock(UTC, NEWEST, Pi(wall_at=TRUE))
    assert clock.now() == TRUE
    assert clock.reckoning(TRUE) is not None


def test_what_was_said_before_the_time_was_known_gets_its_time():
    machine = Pi()
    clock = Clock(UTC, NEWEST, machine)
    machine.runs(60)
    reckoning = clock.reckoning(clock.now() - timedelta(seconds=10))
    machine.runs(600)
    assert clock.settle() is None
    machine.hears_of_the_time(TRUE)
    assert clock.now() == NEWEST + timedelta(seconds=660), "not before it is settled"
    off = TRUE - (NEWEST + timedelta(seconds=660))
    assert clock.settle() == Correction(since=NEWEST, by=off)
    assert clock.now() == TRUE
    assert clock.time_of(reckoning) == TRUE - timedelta(seconds=610)
    assert clock.reckoning(clock.now()) is None
    assert clock.settle() is None


def test_after_another_start_of_the_machine_nothing_can_be_reckoned():
    reckoning = Clock(UTC, NEWEST, Pi()).reckoning(NEWEST)
    assert Clock(UTC, NEWEST, Pi(boot="two", synchronised=True)).time_of(reckoning) is None


def test_the_person_s_zone_is_that_of_the_time(localtime: Path):
    zone = local_zone({}, localtime)
    clock = Clock(zone, None, Pi(wall_at=TRUE, synchronised=True))
    assert clock.now() == TRUE
    assert clock.now().hour == 10


@given(st.lists(st.floats(0, 86_400), min_size=1), st.booleans())
def test_what_is_reckoned_keeps_its_order(waits: list[float], synchronised_at_last: bool):
    machine = Pi()
    clock = Clock(UTC, NEWEST, machine)
    said = []
    for wait in waits:
        machine.runs(wait)
        said.append(clock.reckoning(clock.now()))
    if synchronised_at_last:
        machine.hears_of_the_time(TRUE)
        clock.settle()
    times = [clock.time_of(each) for each in said]
    assert times == sorted(times)
    assert times[0] >= NEWEST - timedelta(milliseconds=1)


def test_this_machine_counts_from_its_start():
    machine = Linux()
    before = machine.since_boot()
    assert machine.boot
    assert before > 0
    assert machine.since_boot() >= before
    assert machine.wall().tzinfo is UTC
    assert isinstance(machine.is_synchronised(), bool)
