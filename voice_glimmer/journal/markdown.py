"""A journal as Markdown to read, a file a month, and back (pure).

What a reader sees are headings, texts and tags. What these cannot hold stands before each text in a
comment, as JSON; texts are escaped, so that none can look like a heading or a comment.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic_core import from_json

from voice_glimmer.faults import Fault
from voice_glimmer.journal.diary import day, months
from voice_glimmer.journal.lines import Line, checked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MONTH = re.compile(r"\d{4}-\d{2}\.md")
BEGINNING = "<!-- glimmer "

_MIDDLE = " -->\n\n"
_END = "\n\n<!-- end -->"
_NOT_IN_COMMENT = {"text", "recording", "words", "wordings"}
_SPECIAL = re.compile(r"[\\`*_\[\]<>&#|~]")
_AT_A_BEGINNING = re.compile(r"^([ \t]*\d*)([-+=.)])", re.MULTILINE)
_ONE_NEW_LINE = re.compile(r"(?<!\n)\n(?!\n)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~\n])|&#13;")


def files(lines: Iterable[Line]) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield for each month the file's name, and its parts, to be joined.

    Args:
        lines: The glimmers, in the order of their local times.
    """
    for month, title, said in months(lines):
        yield f"{month}.md", _parts(title, said)


def read(content: str) -> Iterator[Line]:
    r"""Yield the glimmers in a file, without voices, words and former wordings.

    Args:
        content: The file, its lines ended by "\n".

    Raises:
        Fault: One of them is damaged; it says which.
    """
    _, *parts = f"\n{content}".split(f"\n{BEGINNING}")
    for number, part in enumerate(parts, start=1):
        facts, middle, rest = part.partition(_MIDDLE)
        text, end, _ = rest.partition(_END)
        try:
            if not (middle and end):
                raise ValueError("cut off")
            told = {**from_json(facts), "text": _unescaped(text)}
            yield checked(Line.model_validate(told))
        except (ValidationError, ValueError, TypeError, OverflowError) as error:
            raise Fault(
                f"Glimmer {number} of this Markdown file is damaged. Nothing was imported."
            ) from error


def _parts(heading: str, lines: Iterable[Line]) -> Iterator[str]:
    yield f"# {heading}\n"
    for line in lines:
        yield f"\n## {day(line)}\n\n"
        if line.prompt:
            yield f"> {_escaped(line.prompt)}\n\n"
        # Nothing can end the comment but we.
        facts = line.model_dump_json(exclude=_NOT_IN_COMMENT).replace(">", r"\u003e")
        yield f"{BEGINNING}{facts}{_MIDDLE}{_escaped(line.text)}{_END}\n"
        notes = ["Favourite."] if line.favourite else []
        if line.tags:
            notes.append(f"Tags: {_escaped(', '.join(line.tags))}.")
        if notes:
            yield f"\n{' '.join(notes)}\n"


def _escaped(text: str) -> str:
    escaped = _AT_A_BEGINNING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", text))
    # A new line is one on the page, too; a paragraph is one anyway.
    return _ONE_NEW_LINE.sub("\\\\\n", escaped).replace("\r", "&#13;")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: found[1] or "\r", text)
