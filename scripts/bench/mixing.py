"""Speech, laid into a room of its own: quiet, or noisy at a known ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.files import from_file
from voice_glimmer.hearing.frames import RATE

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Speech = npt.NDArray[np.int16]

LEAD, TAIL = 11.0, 4.0
"""Seconds of the room before speech, in which a noise floor of ten settles, and after it, in which
the usual loop, which waits for the end of what is said, has its chance."""

AUDIBLE, AUDIBLE_OF_PEAK = 200, 0.02
"""int16 steps (-44 dBFS), and their share of a softer recording's peak: what begins and ends with
less is taken for silence."""

LOUDEST = 30_000
"""int16 steps: what would be louder is turned down as a whole, so that nothing clips."""


class Laid(NamedTuple):
    """Speech in a room: int16 samples at 16 kHz, and where in them it is, in seconds."""

    samples: Speech
    starts: float
    ends: float


def trimmed(said: Speech) -> Speech:
    """Return speech without the silence around it; nothing where all is silence."""
    loudness = np.abs(said.astype(int))
    loud = np.flatnonzero(loudness > min(AUDIBLE, AUDIBLE_OF_PEAK * loudness.max(initial=0)))
    return said[loud[0] : loud[-1] + 1] if len(loud) else said[:0]


def laid(said: Speech, room: Speech, snr: float | None, rng: np.random.Generator) -> Laid:
    """Return speech with `LEAD` seconds of the room before it and `TAIL` after it.

    Args:
        said: int16 at 16 kHz; the silence around it is left out.
        room: int16 at 16 kHz; repeated where it is too short, else taken from a random place.
        snr: dB by which the speech's power is above the room's where both sound; None: the
            speech stays as loud as it is.
        rng: Chooses the place.

    Raises:
        Fault: The speech is silence; or the room is, where a ratio to it is asked for.
    """
    speech = trimmed(said).astype(float)
    if not len(speech):
        raise Fault("There is only silence.")
    first = round(LEAD * RATE)
    here = slice(first, first + len(speech))
    length = here.stop + round(TAIL * RATE)
    if len(room) < length:
        room = np.resize(room, length)
    place = rng.integers(0, len(room) - length + 1)
    mixed = room[place : place + length].astype(float)
    if snr is not None:
        power = np.mean(mixed[here] ** 2)
        if not power:
            raise Fault("The noise is silent in places, so no ratio to it can be kept.")
        speech *= np.sqrt(power * 10 ** (snr / 10) / np.mean(speech**2))
    mixed[here] += speech
    mixed *= min(1.0, LOUDEST / np.abs(mixed).max())
    return Laid(np.rint(mixed).astype(np.int16), here.start / RATE, here.stop / RATE)


def laid_file(path: Path, room: Speech, snr: float | None, rng: np.random.Generator) -> Laid:
    """Return a recording's speech in a room, as `laid` does.

    Raises:
        Fault: The recording is bad or silent; it is named.
    """
    try:
        return laid(from_file(path), room, snr, rng)
    except Fault as fault:
        raise Fault(f"{path} cannot be used. {fault}") from fault
