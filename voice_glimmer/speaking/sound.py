"""Sound at hand: samples and their rate, and the few things done with them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

QUIET = 200
"""int16 amplitude (-44 dBFS) under which the end of synthesised speech counts as silence."""

TAIL_SECONDS = 0.1

LEVEL = -16.7
"""dBFS by `Sound.loudness`; of speech that is some -18 LUFS, as loud as the chimes are."""

PEAK = 32_767 * 10 ** (-1 / 20)
"""int16 amplitude up to which it is made louder, -1 dBFS: between two samples the wave may be
higher, and would clip in the loudspeaker (EBU R 128 has -1 dBTP)."""

SOFTEST_VOICE = -48.0
"""dBFS. What is softer is not brought to `LEVEL`, only as much louder: a room's noise would roar.
"""

BLOCK_SECONDS, GATE = 0.1, 10.0

AROUND_SECONDS = 0.4
"""What is heard of a recording before its first word and after its last: times are rough."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono sound.

    Attributes:
        samples: int16, shape (n,).
        rate: Samples a second, in Hz.
    """

    samples: npt.NDArray[np.int16]
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate

    @property
    def silent(self) -> bool:
        """Whether nothing in it can be heard."""
        return int(np.abs(self.samples.astype(np.int32)).max(initial=0)) <= QUIET

    def at_rate(self, rate: int) -> Sound:
        """Return the same sound at another rate, in Hz."""
        if rate == self.rate:
            return self
        return Sound(soxr.resample(self.samples, self.rate, rate), rate)

    def louder(self, gain: float) -> Sound:
        """Return it amplified by this factor, or as far as `PEAK` allows."""
        peak = int(np.abs(self.samples.astype(np.int32)).max(initial=1))
        gain = min(gain, max(PEAK / peak, 1.0)) if gain > 1 else gain
        if gain == 1:
            return self
        return Sound(np.rint(self.samples * gain).astype(np.int16), self.rate)

    @property
    def loudness(self) -> float:
        """The RMS of what is not a pause, in dBFS; -inf for nothing at all.

        Gated as in ITU-R BS.1770, without its filter for the ear: what lies 10 dB or more under the
        mean does not count.
        """
        block = round(BLOCK_SECONDS * self.rate)
        padded = np.pad(self.samples, (0, -len(self.samples) % block)).astype(float)
        powers = np.mean((padded.reshape(-1, block) / 32_768) ** 2, axis=1)
        loud = powers[powers > 0]
        if not len(loud):
            return -math.inf
        heard = loud[loud > loud.mean() * 10 ** (-GATE / 10)]
        return 10 * math.log10(heard.mean())

    def levelled(self) -> Sound:
        """Return it as loud as everything else is, `LEVEL`; as far as int16 allows."""
        return self.louder(10 ** ((LEVEL - max(self.loudness, SOFTEST_VOICE)) / 20))

    def under(self, other: Sound) -> Sound:
        """Return it with another sound laid over its beginning, as far as that goes."""
        laid = other.at_rate(self.rate).samples[: len(self.samples)]
        mixed = self.samples.astype(np.int32)
        mixed[: len(laid)] += laid
        return Sound(np.clip(mixed, -32_768, 32_767).astype(np.int16), self.rate)

    def between(self, words: tuple[float, float] | None) -> Sound:
        """Return it without what is long before and after these seconds; whole without any.

        A recording begins when the person is invited and ends with their silence: heard again,
        that would be a silence that leaves one wondering.
        """
        if words is None:
            return self
        first, last = words
        begin = max(0, round((first - AROUND_SECONDS) * self.rate))
        return Sound(self.samples[begin : round((last + AROUND_SECONDS) * self.rate)], self.rate)

    def trimmed(self) -> Sound:
        """Return it without the silence at its end, but for `TAIL_SECONDS`.

        What the person says right after is heard: the program listens again when a sound ends,
        and synthesisers append up to half a second of nothing.
        """
        loud = np.flatnonzero(np.abs(self.samples.astype(np.int32)) > QUIET)
        end = (loud[-1] if len(loud) else 0) + int(TAIL_SECONDS * self.rate)
        return Sound(self.samples[:end], self.rate)


def silence(seconds: float, rate: int) -> Sound:
    """Return silence of this length, in seconds, at this rate, in Hz."""
    return Sound(np.zeros(round(seconds * rate), np.int16), rate)


def read(path: Path) -> Sound:
    """Return the first channel of a sound file.

    Raises:
        soundfile.LibsndfileError: It is not there, or is no sound file.
    """
    samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    return Sound(samples[:, 0], rate)
