"""One calming prompt after another; which have come up is remembered, also after a restart."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.note import Note
from voice_glimmer.speaking.choosing import Bag, choose
from voice_glimmer.speaking.repertoire import Repertoire

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from voice_glimmer.speaking.choosing import Moment

log = logging.getLogger(__name__)


class Prompting:
    """A language's prompts.

    What they remember is a small file, `prompts.json`. Where it is lost, broken or cannot be
    written, that is no fault: some prompts come again sooner.

    Args:
        language: Its code, such as "en".
        folder: Where the file is, in a folder that is there: the journal's.
        moment: Returns what a prompt has to fit just now.
        random: What draws.
        own: The file of a person's own prompts, which may change at any time.

    Raises:
        Fault: The language's prompts, or the person's own, cannot be read.
    """

    def __init__(
        self,
        language: str,
        folder: Path,
        moment: Callable[[], Moment],
        random: Random,
        own: Path | None = None,
    ) -> None:
        self._repertoire = Repertoire(language, own)
        self._prompts = self._repertoire.read().allowed
        self._note = Note(folder / "prompts.json", Bag, Bag())
        self._moment = moment
        self._random = random
        self._bag = self._note.read()

    def next(self) -> str:
        """Return a prompt, with its pauses; never the same twice in a row."""
        try:
            self._prompts = self._repertoire.read().allowed
        except Fault as fault:
            log.warning("the prompts stay as they were: %s", fault)
        prompt, bag = choose(self._prompts, self._bag, self._moment(), self._random)
        self._remember(bag)
        return prompt.words

    def became(self, *, answered: bool) -> None:
        """Learn what became of the last one: something was told, or it was passed over."""
        self._remember(self._bag.after(answered=answered))

    def _remember(self, bag: Bag) -> None:
        self._bag = bag
        self._note.write(bag)
