"""What was typed and cannot be understood, in one calm sentence (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typer.exceptions import TyperException

_CALMER = (
    (r"No such option: (\S+)", r"There is no option \1."),
    (r" \(Possible options: (.*)\)", r" Did you mean \1?"),
    (r"No such command ", r"There is no command "),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", r"I do not know what to do with: \1."),
    (r"Missing \w+ (.*)\.", r"Please give \1."),
    (r"Option (.*) requires an argument\.", r"\1 needs a value."),
    (r"Invalid value for (.*?): Input should be (.*?)(?:, unable to .*)?$", r"\1 should be \2."),
)
"""Typer's wordings, and ours; one that a newer Typer words otherwise stays as it is."""

LONGEST = 300
"""Characters of a word that are shown, more than any usual path has."""


def sentence(error: TyperException) -> str:
    """Return what is wrong, and where to read what would be right; empty if help was shown."""
    said = error.format_message()
    for theirs, ours in _CALMER:
        said = re.sub(theirs, ours, said)
    context = getattr(error, "ctx", None)
    return f"{said} See: {context.command_path} --help" if said and context else said


def printable(text: str) -> str:
    """Return a text as one line that moves no cursor and rings no bell, long words cut short."""
    line = "".join(each if each.isprintable() else " " for each in text)
    return re.sub(rf"\S{{{LONGEST},}}", lambda word: f"{word[0][: LONGEST - 1]}…", line)
