"""What became of invitations, also after a power cut."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import TYPE_CHECKING

from voice_glimmer.conversation.inviting import Standing

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)


class Invitations:
    """A small file `invitations.json` in a journal's folder.

    Attributes:
        standing: What became of them so far; nothing, where the file is lost or broken.
    """

    def __init__(self, journal: Path) -> None:
        self._path = journal / "invitations.json"
        self.standing = _read(self._path)

    def note(self, standing: Standing) -> None:
        """Note how it stands now. What cannot be written is only not so after a restart."""
        self.standing = standing
        part = self._path.with_suffix(".part")
        try:
            part.touch(mode=0o600)
            last = standing.last.isoformat() if standing.last else None
            part.write_text(json.dumps({"last": last, "declined": standing.declined}), "utf-8")
            part.rename(self._path)
        except OSError as error:
            log.warning("an invitation could not be noted: %s", error)


def _read(path: Path) -> Standing:
    try:
        held = json.loads(path.read_text("utf-8"))
        last = held["last"] and datetime.fromisoformat(held["last"]).astimezone()
        return Standing(last or None, max(0, min(int(held["declined"]), 100)))
    except FileNotFoundError:
        return Standing()
    except (OSError, ValueError, OverflowError, KeyError, TypeError, RecursionError) as error:
        log.warning("what became of invitations cannot be read: %s", error)
        return Standing()
