"""Log lines without anything in them that came from a person (pure, but for reading our source).

What the service prints is beside what it logs, words among it. So no line is taken as it is: it has
to be one that the program's source can log, and of what was filled in only numbers, moments and the
system's own words stay.
"""

from __future__ import annotations

import ast
import builtins
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import voice_glimmer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGE = Path(voice_glimmer.__file__).parent
LEVELS = ("info", "warning", "error", "exception", "critical")
LEFT_OUT = "…"

_LINE = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (?P<module>voice_glimmer[\w.]*) "
    r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) (?P<message>.*)"
)
_FRAME = re.compile(r'  File ".*/(?P<path>voice_glimmer/[\w/]+\.py)", line (?P<line>\d+), in ')
_RAISED = re.compile(r"(?P<kind>[A-Za-z]+)(: .*)?")
_NUMBER = re.compile(r"[-+:.\d]+(T[-+:.\d]+)?( [-+:.\d]+)?")
_ERRNO = re.compile(r"\[Errno (?P<number>\d+)\] ")
_SQLITE = (
    "database is locked",
    "database or disk image is malformed",
    "attempt to write a readonly database",
    "disk I/O error",
    "database or disk is full",
    "unable to open database file",
    "file is not a database",
)


def without_words(lines: Iterable[str]) -> Iterator[str]:
    """Yield what is left of these lines: times, places in the program, and its own sentences."""
    for line in lines:
        if (found := _LINE.fullmatch(line)) and found["module"] in _modules():
            yield f"{found['at']} {found['module']} {found['level']} {_message(found['message'])}"
        elif (frame := _FRAME.match(line)) and (PACKAGE.parent / frame["path"]).is_file():
            yield f"  {frame['path']}, line {frame['line']}"
        elif (raised := _RAISED.fullmatch(line)) and _is_error(raised["kind"]):
            yield f"  {raised['kind']}"


def _message(message: str) -> str:
    for pattern, parts in _templates():
        if found := pattern.fullmatch(message):
            told = [_harmless(each) for each in found.groups()]
            return "".join(
                part + (told[index] if index < len(told) else "")
                for index, part in enumerate(parts)
            )
    return LEFT_OUT


def _harmless(filled_in: str) -> str:
    if _NUMBER.fullmatch(filled_in) or filled_in in _SQLITE:
        return filled_in
    if found := _ERRNO.match(filled_in):
        return f"{found[0]}{os.strerror(int(found['number']))}"
    return LEFT_OUT


def _is_error(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)


@cache
def _modules() -> frozenset[str]:
    files = (path.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("*.py"))
    return frozenset(".".join(path.with_suffix("").parts) for path in files)


@cache
def _templates() -> tuple[tuple[re.Pattern[str], list[str]], ...]:
    """Return what the source can log, the longest first: as a pattern, and the parts between."""
    texts = set[str]()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr=attr),
                    args=[ast.Constant(value=str(text)), *_],
                ) if attr in LEVELS:
                    texts.add(text)
    parted = [re.split(r"%[-+.\d]*[a-z]", text) for text in texts]
    parted.sort(key=lambda parts: -sum(map(len, parts)))
    return tuple((re.compile("(.*)".join(map(re.escape, parts))), parts) for parts in parted)
