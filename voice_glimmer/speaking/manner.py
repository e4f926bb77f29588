"""How fast and how loud the person wants to be spoken to, also after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.note import Note

if TYPE_CHECKING:
    from pathlib import Path

PACE_STEP, SLOWEST, FASTEST = 1.2, 0.6, 1.6
"""How much "slower" and "faster" are, as factors of the words a minute."""

GAIN_STEP, SOFTEST, LOUDEST = 10 ** (4 / 20), 10 ** (-16 / 20), 10 ** (12 / 20)
"""How much "louder" and "softer" are: 4 dB is plainly heard, and five steps stay in a room."""


class Spoken(BaseModel):
    """How: both are factors, of the words a minute and of the samples."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pace: Annotated[float, Field(allow_inf_nan=False)] = 1.0
    gain: Annotated[float, Field(allow_inf_nan=False)] = 1.0


class Manner:
    """A small file of two numbers, as far as they are pleasant.

    Args:
        path: The file; None where nothing is to be remembered.

    Attributes:
        pace: How fast, as a factor of the words a minute.
        gain: How loud, as a factor of the samples.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._note = Note(path, Spoken, Spoken()) if path else None
        held = self._note.read() if self._note else Spoken()
        self.pace = max(SLOWEST, min(FASTEST, held.pace))
        self.gain = max(SOFTEST, min(LOUDEST, held.gain))

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
        if self._note:
            self._note.write(Spoken(pace=self.pace, gain=self.gain))
