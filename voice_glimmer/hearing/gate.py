"""Whether anyone is speaking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import webrtcvad

from voice_glimmer.hearing.frames import RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    from voice_glimmer.hearing.frames import Frame

AGGRESSIVENESS = 3
"""WebRTC's strictest of four modes: steady noise passes least."""

PIECE = RATE // 100
"""Samples the detector decides on: 10 ms, its shortest."""


class Gate:
    """Voice activity detection with WebRTC's detector."""

    def __init__(self) -> None:
        self._detector = webrtcvad.Vad(AGGRESSIVENESS)
        self._rest: npt.NDArray[np.int16] = np.zeros(0, np.int16)

    def voiced(self, frame: Frame) -> bool:
        """Tell whether someone speaks in at least half of this frame."""
        samples = np.concatenate([self._rest, frame.samples])
        usable = len(samples) // PIECE * PIECE
        self._rest = samples[usable:]
        pieces = samples[:usable].astype("<i2").reshape(-1, PIECE)
        speech = [self._detector.is_speech(piece.tobytes(), RATE) for piece in pieces]
        return bool(2 * sum(speech) >= max(len(speech), 1))
