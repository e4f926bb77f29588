"""Whether the microphone is well: dead, too loud, too quiet, or losing sound.

The levels were measured with the bundled model in a silent room, on eleven sentences by three of
flite's voices. Word error rates by the voice's level: -25 dBFS 2.7 %, -45 dBFS 6.8 %, -50 dBFS
15 %, -55 dBFS 36 %; and into the clipping, -12 dBFS 4.1 %, -6 dBFS 21 %, 0 dBFS 60 %.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from voice_glimmer.conversation.events import Ailment, MicrophoneAiling, MicrophoneWell
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.gate import Gate

if TYPE_CHECKING:
    import numpy.typing as npt

    from voice_glimmer.hearing.frames import Frame

FULL_SCALE = 32_000
"""int16 amplitude (-0.2 dBFS) that counts as clipped: a resampler rounds the corners off."""

CLIPPED_SHARE = 0.01
"""Samples of a frame at full scale that make it a clipped one.

Of speech at -12 dBFS 5 % of frames are, and hardly a word is lost; at -6 dBFS 66 %, and a fifth is.
"""

UNCLIPPED = 1_000.0
"""RMS in int16 steps under which no frame is clipped: a hundredth at full scale makes 3,200."""

STILL = 1.0
"""RMS in int16 steps above which not all samples are equal, rounding included."""

QUIET = 32_768 * 10 ** (-45 / 20)
"""RMS in int16 steps (-45 dBFS) under which a voice is too quiet; at -50 dBFS it wakes nobody."""

BOOST = 10
"""20 dB: with them WebRTC's detector takes a voice at -65 dBFS for one."""

FADING_SECONDS = 0.3
"""After a loud frame a soft one is the end of a word, and nobody speaks softly."""

PROVEN_SECONDS = 2.0
"""After this much voice that was loud enough, one that is not is taken for a far one."""

REMEMBERED_SECONDS = 3600.0
"""An ailment that returns this soon comes and goes, as with a noise gate or a mute button."""

LOSS_SECONDS = 1.0
"""What each loss of sound counts for: with a loss every second it is noticed at the fifth."""

BREATH_SECONDS = 0.5
"""Pause of a voice in which news are told, so that nobody is spoken to in mid-word."""

HELD_SECONDS = 1.0
"""How long news wait for that pause."""

News: TypeAlias = MicrophoneAiling | MicrophoneWell


class Sign(Enum):
    """What a frame says about an ailment."""

    BAD = "bad"
    GOOD = "good"
    NONE = "none"


class Watch:
    """Weighs the signs of one ailment: at 1 it begins, back at 0 it ends.

    Args:
        ailment: Which.
        bad: Seconds of bad signs alone after which it begins.
        good: Seconds of good signs alone after which it ends.
        none: Seconds without a sign after which one that had not begun is forgotten.
    """

    def __init__(self, ailment: Ailment, *, bad: float, good: float, none: float) -> None:
        self._ailment = ailment
        self._change = {Sign.BAD: 1 / bad, Sign.GOOD: -1 / good, Sign.NONE: -1 / none}
        self._weight = 0.0
        self._ails = False
        self._ended = float("-inf")

    @property
    def calm(self) -> bool:
        """Whether there is neither an ailment nor a sign of one that is still remembered."""
        return not self._weight

    def weigh(self, sign: Sign, seconds: float, at: float) -> News | None:
        """Weigh a sign of this length, up to the moment `at`; return what begins or ends."""
        if self._ails and sign is Sign.NONE:
            return None
        if sign is not Sign.BAD and not self._weight:
            return None  # well, and has been: so it is all day
        weight = self._weight + seconds * self._change[sign]
        self._weight = min(max(weight, 0.0), 1.0)
        if self._weight == 1.0 and not self._ails:
            self._ails = True
            return MicrophoneAiling(self._ailment, at - self._ended < REMEMBERED_SECONDS)
        if self._weight == 0.0 and self._ails:
            self._ails, self._ended = False, at
            return MicrophoneWell(self._ailment)
        return None


class Health:
    """Tells, from the frames alone, when the microphone begins to ail and when it is well again."""

    def __init__(self) -> None:
        self._gate = Gate(BOOST)
        self._voice_until = float("-inf")
        self._proof = 0.0
        self._news: list[News] = []
        self._news_since = 0.0
        self._dead = Watch(Ailment.DEAD, bad=3, good=3, none=3)
        self._too_loud = Watch(Ailment.TOO_LOUD, bad=0.8, good=1, none=3)
        self._too_quiet = Watch(Ailment.TOO_QUIET, bad=1.5, good=0.5, none=10)
        self._losing = Watch(Ailment.LOSING, bad=3, good=10, none=10)
        self._loud_until = float("-inf")
        self._at_ease = False

    def feed(self, frame: Frame) -> list[News]:
        """Return what this frame, of at least one sample, brings to light."""
        seconds, at = len(frame.samples) / RATE, frame.end
        voiced = self._voiced(frame, at)
        level = self._gate.level
        # The level alone rules most out, and costs nothing any more.
        still = level < STILL and _still(frame.samples)
        too_loud = level >= UNCLIPPED and clipped(frame.samples)
        faint = voiced and level < QUIET
        if self._at_ease and not (still or too_loud or faint or frame.after_loss):
            return []  # so it is all day
        if voiced:
            self._voice_until = at
            self._proof += 0 if faint else seconds
        # That a voice gets through well, only a voice can prove.
        well = Sign.GOOD if voiced else Sign.NONE
        news = [
            self._dead.weigh(Sign.BAD if still else Sign.GOOD, seconds, at),
            self._too_loud.weigh(Sign.BAD if too_loud else well, seconds, at),
            self._far(self._too_quiet.weigh(Sign.BAD if faint else well, seconds, at)),
            self._losing.weigh(Sign.BAD, LOSS_SECONDS, at)
            if frame.after_loss
            else self._losing.weigh(Sign.GOOD, seconds, at),
        ]
        told = self._told([each for each in news if each], at)
        calm = all(
            watch.calm for watch in (self._dead, self._too_loud, self._too_quiet, self._losing)
        )
        self._at_ease = calm and not self._news and self._proof >= PROVEN_SECONDS
        return told

    def _voiced(self, frame: Frame, at: float) -> bool:
        """Tell whether this is a voice, where that matters: all day it does not, and costs."""
        stands_out = self._gate.stands_out(frame)
        loud = self._gate.level >= QUIET
        if stands_out and loud:
            self._loud_until = at
        fading = at - self._loud_until < FADING_SECONDS
        if not stands_out or (self._at_ease and (loud or fading)):
            return False
        return self._gate.detects(frame)

    def _far(self, news: News | None) -> News | None:
        if isinstance(news, MicrophoneAiling) and self._proof >= PROVEN_SECONDS:
            return MicrophoneAiling(news.ailment, comes_and_goes=True)
        return news

    def _told(self, news: list[News], at: float) -> list[News]:
        """Hold news back while a voice is heard, but not for long; return those to be told."""
        if not self._news:
            self._news_since = at
        self._news += news
        held = at - self._news_since < HELD_SECONDS
        if not self._news or (held and at - self._voice_until < BREATH_SECONDS):
            return []
        told, self._news = self._news, []
        return told


def _still(samples: npt.NDArray[np.int16]) -> bool:
    return bool((samples == samples[0]).all())


def clipped(samples: npt.NDArray[np.int16]) -> bool:
    """Tell whether these int16 samples, a frame's worth, shape (n,), were too loud."""
    if max(int(samples.max()), -int(samples.min())) < FULL_SCALE:
        return False
    beyond = np.count_nonzero(np.abs(samples.astype(np.int32)) >= FULL_SCALE)
    return bool(beyond >= CLIPPED_SHARE * len(samples))
