"""Whether anyone is speaking, so that the recogniser is spared when nobody is."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np
import webrtcvad

from voice_glimmer.hearing.frames import BLOCK, RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from voice_glimmer.hearing.frames import Frame

AGGRESSIVENESS = 3
"""WebRTC's strictest of four modes: steady noise passes least."""

PIECE = RATE // 50
"""Samples the detector decides on: 20 ms; at 10 ms it costs twice as much and hears no better."""

FLOOR_SECONDS = 10.0
"""How far back the noise floor looks: longer than a sentence, shorter than a kettle."""

FLOOR_PERCENTILE = 10
"""The floor is the level of the quietest tenth: talk without a breath for 9 s is not heard."""

FLOOR_EVERY = 5
"""Frames after which the floor is looked up anew: it moves slowly, and that is half of the cost."""

MARGIN = 10 ** (5 / 20)
"""5 dB. A voice stands out of the floor by more; a fan, however loud, does not."""

LITTLE_OFFSET = 100
"""Constant offset, in int16 steps, that the detector's own high-pass filter copes with; a voice's
low notes make half of it in a frame."""

PRE_ROLL_SECONDS = 0.8
"""What is passed on from before the gate opened: at 10 dB it opens up to 0.6 s late."""

OPENS, AMONG = 3, 5
"""Voiced frames, among how many, that open the gate: a dish set down has fewer, a word more."""

HOLD_SECONDS = 0.8
"""How long the gate stays open after a voice: the gaps inside a phrase are shorter."""


class Gate:
    """Voice activity detection: WebRTC's detector, above an adaptive noise floor.

    Args:
        boost: What to amplify by for the detector, which takes a voice under -50 dBFS for noise.

    Attributes:
        level: The last frame's, as RMS in int16 steps, without a cheap microphone's offset.
    """

    def __init__(self, boost: int = 1) -> None:
        self._boost = boost
        self.level = 0.0
        self._detector = webrtcvad.Vad(AGGRESSIVENESS)
        self._offset = 0.0
        self._rest = b""
        frames = round(FLOOR_SECONDS * RATE / BLOCK)
        self._levels = np.full(frames, np.inf)
        self._next = 0
        self._floor = 0.0

    def voiced(self, frame: Frame) -> bool:
        """Tell whether someone speaks in at least half of this frame."""
        # The floor first: in a quiet house the detector is then hardly ever asked.
        return self.stands_out(frame) and self.detects(frame)

    def stands_out(self, frame: Frame) -> bool:
        """Tell whether this frame is louder than the noise floor, and learn from it."""
        self._offset, self.level = frame.loudness
        self._levels[self._next % len(self._levels)] = self.level
        self._next += 1
        if self._next % FLOOR_EVERY == 0:
            self._floor = self._quietest()
        return self.level >= MARGIN * self._floor

    def detects(self, frame: Frame) -> bool:
        """Tell whether the detector hears a voice in at least half of the frame last looked at."""
        sound = self._rest + self._prepared(frame.samples).tobytes()
        usable = len(sound) // (2 * PIECE) * 2 * PIECE
        self._rest = sound[usable:]
        speech = [
            self._detector.is_speech(sound[start : start + 2 * PIECE], RATE)
            for start in range(0, usable, 2 * PIECE)
        ]
        return bool(2 * sum(speech) >= max(len(speech), 1))

    def _prepared(self, samples: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
        if self._boost == 1 and abs(self._offset) < LITTLE_OFFSET:
            return samples
        louder = (samples.astype(np.int32) - round(self._offset)) * self._boost
        return np.clip(louder, -32_768, 32_767).astype(np.int16)

    def _quietest(self) -> float:
        """Return the level of the quietest stretch of late; 0 until there is enough to tell."""
        known = min(self._next, len(self._levels))
        rank = known * FLOOR_PERCENTILE // 100
        return float(np.partition(self._levels, rank)[rank]) if rank else 0.0


class SpeechOnly:
    """Passes on the frames in which someone speaks, with a little before and after.

    Attributes:
        open: Whether more of this will follow.
        voice_until: When a voice was last heard, in monotonic seconds.
    """

    def __init__(self) -> None:
        self._gate = Gate()
        self._before: deque[Frame] = deque(maxlen=round(PRE_ROLL_SECONDS * RATE / BLOCK))
        self._voiced: deque[bool] = deque(maxlen=AMONG)
        self.voice_until = float("-inf")
        self.open = False

    def feed(self, frame: Frame) -> Sequence[Frame]:
        """Return the frames to be heard now."""
        self._voiced.append(self._gate.voiced(frame))
        if self._voiced[-1]:
            self.voice_until = frame.end
        if self.open:
            self.open = frame.end - self.voice_until < HOLD_SECONDS
            return [frame]
        self._before.append(frame)
        self.open = sum(self._voiced) >= OPENS
        if not self.open:
            return []
        passed = list(self._before)
        self._before.clear()
        return passed
