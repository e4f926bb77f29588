import logging
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import pytest

from voice_glimmer.cli.clock import local_zone

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
