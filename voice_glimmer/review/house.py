"""What the page needs of the house it is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from random import Random

    from voice_glimmer.clock import Certain, Clock
    from voice_glimmer.conversation.language import Language
    from voice_glimmer.journal.places import Place
    from voice_glimmer.settings import Settings
    from voice_glimmer.speaking.repertoire import Repertoire


@dataclass(frozen=True, slots=True)
class House:
    """What the page needs, handed in by whoever serves it.

    Attributes:
        place: Where the journal is, with its key if it has one.
        settings: What the person has chosen.
        language: The words of `settings.language`.
        clock: What time it is.
        random: What draws.
        settings_file: Where the settings are written, or would be.
        prompts: The prompts of that language.
    """

    place: Place
    settings: Settings
    language: Language
    clock: Clock | Certain
    random: Random
    settings_file: Path
    prompts: Repertoire

    def now(self) -> datetime:
        """Return the person's local time, aware; no moment is held from one call to the next."""
        self.clock.settle()
        return self.clock.now()
