"""Glimmers at the keyboard, with the real command."""

import json
import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.cli.test_app import COMMAND, refused, run
from tests.journal.kept import history, keep, only
from voice_glimmer import recall
from voice_glimmer.conversation.language import Language
from voice_glimmer.journal import Journal

PATH = os.environ["PATH"]
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@pytest.fixture
def said(tmp_path: Path):
    """Run a command on the journal, and return what it prints."""

    def say(*arguments: str, typed: str = "", **environment: str) -> str:
        where = ("--journal", str(tmp_path / "journal"))
        done = run(*arguments, *where, home=tmp_path, typed=typed, **environment)
        assert done.returncode == 0, done
        return done.stdout

    return say


@pytest.fixture
def book(tmp_path: Path):
    journal = Journal(tmp_path / "journal")
    yield journal
    journal.close()


def test_what_is_added_is_listed_the_newest_last(said):
    said("add", "the sun", "on my tea")
    said("add", typed="a robin\n sang\n")
    lines = said("list").splitlines()
    assert [line.split("  ")[-1].strip() for line in lines] == ["the sun on my tea", "a robin sang"]
    assert said("list", "--limit", "1").splitlines() == lines[1:]


def test_it_is_asked_for_as_by_voice(said, book):
    keep(book, "a robin sang", datetime(2026, 3, 3, 9, tzinfo=UTC), name="a")
    keep(book, "coffee with ada", datetime(2026, 3, 4, 9, tzinfo=UTC), name="b")
    keep(book, "coffee alone", datetime(2026, 4, 4, 9, tzinfo=UTC), name="c")
    listed = said("list", "march 2026 about coffee")
    assert "coffee with ada" in listed
    assert len(listed.splitlines()) == 1
    assert len(said("list", "coffee").splitlines()) == 2
    (first,) = said("list", "the first one").splitlines()
    assert "robin" in first
    assert [line[-4:] for line in said("list", "the first two").splitlines()] == ["sang", " ada"]
    assert len(said("list", "surprise me").splitlines()) == 1
    assert said("list", "pudding") == "There are none.\n"


@pytest.mark.parametrize(
    ("words", "topic", "has_period", "favourite"),
    [
        ("last week about coffee", "coffee", True, False),
        ("yesterday", "", True, False),
        ("from march", "", True, False),
        ("favorites", "", False, True),
        ("Robin, in the garden", "robin in the garden", False, False),
        ("", "", False, False),
    ],
)
def test_typed_words(language: Language, words, topic, has_period, favourite):
    request = recall.typed(words, NOW, language, recall.SPOKEN_AS["en"])
    assert (request.topic, request.period is not None, request.favourite) == (
        topic,
        has_period,
        favourite,
    )


def test_json_holds_what_the_journal_does(said, book):
    number = keep(book, "a robin [bold]sang[/]")
    book.tag(number, "garden")
    (held,) = json.loads(said("list", "--json"))
    assert (held["id"], held["text"], held["tags"]) == (number, "a robin [bold]sang[/]", ["garden"])
    assert datetime.fromisoformat(held["spoken_at"]).tzinfo
    assert "a robin [bold]sang[/]" in said("list")
    assert json.loads(said("list", "--json", "pudding")) == []
    shown = json.loads(said("show", str(number), "--json"))
    assert shown == held | {"earlier": []}
    added = json.loads(said("add", "tea", "--json"))
    assert (added["id"], added["text"]) == (number + 1, "tea")
    assert set(added) == set(held)
    said("delete", str(number))
    assert json.loads(said("undo", "--json")) == held
    assert json.loads(said("undo", "--json")) is None


def test_search_shows_where_the_words_are_the_newest_first(said, book):
    long = f"{'so much tea ' * 20}and then two robins sang to us {'and more ' * 20}"
    keep(book, long, datetime(2026, 3, 3, 9, tzinfo=UTC), name="a")
    keep(book, "a robin sang", datetime(2026, 3, 4, 9, tzinfo=UTC), name="b")
    keep(book, "tea with ada", datetime(2026, 3, 5, 9, tzinfo=UTC), name="c")
    first, second = said("search", "robin").splitlines()
    assert first.endswith("2026-03-04 09:00  a robin sang")
    assert "…" in second
    assert "two robins sang to us" in second
    assert len(second) < len(long)
    (found,) = json.loads(said("search", "march", "about", "ada", "--json"))
    assert found["excerpt"] == [
        {"text": "tea with ", "matched": False},
        {"text": "ada", "matched": True},
    ]
    (newest,) = json.loads(said("search", "the last one", "--json"))
    assert newest["excerpt"] == [{"text": "tea with ada", "matched": False}]


def test_what_was_imported_does_not_steer_the_terminal(said, book):
    keep(book, "one\nline\x1b[2J of \x9b2J")
    (line,) = said("list").splitlines()
    assert line.endswith("one line [2J of  2J")


def test_who_has_seen_enough_of_a_long_list_gets_no_complaint(book):
    rows = (
        {
            **{"uid": f"{number:032}", "text": "a robin sang " * 9, "zone": "", "source": "typed"},
            **{"spoken_at": f"{number:04}-01-01T00:00:00+00:00", "utc_offset_minutes": 0},
            **{"duration": 0.0, "prompt": ""},
        }
        for number in range(1, 3000)
    )
    with closing(Database(book.folder / "journal.db")) as db, db.conn:
        db["glimmers"].insert_all(rows)
    for flag in ("", "--json"):
        command = f"set -o pipefail; {COMMAND} list --limit 9999 {flag} | head -2"
        done = subprocess.run(
            ["bash", "-c", f"{command}"],
            env={"HOME": str(book.folder), "VOICE_GLIMMER_JOURNAL": str(book.folder), "PATH": PATH},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 2)


def test_tag_favourite_delete_and_undo(said, book):
    number = str(keep(book))
    said("tag", number, "Garden  Birds")
    said("favourite", number)
    assert "It was so already." in said("favourite", number)
    assert (only(book).tags, only(book).favourite) == (("garden birds",), True)
    said("tag", number, "garden birds", "--remove")
    said("favourite", number, "--remove")
    assert (only(book).tags, only(book).favourite) == ((), False)
    said("delete", number)
    assert said("list") == "There are none.\n"
    assert "is back: a robin sang" in said("undo")
    assert said("undo") == "Nothing is deleted.\n"


def test_edit_opens_the_editor_and_keeps_the_earlier_wording_and_the_voice(said, book, tmp_path):
    number = str(keep(book))
    editor = tmp_path / "editor.py"
    editor.write_text("import sys; open(sys.argv[1], 'w').write('a wren\\n sang\\n')")
    said("edit", number, EDITOR=f"{sys.executable} {editor}")
    assert only(book).text == "a wren sang"
    assert [text for text, _ in history(book)] == ["a robin sang"]
    assert book.voice_of(int(number)) is not None
    assert "earlier a robin sang" in said("show", number)
    editor.write_text("")
    assert "left it as it was" in said("edit", number, EDITOR=f"{sys.executable} {editor}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add",), "what to keep"),
        (("add", "  "), "what to keep"),
        (("show", "99"), "no glimmer of that number"),
        (("delete", "99"), "no glimmer of that number"),
        (("tag", "99", "birds"), "no glimmer of that number"),
        (("tag", "1", " "), "needs a letter"),
        (("edit", "99"), "no glimmer of that number"),
        (("search", '"', ""), "what to look for"),
    ],
)
def test_what_cannot_be_is_a_sentence(tmp_path: Path, book, arguments, words):
    keep(book)
    where = ("--journal", str(book.folder))
    refused(run(*arguments, *where, home=tmp_path), words)


@pytest.mark.parametrize(
    "command", ["list", "show 1", "tag 1 x", "favourite 1", "delete 1", "undo"]
)
def test_without_a_journal_none_is_made(tmp_path: Path, command: str):
    where = ("--journal", str(tmp_path / "none"))
    refused(run(*command.split(), *where, home=tmp_path), "no journal")
    assert not (tmp_path / "none").exists()
