"""A Vosk recogniser, frame by frame: words with times and confidences, or a guess so far."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.conversation.events import Word
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.lean import vosk

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from voice_glimmer.hearing.frames import Frame

OTHER_SPEECH = "[unk]"
"""What Vosk reports for speech outside a grammar."""

DITHER = 10.0
"""Standard deviation, in int16 steps, of the noise laid under the sound (-70 dBFS).

Vosk takes digital silence, as muted microphones and sound servers deliver it, for a long "a" or
`[unk]`; a noise floor below that of any room cures it. Kaldi dithers for the same reason, less.
"""


class Recogniser:
    """Hears with the model's full vocabulary, or only the phrases of a grammar.

    Args:
        model: A loaded model.
        grammar: The phrases to tell apart; all other speech is `OTHER_SPEECH`.
    """

    def __init__(self, model: vosk.Model, grammar: Iterable[str] | None = None) -> None:
        if grammar is None:
            self._vosk = vosk.KaldiRecognizer(model, RATE)
        else:
            self._vosk = vosk.KaldiRecognizer(model, RATE, json.dumps([*grammar, OTHER_SPEECH]))
        self._vosk.SetWords(True)  # noqa: FBT003 - Vosk's own call

    def hear(self, frame: Frame) -> tuple[Word, ...] | None:
        """Hear a frame; return the words of a segment that it ends, or None inside one."""
        return _words(self._vosk.Result()) if self.take(frame.samples) else None

    def take(self, samples: npt.NDArray[np.int16]) -> bool:
        """Hear samples at 16 kHz; return whether a segment ends here, which is then to be reset."""
        return bool(self._vosk.AcceptWaveform(dithered(samples)))

    def guess(self) -> str:
        """Return the words of the unfinished segment; they may still change."""
        partial: str = json.loads(self._vosk.PartialResult())["partial"]
        return partial

    def finish(self) -> tuple[Word, ...]:
        """End the segment here and return its words; times count from the first frame ever."""
        return _words(self._vosk.FinalResult())

    def reset(self) -> None:
        """Forget the unfinished segment."""
        self._vosk.Reset()


@cache
def _noise() -> tuple[npt.NDArray[np.int16], int]:
    """Return the noise, and the most that a sample may be under it; made with the first sound."""
    noise = np.round(np.random.default_rng(0).normal(0, DITHER, 4 * RATE)).astype(np.int16)
    return noise, np.iinfo(np.int16).max - int(np.abs(noise).max())


def dithered(samples: npt.NDArray[np.int16]) -> bytes:
    """Return samples as Vosk takes them, with soft noise under them."""
    noise, room = _noise()
    if len(samples) > len(noise):
        noise = np.resize(noise, len(samples))
    heard = np.clip(samples, -room, room) + noise[: len(samples)]
    return bytes(heard.astype("<i2", copy=False).tobytes())


def _words(result: str) -> tuple[Word, ...]:
    return tuple(
        Word(word["word"], word["start"], word["end"], word["conf"])
        for word in json.loads(result).get("result", [])
    )
