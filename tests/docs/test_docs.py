"""What the documents show is what happens.

```console blocks are run, each document's in a home of its own, and what is printed is compared as
doctest does. ```sh blocks, and whatever else names a command, are read by the command line and not
run: they need sound, a network or another machine. Tools for this bring the finding of blocks alone
(sybil, mktestdocs), or start a process for each line (cram).
"""

import os
import subprocess
import sys
from doctest import ELLIPSIS, Example, OutputChecker
from pathlib import Path

import pytest
from typer.exceptions import TyperException

from tests.cli.tree import understand
from tests.docs.blocks import DOCUMENTS, command_lines, console, words
from voice_glimmer.cli.app import run

SHELL = set("|;<>&$(")
TEXTS = {path.name: path.read_text("utf-8") for path in DOCUMENTS}


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("XDG_", "VOICE_GLIMMER_"))]:
        monkeypatch.delenv(name)
    venv = Path(sys.executable).parent
    settings = {"HOME": tmp_path, "TMPDIR": tmp_path, "PATH": f"{venv}:{os.environ['PATH']}"}
    for name, value in {**settings, "COLUMNS": 80, "XDG_RUNTIME_DIR": tmp_path / "none"}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)


def done(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Do what was typed, and return what is seen; in this process if no shell is needed."""
    arguments = words(command)
    if arguments is None or SHELL & set(command):
        shell = ("bash", "-c", command)
        ended = subprocess.run(shell, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended
        return ended.stdout + ended.stderr
    code = run([expanded(each) for each in arguments])
    seen = capsys.readouterr()
    assert code == 0, (command, seen)
    return seen.out + seen.err


def expanded(word: str) -> str:
    return str(Path(word).expanduser()) if word.startswith("~") else word


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if list(console(text))])
def test_what_a_document_shows_is_what_happens(name: str, capsys: pytest.CaptureFixture[str]):
    checker = OutputChecker()
    for typed in console(TEXTS[name]):
        seen = done(typed.command, capsys)
        # A progress bar leaves an empty line where there is no terminal to take it away from.
        printed = "".join(f"{line.rstrip()}\n" for line in seen.rstrip().splitlines())
        if not checker.check_output(typed.printed, printed, ELLIPSIS):
            example = Example(typed.command, typed.printed)
            said = checker.output_difference(example, printed, ELLIPSIS)
            pytest.fail(f"{name}:{typed.line}: $ {typed.command}\n{said}", pytrace=False)


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_that_a_document_names_is_understood(name: str):
    wrong = [line for line in command_lines(TEXTS[name]) if complaint(line)]
    assert wrong == []


def complaint(arguments: list[str]) -> str:
    """Return what the command line does not understand; a group by itself shows its help."""
    if arguments[:1] == ["COMMAND"]:
        return ""
    try:
        understand(arguments)
    except TyperException as error:
        return error.format_message()
    return ""
