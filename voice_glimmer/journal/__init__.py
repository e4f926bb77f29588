"""The journal: what is kept, in SQLite, with recordings beside it.

A library of its own; docs/library.md shows how it is used. No library of sound is loaded before a
recording is written or read.
"""

from voice_glimmer.journal import lean  # noqa: F401 - before whatever imports sqlite-utils
from voice_glimmer.journal.glimmers import (
    Glimmer,
    Journal,
    JournalUnavailableError,
    NoSuchGlimmerError,
    Piece,
    Which,
)

__all__ = [
    "Glimmer",
    "Journal",
    "JournalUnavailableError",
    "NoSuchGlimmerError",
    "Piece",
    "Which",
]
