"""One glimmer after the other, searched for, and of this day."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.journal.kept import keep
from tests.review.conftest import NOW
from voice_glimmer.conversation import language as languages
from voice_glimmer.journal import Journal
from voice_glimmer.recall import SPOKEN_AS, typed

BEYOND = f"2026-01-01T00:00+00:00,{10**30}"


@pytest.fixture
def book(house):
    journal = Journal(house.place)
    yield journal
    journal.close()


def texts(page: str) -> list[str]:
    return [re.sub("<[^>]+>", "", each) for each in re.findall(r'class="said">(.*?)</a>', page)]


def older(page: str) -> str | None:
    found = re.search(r'class="older button" href="([^"]+)"', page)
    return unescape(found[1]) if found else None


@pytest.mark.parametrize("path", ["/timeline", "/timeline?tag=r%26b", "/search?q=robin"])
def test_older_ones_follow_and_none_is_missed(book, client, path):
    whole = path
    said = [f"robin number {number}" for number in range(65)]
    for number, text in enumerate(said):
        # By threes at the same moment, as after an import.
        book.tag(keep(book, text, NOW - timedelta(hours=100 - number // 3), name=""), "r&b")
    keep(book, "wren", NOW - timedelta(days=99), name="")
    seen = []
    while path:
        page = client.get(path).text
        seen += texts(page)
        path = older(page)
    assert seen == said[::-1] + ["wren"] * (whole == "/timeline")


def test_a_day_that_goes_on_has_its_heading_once_when_pages_are_joined(book, client):
    for number in range(40):
        keep(book, f"robin {number}", NOW, name="")
    first = client.get("/timeline").text
    assert first.count("<h2>Today</h2>") == 1
    joined = client.get(older(first), headers={"hx-request": "true"}).text
    assert "<h2>" not in joined
    assert "<h2>Today</h2>" in client.get(older(first)).text


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "2026-01-01,1", "2026-01-01T00:00:00+00:00,x", "0001-01-01T00:00+14:00,1", BEYOND],
)
def test_a_cursor_that_is_none_is_refused(client, cursor):
    answer = client.get("/timeline", params={"before": cursor})
    assert (answer.status_code, "go back" in answer.text) == (400, True)


def test_it_is_searched_for_as_by_voice(book, client):
    keep(book, "a robin sang", NOW - timedelta(days=7), name="")
    keep(book, "a robin slept", NOW, name="")

    def found(words: str) -> list[str]:
        return texts(client.get("/search", params={"q": words}).text)

    assert found("last week about the robin") == ["a robin sang"]
    assert found("robins") == ["a robin slept", "a robin sang"]
    assert found("the first one") == ["a robin sang"]
    assert len(found("surprise me")) == 1
    assert found("pudding") == []
    page = client.get("/search", params={"q": "robins"}).text
    assert "You have 2 glimmers about robins." in page
    assert page.count("<mark>robin</mark>") == 2


def test_a_month_is_not_taken_for_a_number_of_glimmers(book, client):
    for number in range(15):
        keep(book, f"robin {number}", NOW.replace(month=3), name="")
    page = client.get("/search", params={"q": "March 2026"}).text
    assert len(texts(page)) == 15
    assert len(texts(client.get("/search", params={"q": "the last 10"}).text)) == 10


@pytest.mark.parametrize("code", ["en", "de"])
def test_the_words_by_which_a_month_is_linked_are_understood(code):
    words = languages.load(code)
    for month, name in enumerate(words.months, start=1):
        asked = typed(f"{name} 2025", NOW, words, SPOKEN_AS[code])
        assert (asked.period.since.year, asked.period.since.month) == (2025, month)


def test_this_day_has_those_of_other_years_and_leads_to_its_neighbours(book, client):
    keep(book, "long ago", NOW.replace(year=2024), name="")
    keep(book, "the day before", NOW - timedelta(days=1), name="")
    page = client.get("/day").text
    assert texts(page) == ["long ago"]
    assert "Sunday, 24 November 2024" in page
    assert texts(client.get("/day/11-23").text) == ["the day before"]
    assert 'href="/day/02-29"' in client.get("/day/03-01").text
    assert client.get("/day/02-30").status_code == 404
