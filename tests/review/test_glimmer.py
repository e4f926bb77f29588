"""One glimmer on a page of its own, and what can be done with it."""

import re
from html import unescape

import pytest

from tests.journal.kept import FIRST, SPOKEN, change, keep, only
from tests.review.door import token
from voice_glimmer.journal import Journal


@pytest.fixture
def book(house):
    journal = Journal(house.place)
    yield journal
    journal.close()


@pytest.fixture
def press(door):
    """Return a function that posts a form of a glimmer's page, and follows where that leads."""

    def post(path: str, **fields: str):
        csrf = token(door.here, "/add")
        data = {"csrf": csrf, **fields}
        return door.here.post(path, data=data, follow_redirects=True)

    return post


def test_its_words_have_their_times(book, door):
    keep(book, "a robin sang")
    page = door.here.get("/glimmers/1").text
    spans = re.findall(r'data-start="([\d.]+)" data-end="([\d.]+)">(\w+)<', page)
    assert spans == [("0.1", "0.9", "a"), ("1.1", "1.9", "robin"), ("2.1", "2.9", "sang")]
    assert 'src="/sound/1"' in page
    assert "What was good?" in page


def test_a_typed_one_has_words_alone(press):
    page = press("/add", text="  the sun\r\n\r\n on my  tea ").text
    assert "the sun\n\non my tea" in page
    assert "only the words" in page
    assert "<audio" not in page


def test_misheard_words_are_mended_and_the_voice_stays(book, press):
    keep(book, "a rob in sang")
    page = press("/glimmers/1/words", text="A robin sang.").text
    assert re.findall(r'data-start="[\d.]+" data-end="[\d.]+">([^<]+)<', page) == [
        "A",
        "robin",
        "sang.",
    ]
    assert "a rob in sang" in page.partition("Earlier wordings")[2]
    assert book.voice_of(1)[0].tobytes() == FIRST.tobytes()
    press("/glimmers/1/words", text="A robin sang.")
    assert len(book.earlier(1)) == 1
    press("/glimmers/1/unchange")
    assert only(book).text == "a rob in sang"


@pytest.mark.parametrize("path", ["/add", "/glimmers/1/words"])
@pytest.mark.parametrize(
    ("text", "sentence"), [(" \n", "nothing in it yet"), ("a " * 6_000, "make two of it")]
)
def test_what_cannot_be_kept_is_said_and_stays_in_the_form(book, press, path, text, sentence):
    keep(book, "a robin sang")
    answer = press(path, text=text)
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert f">{' '.join(text.split())}</textarea>" in answer.text
    assert [each.text for each in book.newest(2)] == ["a robin sang"]


def test_favourite_and_tags_come_and_go(book, press):
    keep(book)
    press("/glimmers/1/favour")
    press("/glimmers/1/tag", tag=" Garden  Birds ")
    assert (only(book).favourite, only(book).tags) == (True, ("garden birds",))
    press("/glimmers/1/unfavour")
    press("/glimmers/1/tag", tag=" ")
    press("/glimmers/1/untag", tag="garden birds")
    assert (only(book).favourite, only(book).tags) == (False, ())


def test_what_is_deleted_is_gone_and_can_be_brought_back(book, door, press):
    keep(book)
    page = press("/glimmers/1/delete").text
    assert "a robin sang" not in page
    assert "bring it back" in page
    gone = door.here.get("/glimmers/1")
    assert (gone.status_code, "may have been deleted" in gone.text) == (404, True)
    assert "a robin sang" in press("/glimmers/1/restore").text
    assert book.count() == 1


def test_what_was_changed_elsewhere_is_shown_as_it_is_now(book, door):
    keep(book)
    change(book, 1, "a wren sang")
    assert "wren" in door.here.get("/glimmers/1").text
    book.reword(1, "an eagle owl", only(book).spoken_at)
    assert "eagle" in door.here.get("/glimmers/1").text


@pytest.mark.parametrize("number", ["99", "9" * 30])
def test_a_number_that_none_has_is_a_sentence(door, number):
    answer = door.here.get(f"/glimmers/{number}")
    assert answer.status_code in (404, 503)
    assert "<h1" in answer.text


def test_a_hard_day_has_one_with_a_voice_and_nothing_else(book, door):
    assert "no glimmer here yet" in door.here.get("/one").text
    book.keep_typed("typed", SPOKEN)
    assert "typed" in door.here.get("/one").text
    keep(book, "a robin sang")
    page = door.here.get("/one").text
    assert "a robin sang" in page
    assert 'aria-label="Play"' in page
    assert "<nav" not in page
