"""The page as an app on a home screen."""

import re
import struct

from tests.journal.kept import keep
from tests.review.conftest import NOW
from voice_glimmer.journal import Journal


def test_its_icons_are_as_large_as_it_says(client):
    manifest = client.get("/manifest.webmanifest").json()
    assert {icon.get("purpose") for icon in manifest["icons"]} == {None, "maskable"}
    for icon in manifest["icons"]:
        content = client.get(icon["src"]).content
        width, height = struct.unpack(">II", content[16:24])
        assert icon["sizes"] == f"{width}x{height}"


def test_what_is_kept_on_a_device_has_no_word_of_the_journal(house, door):
    journal = Journal(house.place)
    keep(journal, "zebra", NOW)
    journal.close()
    assert "zebra" in door.here.get("/").text
    worker = door.here.get("/service-worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    kept = re.findall(r'"(/[^"]*)"', re.search(r"FILES = (.*);", worker.text)[1])
    assert "/offline" in kept
    # A stranger gets them, too.
    there = door.visitor()
    for path in kept:
        answer = there.get(path)
        assert answer.status_code == 200
        assert b"zebra" not in answer.content
