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


def sealed(folder: Path, home: Path) -> dict[str, str]:
    """Encrypt a journal with a new key file; return the setting that names it."""
    key = home / "my.key"
    said("seal", "--yes", "--key", str(key), "--journal", str(folder), home=home)
    return {"VOICE_GLIMMER_KEY": str(key)}


def test_sealing_makes_a_key_says_what_follows_and_is_taken_back(tmp_path: Path, folder: Path):
    key, at = tmp_path / "my.key", ("--journal", str(folder))
    told = said("seal", "--key", str(key), *at, home=tmp_path, typed="y\n")
    assert "lost for ever" in told
    assert f"made a key, in {key}" in told
    assert f'key = "{key}"' in told
    refused(run("export", "a.jsonl", *at, home=tmp_path, folder=tmp_path), "is encrypted")
    setting = {"VOICE_GLIMMER_KEY": str(key)}
    again = said("seal", "--yes", *at, home=tmp_path, **setting)
    assert "made a key" not in again
    assert "Please put this line" not in again
    told = said("unseal", *at, home=tmp_path, typed="y\n", **setting)
    assert "no longer encrypted" in told
    refused(
        run("export", "a.jsonl", *at, home=tmp_path, folder=tmp_path, **setting),
        "is not encrypted, but there is a key",
    )
    said("export", str(tmp_path / "a.jsonl"), *at, home=tmp_path)


@pytest.mark.parametrize("command", ["seal", "unseal"])
def test_sealing_and_unsealing_ask_first(tmp_path: Path, folder: Path, command: str):
    setting = {} if command == "seal" else sealed(folder, tmp_path)
    key = setting.get("VOICE_GLIMMER_KEY", str(tmp_path / "new.key"))
    before = (folder / "journal.db").read_bytes()
    told = said(command, "--key", key, "--journal", str(folder), home=tmp_path, typed="n\n")
    assert "left it as it was" in told
    assert (folder / "journal.db").read_bytes() == before
    assert not (tmp_path / "new.key").exists()


def test_every_command_works_with_a_key(tmp_path: Path, folder: Path):
    setting, at = sealed(folder, tmp_path), ("--journal", str(folder))
    shared, path = str(tmp_path / "share"), str(tmp_path / "mine.zip")
    assert "1 glimmer" in said("backup", shared, *at, home=tmp_path, **setting)
    assert "can read it" in said("export", path, *at, home=tmp_path, **setting)
    assert "There already: 1" in said("import", path, *at, home=tmp_path, **setting)
    assert "Back again: 1" in said("restore", shared, *at, home=tmp_path, **setting)
    assert "for good: 1" in said("empty", "--yes", *at, home=tmp_path, **setting)
    assert "a heron flew" in said(
        "talk", *at, home=tmp_path, typed="read my last glimmer\n", **setting
    )


def test_another_key_is_one_sentence_and_changes_nothing(tmp_path: Path, folder: Path):
    setting, at = sealed(folder, tmp_path), ("--journal", str(folder))
    refused(run("seal", "--yes", "--key", "new.key", *at, home=tmp_path), "no key file")
    assert not Path("new.key").exists()
    other = tmp_path / "other.key"
    other.write_text("0" * 64)
    other.chmod(0o600)
    wrong = {"VOICE_GLIMMER_KEY": str(other)}
    for command in (("talk",), ("export", "a.zip"), ("seal", "--yes"), ("unseal", "--yes")):
        refused(run(*command, *at, home=tmp_path, folder=tmp_path, **wrong), "key does not fit")
    said("export", str(tmp_path / "a.zip"), *at, home=tmp_path, **setting)


def test_without_a_place_for_the_key_nothing_is_sealed(tmp_path: Path, folder: Path):
    for command in ("seal", "unseal"):
        refused(run(command, "--journal", str(folder), home=tmp_path), "where the key is")


def test_a_key_that_is_not_there_is_not_made_to_unseal(tmp_path: Path, folder: Path):
    sealed(folder, tmp_path)
    key = tmp_path / "other.key"
    done = run("unseal", "--yes", "--key", str(key), "--journal", str(folder), home=tmp_path)
    refused(done, "no key file")
    assert not key.exists()


def test_the_keyring_of_a_machine_without_a_desktop_is_a_sentence(tmp_path: Path, folder: Path):
    done = run(
        *("seal", "--yes", "--key", "keyring", "--journal", str(folder)),
        home=tmp_path,
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
    )
    refused(done, "cannot ask the desktop's keyring")


def test_nobody_else_can_read_what_is_written(tmp_path: Path):
    said("demo", "--into", str(tmp_path / "demo"), home=tmp_path)
    said("add", "tea with ada", "--journal", str(tmp_path / "demo" / "journal"), home=tmp_path)
    said(
        "export",
        str(tmp_path / "all.zip"),
        "--journal",
        str(tmp_path / "demo/journal"),
        home=tmp_path,
    )
    written = [path for path in tmp_path.rglob("*") if path.name != "__pycache__"]
    assert len(written) > 10
    assert [path for path in written if path.stat().st_mode & 0o077] == []
