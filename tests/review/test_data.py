"""The journal in Datasette, behind the same door."""

import json
import re
import sys
from contextlib import closing

import pytest

from tests.journal.kept import keep
from tests.review.door import Door
from voice_glimmer.faults import Fault
from voice_glimmer.journal import Journal
from voice_glimmer.journal.keys import Key
from voice_glimmer.journal.places import Sealed
from voice_glimmer.review.data import METADATA, explorer

QUERIES = json.loads(METADATA.read_text())["databases"]["journal"]["queries"]


@pytest.fixture
def explored(house):
    with closing(Door(house)) as door:
        with closing(Journal(house.place)) as journal:
            keep(journal)
        door.app.router.routes.append(explorer(house.place, "http://127.0.0.1:8765/"))
        yield door


@pytest.mark.parametrize("query", QUERIES)
def test_every_question_that_comes_with_it_is_answered(explored, query: str):
    answer = explored.here.get(f"/data/journal/{query}.json", params={"words": "robins"})
    assert answer.status_code == 200, answer.text
    rows = answer.json()["rows"]
    assert len(rows) == (query != "on_this_day") or query == "unclear"
    if query in {"to_hear", "search"}:
        assert rows[0][-1] == "http://127.0.0.1:8765/sound/1"


def test_its_own_links_lead_back_to_it_and_its_files_are_found(explored):
    page = explored.here.get("/data/journal/glimmers")
    assert page.status_code == 200
    links = re.findall(r'(?:href|src)="(/[^"]*)"', page.text)
    assert links
    assert all(link.startswith("/data/") and "/data/data" not in link for link in links)
    (style,) = [link for link in links if ".css" in link]
    assert explored.here.get(style).status_code == 200
    assert "facet" in page.text


def test_it_is_for_this_machine_alone_and_changes_nothing(explored):
    assert explored.visitor().get("/data/").status_code == 303
    assert explored.paired().get("/data/").status_code == 403
    assert explored.here.get("/data/", headers={"host": "evil.example"}).status_code == 421
    deleting = {"sql": "delete from glimmers"}
    assert explored.here.get("/data/journal", params=deleting).status_code == 400
    # To send the file is to open and close it, which ends the locks of this process on it
    # (https://sqlite.org/howtocorrupt.html, 2.2).
    assert explored.here.get("/data/journal.db").status_code == 403


def test_an_encrypted_journal_and_a_missing_datasette_are_sentences(house, monkeypatch):
    with pytest.raises(Fault, match="encrypted"):
        explorer(Sealed(house.place, Key(b"k" * 32)), "http://127.0.0.1:8765/")
    monkeypatch.setitem(sys.modules, "datasette.app", None)
    with pytest.raises(Fault, match="not installed"):
        explorer(house.place, "http://127.0.0.1:8765/")
