"""A tone to breathe with (pure): in while it swells, out while it fades."""

from __future__ import annotations

import numpy as np

from voice_glimmer.speaking.sound import Sound

IN_SECONDS, OUT_SECONDS, BREATHS = 4, 6, 6
"""Six slow breaths, a minute, the longer part of each out."""

RATE = 48_000

PARTIALS = ((196.0, 0.06), (392.0, 0.015))
"""In Hz, and parts of full scale at its loudest: some 15 dB under the speech. Whole numbers, so
that each breath begins at a zero."""


def swelling() -> Sound:
    """Return the tone of a breath in, from nothing to its loudest."""
    return _tone(_swell(IN_SECONDS))


def fading() -> Sound:
    """Return the tone of a breath out, which goes on from there to nothing."""
    return _tone(_swell(OUT_SECONDS)[::-1])


def _swell(seconds: int) -> np.ndarray:
    return 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, seconds * RATE))


def _tone(envelope: np.ndarray) -> Sound:
    time = np.arange(len(envelope)) / RATE
    tone = sum(part * np.sin(2 * np.pi * pitch * time) for pitch, part in PARTIALS)
    return Sound(np.rint(32_767 * tone * envelope).astype(np.int16), RATE)
