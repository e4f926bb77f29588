"""How well and how fast a speech model hears a recording on this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jiwer

from voice_glimmer.hearing.recogniser import Recogniser
from voice_glimmer.hearing.transcribing import transcribed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    import numpy.typing as npt

    from voice_glimmer.hearing.models import Model

    Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a model made of a recording.

    Attributes:
        heard: The words.
        word_error_rate: Words that are wrong, missing or too many, for each word that was said;
            None where it is not known what was said.
        real_time_factor: Seconds it took for a second of sound.
    """

    heard: str
    word_error_rate: float | None
    real_time_factor: float


def hearing(
    model: Model,
    pieces: Iterable[Samples],
    said: str | None,
    clock: Callable[[], float],
    progress: Callable[[Samples], None],
) -> Hearing:
    """Hear a recording with the model's full vocabulary.

    Args:
        model: A loaded model.
        pieces: The recording, int16, mono, at 16 kHz.
        said: What was said; None where that is not known.
        clock: Returns seconds that go by.
        progress: Is handed each piece once it was heard.
    """
    began = clock()
    transcript = transcribed(Recogniser(model), pieces, progress)
    took = clock() - began
    heard = " ".join(word.text for word in transcript.words)
    wrong = None if said is None else float(jiwer.wer(plain(said), plain(heard)))
    return Hearing(heard, wrong, took / transcript.seconds)


def plain(text: str) -> str:
    """Return a text as models write: small letters, no punctuation but apostrophes."""
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower().replace("\u2019", "'")))
