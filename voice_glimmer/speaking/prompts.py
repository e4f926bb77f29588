"""Which calming prompt, when; and the pauses that are written into what is said."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

_PAUSE = re.compile(r"\[(\d+(?:\.\d+)?)s\]")


def load(path: Path) -> list[str]:
    """Return the prompts of a TOML file with `[[prompt]]` tables that have `words`."""
    return [prompt["words"] for prompt in tomllib.loads(path.read_text("utf-8"))["prompt"]]


def choose(prompts: Sequence[str], last: str, random: Random) -> str:
    """Return a prompt, never the same twice in a row."""
    return random.choice([prompt for prompt in prompts if prompt != last] or list(prompts))


def pieces(text: str) -> list[str | float]:
    """Return `text` split at its pauses: words as strings, pauses in seconds.

    >>> pieces("Let go.[1.5s] What was good?")
    ['Let go.', 1.5, 'What was good?']
    """
    parts = _PAUSE.split(text)
    found: list[str | float] = []
    for index, part in enumerate(parts):
        if index % 2:
            found.append(float(part))
        elif part.strip():
            found.append(part.strip())
    return found


def plain(text: str) -> str:
    """Return `text` without its pauses, as it is shown and kept."""
    return " ".join(piece for piece in pieces(text) if isinstance(piece, str))
