"""What became of invitations, also after a power cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_glimmer.conversation.inviting import Standing
from voice_glimmer.note import Note

if TYPE_CHECKING:
    from pathlib import Path


class Invitations:
    """A small file `invitations.json` in a journal's folder.

    Attributes:
        standing: What became of them so far.
    """

    def __init__(self, journal: Path) -> None:
        self._note = Note(journal / "invitations.json", Standing, Standing())
        self.standing = self._note.read()
        if self.standing.last and self.standing.last.tzinfo is None:
            self.standing = Standing()

    def note(self, standing: Standing) -> None:
        """Note how it stands now."""
        self.standing = standing
        self._note.write(standing)
