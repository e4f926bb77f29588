"""From five takes of the wake phrase and the kitchen as it is to a gain and a sensitivity.

Everything is recorded at a gain of 0 dB, so that what clips did so before this program could help.
Levels are RMS in dBFS: 0 for a square wave at full scale.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

import numpy as np

from voice_glimmer.hearing.frames import BLOCK, RATE, Cutter
from voice_glimmer.hearing.health import clipped
from voice_glimmer.hearing.wake import WakeSpotter

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from voice_glimmer.hearing.models import Model

    Samples = npt.NDArray[np.int16]

TAKES = 5
"""How often the phrase is said: as the README promises."""

RUNGS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""The sensitivities among which one is chosen: docs/benchmarks.md measures no further."""

MARGIN = 1
"""Rungs above the lowest that serves: the sixth time will not be said like the first five."""

LEAST_WOKEN = 3
"""Takes that have to wake it; if it is fewer, more calls would fail than succeed."""

GOOD = -28.0
"""dBFS. As far from too quiet (-45, `health.QUIET`) as from clipping (-12, see `health.py`)."""

LEEWAY = 6.0
"""dB around `GOOD` in which nothing is changed: one step nearer or farther is as much."""

GAINS = (-20.0, 40.0)
"""dB. What the setting `gain` allows."""

NEAR_NOISE = 10.0
"""dB between voice and kitchen under which misses were not measured (docs/benchmarks.md)."""

CLIPPED_SHARE = 1 / 3
"""Clipped frames of a voice that are too many.

Of one at -12 dBFS 5 % are, and hardly a word is lost; of one at -6 dBFS 66 %, and a fifth is.
"""

FAINTEST = 1e-10
"""Mean square, full scale 1.0 (-100 dBFS), that stands for digital silence, which has no level."""


@dataclass(frozen=True, slots=True)
class Take:
    """The phrase, once.

    Attributes:
        samples: int16 at `RATE`, shape (n,), from before the phrase until after it.
        start: Where in them the phrase begins, in seconds.
        end: Where it ends.
    """

    samples: Samples
    start: float
    end: float

    @property
    def phrase(self) -> Samples:
        """The phrase alone."""
        return self.samples[round(self.start * RATE) : round(self.end * RATE)]


class Trouble(Enum):
    """Why nothing can be set."""

    NO_VOICE = "nobody was heard after the chime"
    UNCLEAR = "a voice was heard, but not the phrase"
    NOISY = "a voice was heard, but not the phrase, and the kitchen is about as loud"
    CLIPS = "the voice is too loud for the microphone itself"
    KITCHEN_WAKES = "the kitchen would wake it as soon as the person does"


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found about the voice and the kitchen, at a gain of 0 dB.

    Attributes:
        voice: The voice's level, in dBFS, without the kitchen's share.
        kitchen: The kitchen's, in dBFS.
        clips: Whether the voice is too loud for the microphone itself.
    """

    voice: float
    kitchen: float
    clips: bool

    @property
    def snr(self) -> float:
        """By how much the voice is louder than the kitchen, in dB."""
        return self.voice - self.kitchen


@dataclass(frozen=True, slots=True)
class Tuning:
    """A gain, in dB, and a sensitivity, 0 to 1; `woken` of the takes wake it with them."""

    gain: float
    sensitivity: float
    woken: int


class Trial(Protocol):
    """Tells whether sound wakes the program."""

    def __call__(self, samples: Samples, gain: float, sensitivity: float) -> bool:
        """Tell it for int16 samples at `RATE`, amplified by `gain` dB, at this sensitivity."""


class Spotting:
    """Listens for a phrase in sound at hand, as the program would have while it was said.

    Args:
        model: A loaded model.
        phrases: All wake phrases.
        phrase: The one that is tuned.
    """

    def __init__(self, model: Model, phrases: Sequence[str], phrase: str) -> None:
        self._model = model
        self._phrases = phrases
        self._phrase = phrase

    def take(self, samples: Samples, gain: float) -> Take | None:
        """Return the phrase in these samples as it is heard at the highest of `RUNGS`, or None."""
        spotter = WakeSpotter(self._model, self._phrases, RUNGS[-1])
        for frame in Cutter(RATE, gain).feed(samples[:, None], 0.0):
            wake = spotter.feed(frame)
            if wake and wake.phrase == self._phrase:
                at = wake.frames[0].at
                return Take(samples, at + wake.starts, at + wake.ends)
        return None

    def wakes(self, samples: Samples, gain: float, sensitivity: float) -> bool:
        """Tell whether any of the phrases is heard in these samples; see `Trial`."""
        spotter = WakeSpotter(self._model, self._phrases, sensitivity)
        return any(map(spotter.feed, Cutter(RATE, gain).feed(samples[:, None], 0.0)))


def level(samples: Samples) -> float:
    """Return the level of int16 samples, shape (n,), without a constant offset, in dBFS."""
    return _decibels(_power(samples))


def gain_for(voice: float, present: float) -> float:
    """Return the gain, in whole dB, that brings a voice at this level, in dBFS, to a good one.

    It is `present` where that serves.
    """
    if abs(voice + present - GOOD) <= LEEWAY:
        return present
    lowest, highest = GAINS
    return float(min(max(round(GOOD - voice), lowest), highest))


def findings(kitchen: Samples, voices: Sequence[Samples]) -> Findings:
    """Return what was found.

    The kitchen's level is its median over frames (the L50 of acoustics): a dish that is set down
    says nothing about the twenty seconds. The voice's is the mean over all that was said.

    Args:
        kitchen: The kitchen as it is, int16 at `RATE`, shape (n,).
        voices: What was said, without silence around it; at least one.
    """
    noise = float(np.median([_power(piece) for piece in _pieces(kitchen)]))
    frames = [piece for voice in voices for piece in _pieces(voice)]
    both = float(np.mean([_power(piece) for piece in frames]))
    clips = sum(map(clipped, frames)) > CLIPPED_SHARE * len(frames)
    return Findings(_decibels(both - noise), _decibels(noise), clips)


def trouble_with(found: Findings) -> Trouble:
    """Return why a voice's phrase was not made out."""
    if found.clips:
        return Trouble.CLIPS
    return Trouble.NOISY if found.snr < NEAR_NOISE else Trouble.UNCLEAR


def tuned(
    found: Findings,
    kitchen: Samples,
    takes: Sequence[Take],
    trial: Trial,
    *,
    gain: float,
    default: float,
) -> Tuning | Trouble:
    """Return the gain and the sensitivity that suit best, or why none does.

    Of the sensitivities, the default where it serves: where the takes wake at a rung below it and
    the kitchen does not wake at it. Else the lowest at which as many takes wake as can, and a rung
    of margin; but in no case one at which the kitchen wakes it.

    Args:
        found: What was found about these takes and this kitchen.
        kitchen: The kitchen as it is.
        takes: The takes.
        trial: Tells what wakes it.
        gain: The present one, in dB.
        default: The sensitivity to prefer, one of `RUNGS`.
    """
    if found.clips:
        return Trouble.CLIPS
    gain = gain_for(found.voice, gain)

    room = _Ladder(kitchen, gain, trial)
    ladders = [_Ladder(take.samples, gain, trial) for take in takes]

    def woken(rung: int) -> int:
        return sum(ladder.wakes_at(rung) for ladder in ladders)

    usual = RUNGS.index(default)
    if woken(usual - MARGIN) == len(takes) and not room.wakes_at(usual):
        return Tuning(gain, default, len(takes))
    rungs = range(len(RUNGS))
    allowed = rungs[-1]
    if room.wakes_at(allowed):
        allowed = bisect_left(rungs, x=True, key=room.wakes_at) - 1
    if allowed < 0 or woken(allowed) < LEAST_WOKEN:
        return trouble_with(found) if allowed == rungs[-1] else Trouble.KITCHEN_WAKES
    least = bisect_left(rungs, woken(allowed), hi=allowed, key=woken)
    wanted = least + MARGIN
    chosen = usual if wanted <= usual <= allowed else min(wanted, allowed)
    return Tuning(gain, RUNGS[chosen], woken(chosen))


class _Ladder:
    """One sound on the `RUNGS`. What wakes it at one does so at all above, so few are tried."""

    def __init__(self, samples: Samples, gain: float, trial: Trial) -> None:
        self._samples = samples
        self._gain = gain
        self._trial = trial
        self._asleep, self._awake = -1, len(RUNGS)

    def wakes_at(self, rung: int) -> bool:
        if self._asleep < rung < self._awake:
            if self._trial(self._samples, self._gain, RUNGS[rung]):
                self._awake = rung
            else:
                self._asleep = rung
        return rung >= self._awake


def _pieces(samples: Samples) -> list[Samples]:
    return [samples[start : start + BLOCK] for start in range(0, len(samples), BLOCK)]


def _power(samples: Samples) -> float:
    return float(np.var(samples.astype(np.float32) / 32_768))


def _decibels(power: float) -> float:
    return float(10 * np.log10(max(power, FAINTEST)))
