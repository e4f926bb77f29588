"""How fast and how loud the person wants to be spoken to, also after a restart."""

from __future__ import annotations

import json
import logging
import math
from typing import TYPE_CHECKING

from voice_glimmer.conversation.sentences import Kind

if TYPE_CHECKING:
    from pathlib import Path

PACE_STEP, SLOWEST, FASTEST = 1.2, 0.6, 1.6
"""How much "slower" and "faster" are, as factors of the words a minute."""

GAIN_STEP, SOFTEST, LOUDEST = 10 ** (4 / 20), 10 ** (-16 / 20), 10 ** (12 / 20)
"""How much "louder" and "softer" are: 4 dB is plainly heard, and five steps stay in a room."""

log = logging.getLogger(__name__)


class Manner:
    """A small file of two numbers, as far as they are pleasant.

    Args:
        path: The file; None where nothing is to be remembered.

    Attributes:
        pace: How fast, as a factor of the words a minute.
        gain: How loud, as a factor of the samples.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.pace, self.gain = _read(path) if path else (1.0, 1.0)

    def adjust(self, how: Kind) -> None:
        """Go a step slower, faster, louder or softer, and remember it."""
        match how:
            case Kind.SLOWER:
                self.pace = max(self.pace / PACE_STEP, SLOWEST)
            case Kind.FASTER:
                self.pace = min(self.pace * PACE_STEP, FASTEST)
            case Kind.LOUDER:
                self.gain = min(self.gain * GAIN_STEP, LOUDEST)
            case Kind.SOFTER:
                self.gain = max(self.gain / GAIN_STEP, SOFTEST)
            case _:
                raise ValueError(how)
        if self._path:
            self._write(self._path)

    def _write(self, path: Path) -> None:
        part = path.with_suffix(".part")
        try:
            part.touch(mode=0o600)
            part.write_text(json.dumps({"pace": self.pace, "gain": self.gain}), "utf-8")
            part.replace(path)
        except OSError as error:
            log.warning("how to speak is forgotten at the next start: %s", error)


def _read(path: Path) -> tuple[float, float]:
    try:
        held = json.loads(path.read_text("utf-8"))
        pace, gain = float(held["pace"]), float(held["gain"])
    except FileNotFoundError:
        return 1.0, 1.0
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        log.warning("how to speak cannot be read: %s", error)
        return 1.0, 1.0
    if math.isnan(pace) or math.isnan(gain):
        return 1.0, 1.0
    return min(max(pace, SLOWEST), FASTEST), min(max(gain, SOFTEST), LOUDEST)
