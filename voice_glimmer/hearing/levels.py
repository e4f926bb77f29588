"""Whether a microphone's level suits, from a room and somebody who speaks in it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import BLOCK, RATE, Outage, from_samples
from voice_glimmer.hearing.gate import OPENS, Gate
from voice_glimmer.hearing.health import BOOST, QUIET, STILL
from voice_glimmer.hearing.tuning import findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from voice_glimmer.hearing.frames import Frame

    Samples = npt.NDArray[np.int16]

LOST_SECONDS = 3.0
"""Without a frame, after which nobody waits any longer."""

LOWEST = 20 * float(np.log10(QUIET / 32_768))
"""dBFS under which a voice is too quiet; see `health.py`."""


class Level(Enum):
    """How a voice arrives."""

    DEAD = "there is nothing, not even a room's noise"
    NO_VOICE = "there is a room, and no voice"
    LOW = "the voice is too soft"
    GOOD = "it suits"
    CLIPS = "the voice is too loud for the microphone itself"
    AMPLIFIED = "the voice is too loud once it is amplified"


def heard(
    frames: Iterator[Frame | Outage], seconds: float, meter: Callable[[float], None]
) -> Samples:
    """Return what is heard from now on, int16 at `RATE`, shape (n,).

    Args:
        frames: Where it comes from.
        seconds: How long to listen.
        meter: Is told the level of each frame, in dBFS.

    Raises:
        Fault: The microphone delivers nothing any more.
    """
    parts: list[Samples] = []
    while len(parts) * BLOCK < seconds * RATE:
        frame = next(frames)
        if isinstance(frame, Outage):
            if frame.lasting >= LOST_SECONDS:
                raise Fault("I cannot hear the microphone any more. Please look at its plug.")
            continue
        parts.append(frame.samples)
        meter(20 * float(np.log10(max(frame.loudness[1], STILL) / 32_768)))
    return np.concatenate(parts)


def judged(room: Samples, voice: Samples, gain: float) -> tuple[Level, float | None]:
    """Return how a voice arrives, and its level in dBFS without the room's share, if there is one.

    Args:
        room: The room without a voice, int16 at `RATE`, at a gain of 0 dB.
        voice: The same with one; there may be silence around it.
        gain: What the settings amplify by, in dB.
    """
    if int(np.ptp(voice)) == 0:
        return Level.DEAD, None
    gate = Gate(BOOST)
    for frame in from_samples(room):
        gate.voiced(frame)
    voiced = [frame.samples for frame in from_samples(voice) if gate.voiced(frame)]
    if len(voiced) < OPENS:
        return Level.NO_VOICE, None
    found = findings(room, voiced)
    if found.clips:
        return Level.CLIPS, found.voice
    if found.voice + gain < LOWEST:
        return Level.LOW, found.voice
    louder = [amplified(each, gain) for each in voiced]
    return Level.AMPLIFIED if findings(room, louder).clips else Level.GOOD, found.voice


def amplified(samples: Samples, gain: float) -> Samples:
    """Return int16 samples amplified by so many dB, and clipped."""
    louder: Samples = np.clip(samples * 10 ** (gain / 20), -32_768, 32_767).astype(np.int16)
    return louder
