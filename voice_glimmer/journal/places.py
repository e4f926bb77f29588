"""Where a journal is: a folder, and its key if what is in there is encrypted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_glimmer.journal.keys import Key


@dataclass(frozen=True, slots=True)
class Sealed:
    """A folder in which everything is encrypted; in place of its Path wherever a journal is meant.

    Attributes:
        folder: The folder.
        key: What everything is encrypted with.
    """

    folder: Path
    key: Key = field(repr=False)

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def __str__(self) -> str:
        return str(self.folder)


Place = Path | Sealed
"""A journal's folder; as a Path, what is in there is plain."""


def place(folder: Path, key: Key | None) -> Place:
    """Return a folder with a key, or without one."""
    return folder if key is None else Sealed(folder, key)


def folder_of(place: Place) -> Path:
    """Return its folder."""
    return place.folder if isinstance(place, Sealed) else place


def key_of(place: Place) -> Key | None:
    """Return its key; None where it is plain."""
    return place.key if isinstance(place, Sealed) else None
