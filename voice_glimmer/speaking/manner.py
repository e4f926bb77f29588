"""How fast and how loud the person wants to be spoken to, or whispered to, also after a restart."""

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
    """How: pace and gain are factors, of the words a minute and of the samples."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pace: Annotated[float, Field(allow_inf_nan=False)] = 1.0
    gain: Annotated[float, Field(allow_inf_nan=False)] = 1.0
    whispers: bool = False


class Manner:
    """A small file of how, as far as that is pleasant.

    Args:
        path: The file; None where nothing is to be remembered.
        volume: The most volume that is allowed, as a part of the loudest, above 0 and up to 1.

    Attributes:
        pace: How fast, as a factor of the words a minute.
        gain: How loud, as a factor of the samples.
        whispers: Whether it whispers.
        loudest: The largest gain that is allowed.
    """

    def __init__(self, path: Path | None = None, volume: float = 1.0) -> None:
        self._note = Note(path, Spoken, Spoken()) if path else None
        self.loudest = LOUDEST * volume
        held = self._note.read() if self._note else Spoken()
        self._become(held.pace, held.gain)
        self.whispers = held.whispers

    def adjust(self, how: Kind) -> bool:
        """Go a step slower, faster, louder or softer, or whisper or no longer; and remember it.

        Returns:
            False where it was as slow, fast, loud or soft as it goes.
        """
        before = self.pace, self.gain
        match how:
            case Kind.SLOWER:
                self._become(self.pace / PACE_STEP, self.gain)
            case Kind.FASTER:
                self._become(self.pace * PACE_STEP, self.gain)
            case Kind.LOUDER:
                self._become(self.pace, self.gain * GAIN_STEP)
            case Kind.SOFTER:
                self._become(self.pace, self.gain / GAIN_STEP)
            case Kind.WHISPER | Kind.ALOUD:
                self.whispers = how is Kind.WHISPER
            case _:
                raise ValueError(how)
        if self._note:
            self._note.write(Spoken(pace=self.pace, gain=self.gain, whispers=self.whispers))
        return how in {Kind.WHISPER, Kind.ALOUD} or (self.pace, self.gain) != before

    def _become(self, pace: float, gain: float) -> None:
        self.pace = max(SLOWEST, min(FASTEST, pace))
        self.gain = min(max(SOFTEST, gain), self.loudest)
