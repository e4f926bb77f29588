"""A recording that is there already, as words: in memory that does not grow with its length."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from voice_glimmer.hearing import ffmpeg, files
from voice_glimmer.hearing.frames import RATE, Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from voice_glimmer.conversation.events import Word
    from voice_glimmer.hearing.recogniser import Recogniser

    Samples = npt.NDArray[np.int16]

CHUNK = RATE // 4
"""Samples heard at once, a quarter second, as in Vosk's own examples; a frame's 50 ms cost more."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard.

    Attributes:
        words: The words, with seconds from the recording's beginning.
        seconds: How long the recording is.
    """

    words: tuple[Word, ...]
    seconds: float


def sound(path: Path) -> Iterator[Samples]:
    """Yield a sound file as int16 samples, mono, at `RATE`, in pieces of any size.

    Raises:
        Fault: As `files.pieces` and `ffmpeg.pieces`.
    """
    return ffmpeg.pieces(path) if path.suffix.lower() in ffmpeg.ENDINGS else files.pieces(path)


def seconds(path: Path) -> float | None:
    """Return how long a sound file lasts by its header; None where only hearing it tells.

    Raises:
        Fault: As `files.seconds`.
    """
    return None if path.suffix.lower() in ffmpeg.ENDINGS else files.seconds(path)


def transcribed(
    recogniser: Recogniser, pieces: Iterable[Samples], heard: Callable[[Samples], None]
) -> Transcript:
    """Return all that is said in a recording.

    Args:
        recogniser: What hears.
        pieces: The recording, int16, mono, at `RATE`.
        heard: Is handed each piece before the next one is asked for.
    """
    words: list[Word] = []
    count = 0
    for piece in pieces:
        for start in range(0, len(piece), CHUNK):
            words += recogniser.hear(Frame(piece[start : start + CHUNK], count / RATE)) or ()
        count += len(piece)
        heard(piece)
    return Transcript((*words, *recogniser.finish()), count / RATE)


def paragraphs(words: Sequence[Word], pause: float) -> str:
    """Return words as text, with a new paragraph after each silence of `pause` seconds or more."""
    if not words:
        return ""
    text = words[0].text
    for before, word in pairwise(words):
        text += ("\n\n" if word.start - before.end >= pause else " ") + word.text
    return text
