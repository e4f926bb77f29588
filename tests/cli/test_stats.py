"""`stats`, with the real command."""

import json

import pytest

from tests.cli.test_app import refused, run
from tests.journal.kept import SPOKEN, keep
from voice_glimmer.journal import Journal


@pytest.fixture
def at(tmp_path):
    """Return the flags of a journal with two glimmers."""
    journal = Journal(tmp_path / "journal")
    keep(journal, "tea with grandma", SPOKEN, name="a")
    keep(journal, "tea in the garden", SPOKEN, name="b")
    journal.close()
    return ("--journal", str(tmp_path / "journal"))


def test_stats_as_json_and_of_some(tmp_path, at):
    done = run("stats", "garden", "--json", *at, home=tmp_path)
    told = json.loads(done.stdout)
    assert (told["total"], told["untimed"], told["by_day"]) == (1, 0, {"2026-06-01": 1})
    assert (told["first"], told["last"]) == ("2026-06-01", "2026-06-01")
    assert (told["by_hour"][12], told["by_month"][5]) == (1, 1)
    assert (told["words"], told["people"], told["places"]) == ({}, {}, {"garden": 1})


def test_stats_for_people_and_as_a_picture(tmp_path, at):
    path = tmp_path / "stats.png"
    done = run("stats", "--png", str(path), *at, home=tmp_path)
    assert done.stdout.startswith("2 glimmers, from 1 June 2026 to 1 June 2026.\n")
    assert "Words that return: tea 2\nPeople: grandma 1\nPlaces: garden 1\n" in done.stdout
    assert "\x1b" not in done.stdout
    assert path.read_bytes().startswith(b"\x89PNG\r\n")
    assert path.stat().st_mode & 0o077 == 0
    refused(run("stats", "--png", str(path), *at, home=tmp_path), "There is something in")


def test_without_matplotlib_it_says_how_to_install_it(tmp_path, at):
    (tmp_path / "matplotlib.py").write_text("raise ImportError")
    done = run(
        "stats", "--png", str(tmp_path / "a.png"), *at, home=tmp_path, PYTHONPATH=str(tmp_path)
    )
    refused(done, "pip install -e '.[charts]'")
    assert not (tmp_path / "a.png").exists()
