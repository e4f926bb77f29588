"""What cannot be understood is told in our words; how a command ended, by its exit code."""

import io
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_app import COMMAND
from voice_glimmer.cli.app import run
from voice_glimmer.cli.usage import LONGEST, printable


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("demoo", "There is no command 'demoo'. Did you mean 'demo'? See: voice-glimmer --help"),
        (
            "undo --jurnal",
            "There is no option --jurnal. Did you mean --journal? See: voice-glimmer undo --help",
        ),
        ("undo that", "I do not know what to do with: that. See: voice-glimmer undo --help"),
        ("show", "Please give 'number'. See: voice-glimmer show --help"),
        ("show one", "'number' should be a valid integer. See: voice-glimmer show --help"),
        ("list --limit", "'--limit' needs a value."),
        ("wake check", "Please give 'PHRASE'. See: voice-glimmer wake check --help"),
    ],
)
def test_typers_words_are_ours(capsys: pytest.CaptureFixture[str], typed: str, sentence: str):
    assert run(typed.split()) == 2
    assert capsys.readouterr().err == f"{sentence}\n"


def test_what_is_shown_is_one_line_without_control_characters():
    assert printable("a\nb\x1b[31m\a \udcff") == "a b [31m   "
    assert printable(f"in {'x' * 1_000}.") == f"in {'x' * (LONGEST - 1)}…"


def test_without_arguments_there_is_help(capsys: pytest.CaptureFixture[str]):
    assert run([]) == 2
    shown = capsys.readouterr()
    assert "Usage: voice-glimmer" in shown.out
    assert shown.err == ""


class Interrupted(io.StringIO):
    """A keyboard at which Ctrl-C is pressed."""

    def readline(self, size: int | None = -1) -> str:
        raise KeyboardInterrupt


@pytest.mark.parametrize(("keyboard", "code"), [(io.StringIO(), 2), (Interrupted(), 130)])
def test_a_question_that_nobody_answers_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, keyboard: io.StringIO, code: int
):
    at = ("--journal", str(tmp_path))
    assert run(["add", "a robin sang", *at]) == 0
    assert run(["delete", "1", *at]) == 0
    monkeypatch.setattr("sys.stdin", keyboard)
    assert run(["empty", *at]) == code
    assert ("Nobody was there" in capsys.readouterr().err) == (code == 2)
    assert run(["undo", *at]) == 0
    assert "a robin sang" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "code", "sentence"),
    [
        ("add <&-", 2, "Please say what to keep"),
        ("add robin >&-", 0, ""),
        ("list >/dev/full", 2, "I cannot go on: no space left on device."),
    ],
)
def test_what_is_closed_or_full_is_no_traceback(
    tmp_path: Path, typed: str, code: int, sentence: str
):
    assert run(["add", "a robin sang", "--journal", str(tmp_path)]) == 0
    shell = ("sh", "-c", f'"$0" {typed} --journal .', COMMAND)
    done = subprocess.run(
        shell,
        cwd=tmp_path,
        env={"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) == bool(sentence)
