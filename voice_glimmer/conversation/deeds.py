"""What can be done to a kept glimmer, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_glimmer.conversation.events import Draft, Memory


class Deed(Enum):
    """What can be done to a kept glimmer. What was done can be undone."""

    FAVOUR = "favour"
    UNFAVOUR = "unfavour"
    TAG = "tag"
    UNTAG = "untag"
    DELETE = "delete"
    RESTORE = "restore"
    CHANGE = "change"
    UNCHANGE = "unchange"


UNDOES = {
    Deed.FAVOUR: Deed.UNFAVOUR,
    Deed.UNFAVOUR: Deed.FAVOUR,
    Deed.TAG: Deed.UNTAG,
    Deed.UNTAG: Deed.TAG,
    Deed.DELETE: Deed.RESTORE,
    Deed.RESTORE: Deed.DELETE,
    Deed.CHANGE: Deed.UNCHANGE,
}
"""Which deed takes back which; that a change was taken back stands."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """A deed, and what it is done to.

    Attributes:
        deed: What.
        memory: To which glimmer.
        tag: The tag that is given or taken; empty otherwise.
        draft: The new wording; None where the deed has none.
    """

    deed: Deed
    memory: Memory
    tag: str = ""
    draft: Draft | None = None

    @property
    def undone(self) -> Alteration | None:
        """What takes it back, if anything does."""
        undoes = UNDOES.get(self.deed)
        return replace(self, deed=undoes, draft=None) if undoes else None

    @property
    def altered(self) -> Memory:
        """The glimmer as it is then."""
        if self.draft is None:
            return self.memory
        return replace(self.memory, text=self.draft.text, recorded=bool(self.draft.recording))
