"""The words of the page, by language; what the program says aloud is in the conversation's."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, by name; `{...}` are filled in."""

    said: Mapping[str, str]

    def __call__(self, name: str, **fields: object) -> str:
        """Return a sentence or a label, filled in."""
        return self.said[name].format(**fields)

    def counted(self, name: str, total: int) -> str:
        """Return such as "one glimmer" or "1,204 glimmers"."""
        said = self.said[f"{name}_one" if total == 1 else f"{name}_other"]
        return said.format(total=self.number(total))

    def number(self, total: int) -> str:
        """Return a whole number with its thousands apart."""
        return f"{total:,}".replace(",", self.said["thousands"])


def load(code: str) -> Words:
    """Return the page's words in a language, such as "en"."""
    path = Path(__file__).with_name(f"{code}.toml")
    return Words(tomllib.loads(path.read_text("utf-8")))
