"""Whatever is typed after any command: it is done, or one sentence says why not."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.exceptions import TyperException

from tests.cli.tree import TREE, commands, understand
from tests.journal.kept import keep
from voice_glimmer.cli.app import run
from voice_glimmer.journal import Journal

COMMANDS = dict(commands())
LONG = "x" * 10_000

# fmt: off
LASTING = {
    "demo", "device list", "device set", "device test", "doctor", "listen", "play", "prompts say",
    "read", "serve", "voice try", "wake check", "wake tune", "welcome",
}
# fmt: on
"""These open a sound device, load a model or go on until they are stopped: of them only the command
line is tried here, by which they are refused before they begin."""

ODD = {
    "an empty string": "",
    "10,000 characters": LONG,
    "control characters": "\x1b[31m\a\r\n\x7f",
    "no UTF-8": "\udcff\udcfe",
    "a missing file": "missing.zip",
    "a folder": "folder",
    "a file in the way of a folder": "file.zip/in/it",
    "a file that is none of ours": "file.zip",
    "a file that cannot be read, not even by root": "/proc/self/mem",
}

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Say]:
    """Run a command where nobody types, and return its exit code and what it complains of."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.zip").write_bytes(b"\x00\xff no archive")
    journal = Journal(tmp_path / ".local" / "share" / "voice-glimmer")
    keep(journal)
    journal.close()

    def said(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO())
        code = run(arguments)
        return code, capsys.readouterr().err

    return said


def refused(said: tuple[int, str], typed: Any) -> None:
    code, complaint = said
    assert code == 2, (typed, said)
    (sentence,) = complaint.splitlines()
    assert len(sentence.split()) > 3, (typed, sentence)
    assert sentence.isprintable(), (typed, sentence)
    assert len(sentence) < 1_000, typed
    assert "did not foresee" not in sentence, (typed, sentence)


def usual(command: Any) -> list[str]:
    """Return what the command cannot do without."""
    needed = [param for param in command.params if param.required]
    return [each for param in needed for each in (*param.opts[:1] * is_option(param), "1")]


def is_option(param: Any) -> bool:
    return param.param_type_name == "option"


def takes(param: Any) -> Any:
    return getattr(param.type_descriptor, "annotation", str)


def given(command: Any, param: Any, value: str) -> list[str]:
    """Return arguments with this value for one parameter, and what is needed besides."""
    arguments = list[str]()
    for each in command.params:
        chosen = value if each is param else "1"
        if is_option(each):
            arguments += [f"{each.opts[0]}={chosen}"] if each is param or each.required else []
        elif each is param or each.required:
            arguments += [chosen]
    options = [each for each in arguments if each.startswith("--")]
    return [*options, "--", *(each for each in arguments if each not in options)]


def unlike(command: Any) -> Iterator[list[str]]:
    """Yield what no command takes: options, too many, too few, and of another type."""
    yield [*usual(command), "--no-such-option"]
    yield [*usual(command), f"--{LONG}"]
    yield [*usual(command), "--\x1b[31m\udcff=1"]
    if hasattr(command, "commands"):
        yield from ([odd] for odd in ODD.values())
        return
    if not any(param.nargs == -1 for param in command.params):
        yield [*usual(command), *["surplus"] * (len(command.params) + 1)]
    if usual(command):
        yield []
    for param in command.params:
        if is_option(param) and not param.is_flag:
            yield [*usual(command), param.opts[0]]
        if takes(param) in (int, float):
            yield from (given(command, param, odd) for odd in (*ODD.values(), "one", "9" * 10_000))


@pytest.mark.parametrize("path", ["", *COMMANDS])
def test_what_cannot_be_understood_is_one_sentence(say: Say, path: str):
    command = COMMANDS.get(path, TREE)
    for wrong in unlike(command):
        with pytest.raises(TyperException):
            understand([*path.split(), *wrong])
        refused(say(*path.split(), *wrong), wrong)


@pytest.mark.parametrize("path", [each for each in COMMANDS if each not in LASTING])
def test_odd_values_are_taken_or_refused_in_one_sentence(say: Say, path: str):
    command = COMMANDS[path]
    for param in command.params:
        if takes(param) in (int, float, bool):
            continue
        for kind, odd in ODD.items():
            typed = given(command, param, odd)
            code, complaint = say(*path.split(), *typed)
            assert code in {0, 1, 2}, (kind, typed[-1][:50])
            if code == 2:
                refused((code, complaint), (kind, param.name))
            else:
                assert complaint == "", (kind, param.name)
