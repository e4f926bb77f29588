"""What Markdown shows as code, and which of it a person types."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ {4}(\S.*)$", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_PROGRAM = re.compile(r"(?:\./scripts/start|(?:\.venv/bin/)?voice-glimmer)(?= |$)")


@dataclass(frozen=True)
class Typed:
    """A line after "$ ", and what is printed then, with `...` for what varies."""

    line: int
    command: str
    printed: str


def console(text: str) -> Iterator[Typed]:
    """Yield what is typed in a document's console blocks, in order."""
    for block in _FENCED.finditer(text):
        if block[1] != "console":
            continue
        first = text.count("\n", 0, block.start(2)) + 1
        for shown in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block[2], re.MULTILINE):
            line = first + block[2].count("\n", 0, shown.start())
            yield Typed(line, shown[1], shown[2])


def command_lines(text: str) -> Iterator[list[str]]:
    """Yield what follows `voice-glimmer` wherever a document names a command, run or not."""
    shown = [line for block in _FENCED.finditer(text) for line in block[2].splitlines()]
    for line in (*shown, *_INDENTED.findall(text), *_INLINE.findall(text)):
        if (found := words(line.removeprefix("$ "))) is not None:
            yield found


def words(line: str) -> list[str] | None:
    """Return the arguments that a line of shell gives to the program; None if it runs another."""
    if not _PROGRAM.match(line):
        return None
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    found = list[str]()
    for word in lexer:
        if set(word) <= set("();<>|&"):
            break
        found.append(word)
    return found[1:]
