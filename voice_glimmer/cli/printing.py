"""What commands print: a line at a time, plain where nobody looks on, or JSON for programs."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]

_STYLES = re.compile(r"\x1b\[[\d;]*m")
_ONE_LINE = dict.fromkeys([*range(32), *range(127, 160)], " ")
"""Control characters: what somebody imported may not steer the terminal."""


def lines(texts: Iterable[str]) -> None:
    """Print lines as they come, without their styles where that is no terminal.

    Whoever reads them may have seen enough, as `head` has: the rest is then left out in silence.
    """
    styled = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    try:
        for text in texts:
            sys.stdout.write((text if styled else _STYLES.sub("", text)) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still in the buffer goes there when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def indented(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Print JSON that is small, as a person would write it."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def tell(sentence: str) -> None:
    """Print a sentence for a person, as it is."""
    Console().print(sentence, soft_wrap=True, markup=False, highlight=False)


def document(value: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield a JSON object, a key a line; null for None."""
    if value is None:
        yield "null"
        return
    yield "{"
    yield from _parted(f'  "{key}": {_json(each)}' for key, each in value.items())
    yield "}"


def array(values: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a JSON array, an entry a line, so that any number of them needs no memory."""
    yield "["
    yield from _parted(f"  {_json(value)}" for value in values)
    yield "]"


def _parted(entries: Iterable[str]) -> Iterator[str]:
    before = ""
    for entry in entries:
        if before:
            yield f"{before},"
        before = entry
    if before:
        yield before


def _json(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    return json.dumps(value, ensure_ascii=False)


def one_line(text: str) -> str:
    """Return a text without line breaks and whatever else steers a terminal."""
    return text.translate(_ONE_LINE)
