"""Whether the program is asleep; who sent it to sleep is not overheard after a power cut either."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)


class Sleep:
    """An empty file `asleep` in a journal's folder, there as long as it lasts."""

    def __init__(self, journal: Path) -> None:
        self._mark = journal / "asleep"
        self.lasts = self._mark.exists()

    def note(self, *, lasts: bool) -> None:
        """Note that it lasts, or is over. What cannot be written is only not so after a restart."""
        if lasts == self.lasts:
            return
        self.lasts = lasts
        try:
            self._mark.touch(mode=0o600) if lasts else self._mark.unlink(missing_ok=True)
        except OSError as error:
            log.warning("sleep could not be noted: %s", error)
