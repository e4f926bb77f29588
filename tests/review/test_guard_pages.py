"""Every page and every form, whatever is asked of it and typed into it."""

import re
from contextlib import closing
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.kept import change, keep
from tests.review.conftest import NOW
from voice_glimmer.journal import Journal
from voice_glimmer.review import policy

HOSTILE = """<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7*7 }} javascript:alert(1)
\u202e' onmouseover='alert(1) <xss style=x> </textarea></title><svg/onload=alert(1)>"""


def addresses(app, method: str) -> list[str]:
    """Return an address of each route that takes this method."""
    taking = [route for route in app.routes if method in (getattr(route, "methods", None) or ())]
    return [re.sub(r"{day}", "2026-11-24", re.sub(r"{\w+:int}", "1", each.path)) for each in taking]


def test_nothing_that_changes_anything_is_without_a_token(door):
    changing = addresses(door.app, "POST")
    assert len(changing) > 10
    for path in changing:
        assert door.here.post(path, data={"text": "x"}).status_code == 403, path
        assert door.visitor().post(path).status_code in {401, 403}, path


def test_no_page_but_the_door_is_for_strangers(door):
    for path in addresses(door.app, "GET"):
        answer = door.visitor().get(path)
        assert (answer.status_code == 200) == policy.is_open(path), path


FIELDS = ("text", "tag", "code", "name", "id", "pause", "rate", "quiet_since", "invited_first")
TYPED = st.one_of(st.text(), st.sampled_from(["1", "a robin", "\0", "\ud7ff", "9" * 30, HOSTILE]))


@given(st.data(), st.dictionaries(st.sampled_from(FIELDS), TYPED))
def test_nothing_that_is_typed_brings_the_page_down(shared_door, data, fields: dict[str, str]):
    path = data.draw(st.sampled_from(addresses(shared_door.app, "POST")))
    form = {"csrf": shared_door.app.state.devices.token("local"), **fields}
    assert shared_door.here.post(path, data=form).status_code < 500


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 19, "9" * 5_000, "-1", "1e3", "٣", "1%00"])
def test_no_number_is_too_odd_for_an_address(door, number: str):
    for path in ("/glimmers/{}", "/sound/{}", "/year/{}", "/day/{}"):
        assert door.here.get(path.format(number)).status_code in {200, 404}, path


class Strict(HTMLParser):
    """A page in which nothing runs but our own files."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag not in {"iframe", "object", "embed", "base", "style", "xss"}
        assert not [name for name in given if name.startswith("on") or name in {"style", "srcdoc"}]
        assert tag != "script" or str(given.get("src")).startswith("/static/")
        for name in ("href", "src", "action"):
            assert str(given.get(name) or "/").startswith(("/", "#", "?"))


def test_hostile_words_are_shown_as_words_on_every_page(house, door):
    with closing(Journal(house.place)) as journal:
        number = keep(journal, HOSTILE, NOW, "a")
        journal.tag(number, HOSTILE)
        change(journal, number, f"{HOSTILE} anew", "b")
        journal.favour(number, favourite=True)
    paths = [*addresses(door.app, "GET"), "/search?words=alert", f"/search?words={quote(HOSTILE)}"]
    shown = 0
    for path in paths:
        if path in {"/live", "/sound/1"}:
            continue
        text = door.here.get(path).text
        if "<html" in text:
            Strict().feed(text)
            shown += "&lt;script&gt;alert(1)" in text
        assert "<script>alert" not in text
    assert shown > 3
