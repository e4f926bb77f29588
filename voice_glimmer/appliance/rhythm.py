"""How bright a light is, and in which colour: each mood has a rhythm of its own (pure).

The rhythms alone tell the moods apart, for whoever has one LED or does not see colours. None
flashes more than three times a second (WCAG 2.3.1). The colours are Okabe and Ito's, which the
colour-blind tell apart (https://jfly.uni-koeln.de/color/).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from voice_glimmer.appliance.moods import Mood

FRAME_SECONDS = 0.04
"""How often a brightness that changes evenly is set anew: smooth for the eye."""

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A brightness that comes again and again.

    Attributes:
        colour: For lights that have one.
        points: Moments in seconds and the brightness then, 0 to 1; between two it changes evenly.
    """

    colour: Colour
    points: tuple[tuple[float, float], ...]

    def at(self, seconds: float) -> tuple[float, float | None]:
        """Return how it is, so many seconds after it began.

        Returns:
            The brightness, and for how many seconds it may stay so; None where it never changes.
        """
        if len(self.points) == 1:
            return self.points[0][1], None
        now = seconds % self.points[-1][0]
        (start, low), (end, high) = next(
            piece for piece in pairwise(self.points) if now < piece[1][0]
        )
        brightness = low + (high - low) * (now - start) / (end - start)
        return brightness, end - now if low == high else FRAME_SECONDS


RHYTHMS = {
    # Dark: a bedroom may be next door, and nothing has to be asked of anybody.
    Mood.RESTING: Rhythm((0, 0, 0), ((0.0, 0.0),)),
    Mood.LISTENING: Rhythm((86, 180, 233), ((0.0, 1.0),)),
    # Even blinking, twice a second.
    Mood.THINKING: Rhythm(
        (240, 228, 66), ((0.0, 1.0), (0.25, 1.0), (0.251, 0.1), (0.499, 0.1), (0.5, 1.0))
    ),
    # Breathing.
    Mood.SPEAKING: Rhythm((0, 158, 115), ((0.0, 0.2), (1.0, 1.0), (2.0, 0.2))),
    # A short flash every three seconds.
    Mood.MUTED: Rhythm(
        (213, 94, 0), ((0.0, 1.0), (0.15, 1.0), (0.151, 0.0), (2.999, 0.0), (3.0, 1.0))
    ),
}
