"""Taking a journal along with the real command, as a person does."""

from pathlib import Path

import pytest

from tests.cli.test_app import refused, run
from tests.journal.kept import LATER, change, keep, only, recorded
from voice_glimmer.journal.glimmers import Journal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A journal with a glimmer that was changed, and a deleted one."""
    folder = tmp_path / "journal"
    journal = Journal(folder)
    number = keep(journal, "a kingfisher flew", name="a")
    change(journal, number, "a heron flew", name="b")
    journal.delete(keep(journal, "tea with ada", name="c"), LATER)
    journal.close()
    return folder


def said(*arguments: str, home: Path, **others: str) -> str:
    done = run(*arguments, home=home, **others)
    assert done.returncode == 0, done
    return done.stdout


@pytest.mark.parametrize("name", ["mine.zip", "mine.html", "mine.jsonl", "mine.csv", "mine"])
def test_out_and_in_again(tmp_path: Path, folder: Path, name: str):
    path, other = tmp_path / name, tmp_path / "other"
    said("export", str(path), "--journal", str(folder), home=tmp_path)
    told = said("import", "--dry-run", str(path), "--journal", str(other), home=tmp_path)
    assert "Would be new: 1 glimmer. There already: 0." in told
    told = said("import", str(path), "--journal", str(other), home=tmp_path)
    assert "New: 1 glimmer. There already: 0." in told
    journal = Journal(other)
    assert only(journal).text == "a heron flew"
    assert bool(recorded(journal)) == (path.suffix in {".zip", ".html"})
    journal.close()
    again = said("import", str(path), "--journal", str(other), home=tmp_path)
    assert "New: 0 glimmers. There already: 1." in again


def test_backup_and_restore(tmp_path: Path, folder: Path):
    shared = str(tmp_path / "share")
    assert "1 glimmer" in said("backup", shared, "--journal", str(folder), home=tmp_path)
    journal = Journal(folder)
    keep(journal, "an owl", name="d")
    journal.close()
    told = said("restore", "--journal", str(folder), home=tmp_path, VOICE_GLIMMER_BACKUPS=shared)
    assert "Back again: 1 glimmer" in told
    journal = Journal(folder)
    assert only(journal).text == "a heron flew"
    journal.close()


def test_emptying_asks_first(tmp_path: Path, folder: Path):
    told = said("empty", "--journal", str(folder), home=tmp_path, typed="n\n")
    assert "left it as it was" in told
    assert "Gone for good: 1 glimmer." in said(
        "empty", "--yes", "--journal", str(folder), home=tmp_path
    )
    assert "0 glimmers" in said("empty", "--yes", "--journal", str(folder), home=tmp_path)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "mine.zip"), "no journal"),
        (("backup", "share"), "no journal"),
        (("empty", "--yes"), "no journal"),
        (("import", "not-there.zip"), "check that it is there"),
        (("restore",), "where backups are"),
        (("restore", "."), "no backup"),
    ],
)
def test_what_is_not_there_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...], words: str):
    refused(run(*arguments, home=tmp_path, folder=tmp_path), words)
    assert list(tmp_path.glob("*.zip")) == []


def test_a_format_that_is_not_written(tmp_path: Path, folder: Path):
    refused(run("export", "mine.docx", "--journal", str(folder), home=tmp_path), "do not write")
