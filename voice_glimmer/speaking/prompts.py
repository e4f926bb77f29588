"""Which calming prompt, when; and the pauses that are written into what is said."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

AUDIO_PROMPTS = Path(__file__).parents[2] / "audio_prompts"

_PAUSE = re.compile(r"\[(\d+(?:\.\d+)?)s\]")


def load(path: Path) -> list[str]:
    """Return the prompts of a TOML file with `[[prompt]]` tables that have `words`."""
    return [prompt["words"] for prompt in tomllib.loads(path.read_text("utf-8"))["prompt"]]


class Prompts:
    """A language's prompts, in random order.

    Args:
        language: Its code, such as "en".
        random: What chooses.
    """

    def __init__(self, language: str, random: Random) -> None:
        self._prompts = load(AUDIO_PROMPTS / f"{language}.toml")
        self._random = random
        self._last = ""

    def next(self) -> str:
        """Return a prompt, with its pauses; never the same twice in a row."""
        others = [prompt for prompt in self._prompts if prompt != self._last]
        self._last = self._random.choice(others or self._prompts)
        return self._last


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
