import json
from datetime import UTC, datetime, timedelta
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pytest

from voice_glimmer.faults import Fault
from voice_glimmer.journal import others
from voice_glimmer.journal.others import from_json, from_zip

BERLIN = ZoneInfo("Europe/Berlin")


def jrnl(**changes) -> bytes:
    """As jrnl 4 prints it."""
    entry = {
        "title": "A robin sang.",
        "body": "It was @early in the @garden.",
        "date": "2026-06-01",
        "time": "06:30",
        "tags": ["@early", "@garden"],
        "starred": True,
    }
    return json.dumps({"tags": {"@early": 1}, "entries": [entry | changes]}, indent=2).encode()


def day_one(**changes) -> bytes:
    """As Day One 2 exports it, without weather and place."""
    entry = {
        "uuid": "EC61E5D4E66C44E6AC796E863E8BF7E7",
        "text": "# Spring\n\n![](dayone-moment://AD6F)\n\nA robin sang\\.\n"
        "![](dayone-moment:/audio/2A40)",
        "creationDate": "2020-01-10T12:21:48Z",
        "timeZone": "Asia/Bangkok",
        "tags": ["Garden"],
        "starred": True,
        "duration": 0,
        "photos": [{"identifier": "AD6F", "type": "jpeg"}],
        "audios": [{"identifier": "2A40"}],
    }
    return json.dumps({"metadata": {"version": "1.0"}, "entries": [entry | changes]}).encode()


def only(content: bytes, zone=BERLIN):
    (line,), _ = from_json(content, zone)
    return line


def test_an_entry_of_jrnl_was_written_here():
    line = only(jrnl())
    assert line.text == "A robin sang.\nIt was @early in the @garden."
    assert line.spoken_at == datetime(2026, 6, 1, 4, 30, tzinfo=UTC)
    assert line.spoken_at.utcoffset() == timedelta(hours=2)
    assert (line.zone, line.source) == ("Europe/Berlin", "imported")
    assert line.tags == ("early", "garden")
    assert line.favourite


def test_a_title_without_a_body_stands_alone():
    assert only(jrnl(body="\n")).text == "A robin sang."


def test_an_entry_of_day_one_keeps_its_own_zone_and_counts_what_stays():
    (line,), left_out = from_json(day_one(), BERLIN)
    assert line.text == "# Spring\n\nA robin sang."
    assert line.spoken_at == datetime(2020, 1, 10, 12, 21, 48, tzinfo=UTC)
    assert line.spoken_at.utcoffset() == timedelta(hours=7)
    assert (line.zone, line.tags, line.favourite) == ("Asia/Bangkok", ("Garden",), True)
    assert left_out == 2


@pytest.mark.parametrize("zone", ["", "GMT+0200", "../../etc/passwd", "/etc/passwd", "America"])
def test_a_zone_that_is_unknown_is_the_one_here(zone: str):
    assert only(day_one(timeZone=zone)).zone == "Europe/Berlin"


def test_an_entry_of_photos_alone_is_counted_and_left_out():
    assert from_json(day_one(text="![](dayone-moment://AD6F)"), BERLIN) == ([], 2)


def test_the_same_entry_is_the_same_glimmer_in_every_zone():
    assert only(jrnl()).uid == only(jrnl(), ZoneInfo("Asia/Tokyo")).uid
    assert only(jrnl()).uid != only(jrnl(time="06:31")).uid
    assert only(jrnl()).uid != only(jrnl(body="Another.")).uid
    assert only(day_one()).uid == only(day_one(text="since then rewritten")).uid
    assert only(day_one()).uid != only(day_one(uuid="A")).uid


def test_every_journal_in_a_zip_of_day_one_is_read(tmp_path):
    path = tmp_path / "day one.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("Journal.json", day_one())
        archive.writestr("Travels.json", day_one(uuid="B", text="Nepal"))
        archive.writestr("photos/ad6f.jpeg", b"a photo")
    lines, left_out = from_zip(path, BERLIN)
    assert [line.text for line in lines] == ["# Spring\n\nA robin sang.", "Nepal"]
    assert left_out == 4


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"[]", b"{}", b'{"entries": 3}', b'{"entries": [3]}', b"\xff", b"[" * 100_000),
        *(jrnl(date="yesterday"), jrnl(title=None), jrnl(date="0001-01-01", time="00:30")),
        *(day_one(creationDate="2020-01-10"), day_one(uuid=3)),
        day_one(creationDate="9999-12-31T23:59:59Z", timeZone="Asia/Tokyo"),
    ],
)
def test_what_is_neither_is_refused(content: bytes):
    with pytest.raises(Fault, match="Nothing was imported"):
        from_json(content, BERLIN)


def test_a_zip_that_is_not_of_day_one_is_refused(tmp_path):
    path = tmp_path / "photos.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("photos/ad6f.jpeg", b"a photo")
    with pytest.raises(Fault, match="Nothing was imported"):
        from_zip(path, BERLIN)


def test_a_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive, archive.open("Journal.json", "w") as member:
        for _ in range(others.LARGEST_JSON // 2**20 + 1):
            member.write(bytes(2**20))
    with pytest.raises(Fault, match="Nothing was imported"):
        from_zip(path, BERLIN)
