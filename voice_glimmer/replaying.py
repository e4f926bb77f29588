"""A glimmer in the person's own voice."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from voice_glimmer.journal.errors import JournalUnavailableError, NoSuchGlimmerError
from voice_glimmer.speaking.sound import Sound

if TYPE_CHECKING:
    from voice_glimmer.journal.glimmers import Journal

log = logging.getLogger(__name__)


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


def own_voice(journal: Journal, glimmer: _Numbered) -> Sound | None:
    """Return a glimmer's voice, without what is long before and after its words.

    None where it has none, or where that cannot be read, which only the log tells.
    """
    try:
        recording = journal.voice_of(glimmer.id)
        between = journal.words_between(glimmer.id)
    except (JournalUnavailableError, NoSuchGlimmerError, OSError) as error:
        log.error("a recording could not be read: %s", error)
        return None
    return Sound(*recording).between(between) if recording else None
