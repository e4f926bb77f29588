"""The first page, and what is shown where a page cannot be."""

import re

from scripts.page.sample import fill
from tests.journal.kept import keep
from tests.review.door import token
from voice_glimmer.journal import Journal

MOST_BYTES = 100 * 1024


def test_an_empty_jar_invites(client):
    assert "still empty" in client.get("/").text


def test_the_first_page_is_small_with_all_that_belongs_to_it(house, client):
    journal = Journal(house.place)
    fill(journal, many=300)
    journal.close()
    first = client.get("/")
    assert "300 glimmers" in first.text
    linked = set(re.findall(r'(?:href|src)="(/(?:static/|manifest)[^"]+)"', first.text))
    assert len(linked) >= 6
    # A TestClient tells bytes as they are sent in this header alone.
    sent = [client.get(each, headers={"accept-encoding": "gzip"}) for each in linked]
    assert all(each.status_code == 200 for each in sent)
    sizes = [int(each.headers.get("content-length", len(each.content))) for each in sent]
    assert len(first.content) + sum(sizes) <= MOST_BYTES


def test_the_jar_counts_what_others_keep_and_what_the_page_does(house, door):
    journal = Journal(house.place)
    for number in range(1, 3):
        keep(journal, name="")
        assert f"{number} glimmer".replace("1 ", "one ") in door.here.get("/").text
    csrf = token(door.here, "/add")
    door.here.post("/glimmers/1/delete", data={"csrf": csrf})
    assert "one glimmer" in door.here.get("/").text
    journal.close()


def test_what_is_not_there_is_a_sentence(client):
    answer = client.get("/nowhere")
    assert (answer.status_code, "no such page" in answer.text) == (404, True)


def test_a_journal_that_cannot_be_read_is_a_sentence(house, client):
    house.place.mkdir()
    (house.place / "journal.db").write_text("no journal at all, but a letter to a friend")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "it is not a journal, or damaged" in answer.text


def test_a_change_of_what_must_not_be_changed_so_is_refused(client):
    assert client.post("/timeline").status_code == 405
    assert client.get("/glimmers/1/delete").status_code == 405
