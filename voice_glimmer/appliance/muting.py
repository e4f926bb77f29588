"""Whether the microphone was switched off by its button, also after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_glimmer.note import Note

if TYPE_CHECKING:
    from pathlib import Path

    from voice_glimmer.settings import Settings

NO_BUTTON = "none"


def left_muted(settings: Settings) -> bool:
    """Tell whether the person switched the microphone off, and has a button to switch it on."""
    return settings.button != NO_BUTTON and muted(settings.journal).read()


def muted(journal: Path) -> Note[bool]:
    """Return what remembers it, in a journal's folder."""
    return Note(journal / "muted.json", bool, nothing=False)
