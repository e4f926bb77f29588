"""A recording by bytes, for whoever may hear it."""

from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.kept import keep
from tests.review.door import Door
from voice_glimmer.journal import Journal
from voice_glimmer.journal.keys import Key
from voice_glimmer.journal.places import Sealed
from voice_glimmer.review.sound import UnsatisfiableError, wanted


@pytest.fixture
def recorded(house):
    """A journal whose first glimmer has a recording, and whose second has none."""
    with closing(Journal(house.place)) as journal:
        keep(journal)
        keep(journal, "typed", name="")
    return house


def kept(house) -> bytes:
    with closing(Journal(house.place)) as journal:
        found = journal.recording_of(1)
    assert found
    return found[1]


@pytest.fixture
def heard(recorded):
    with closing(Door(recorded)) as door:
        yield door


def test_a_recording_whole_and_in_parts(heard, recorded):
    content = kept(recorded)
    whole = heard.here.get("/sound/1")
    assert (whole.status_code, whole.content) == (200, content)
    assert whole.headers["content-type"] == "audio/flac"
    part = heard.here.get("/sound/1", headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, content[2:6])
    assert part.headers["content-range"] == f"bytes 2-5/{len(content)}"
    assert heard.here.get("/sound/1", headers={"range": "bytes=-4"}).content == content[-4:]
    beyond = heard.here.get("/sound/1", headers={"range": f"bytes={len(content)}-"})
    assert (beyond.status_code, beyond.content) == (416, b"")
    many = heard.here.get("/sound/1", headers={"range": "bytes=0-1,3-4"})
    assert (many.status_code, many.content) == (416, b"")
    other = heard.here.get("/sound/1", headers={"range": "bytes=2-5", "if-range": '"another"'})
    assert (other.status_code, other.content) == (200, content)


@pytest.mark.parametrize("number", ["2", "3", "0", "-1", "../1", "1.flac", "1%00"])
def test_what_has_no_recording_is_not_there(heard, number: str):
    assert heard.here.get(f"/sound/{number}").status_code == 404


def test_only_who_was_let_in_hears_it(heard, recorded):
    assert heard.visitor().get("/sound/1").status_code == 303
    assert heard.paired().get("/sound/1").content == kept(recorded)


def test_a_recording_that_is_lost_is_a_sentence(heard, recorded):
    for path in (recorded.place / "recordings").rglob("*.flac"):
        path.unlink()
    assert heard.here.get("/sound/1").status_code == 503


def test_of_an_encrypted_journal_it_is_decrypted_or_not_given_at_all(house):
    folder = house.place
    place = Sealed(folder, Key(b"k" * 32))
    with closing(Journal(place)) as journal:
        keep(journal)
    with closing(Door(replace(house, place=place))) as door:
        assert door.here.get("/sound/1").content.startswith(b"fLaC")
        (file,) = (folder / "recordings").rglob("*.sealed")
        file.write_bytes(file.read_bytes()[:-1] + b"x")
        assert door.here.get("/sound/1").status_code == 503


NUMBERS = st.one_of(st.just(""), st.integers(0, 12).map(str), st.integers(0, 10**20).map(str))


@given(NUMBERS, NUMBERS, st.integers(0, 10))
def test_any_range_is_what_a_list_has_there(first: str, last: str, size: int):
    content = list(range(size))
    try:
        asked = wanted(f"bytes={first}-{last}", size)
    except UnsatisfiableError:
        # Nothing is there: it begins after the end, or it is the last nought.
        assert (int(first) >= size) if first else not content[-int(last) or size :]
        return
    if asked is not None:
        assert len(asked) > 0
        assert content[asked.start : asked.stop] == list(asked)
        assert asked.start == (int(first) if first else max(size - int(last), 0))
        assert asked.stop == (min(int(last) + 1, size) if first and last else size)


@given(st.text(max_size=20))
def test_no_header_is_more_than_the_whole(header: str):
    try:
        asked = wanted(header, 10)
    except UnsatisfiableError:
        return
    assert asked is None or set(asked) <= set(range(10))
