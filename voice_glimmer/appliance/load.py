"""Whether the machine keeps up, and what is dropped first where it does not: luxuries, no sound."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from voice_glimmer.appliance import doctor, doctor_machine
from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev
from voice_glimmer.hearing.frames import Frame, Outage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

SLOW = 0.8
"""Seconds of work for a second of speech. From 1 on it falls behind, and some rooms take more."""

SLOW_TIMES = 2
"""How often in a row: once, the machine may have had other work, such as an update."""

SHORTEST_SECONDS = 2.0
"""What was shorter says little about that."""

LATE_SECONDS = 2.0
"""How long a frame may have waited before luxuries are dropped."""

LOOK_SECONDS = 30.0
"""How often the machine is asked how hot it is."""

log = logging.getLogger(__name__)


def hot(thermal: Path = doctor_machine.THERMAL, platform: Path = doctor_machine.PLATFORM) -> bool:
    """Tell whether the machine is slowed down by heat or by its power supply, or is about to be."""
    bits = doctor_machine.throttled(platform) or 0
    degrees = doctor_machine.celsius(thermal) or 0.0
    return bool(bits & (doctor.SLOWED | doctor.UNDER_VOLTAGE)) or degrees >= doctor.HOT


class Load:
    """Watches how long understanding takes, and how hot the machine is.

    It stands between the microphone and the loop (`measured`), and looks on as a watcher.

    Args:
        clock: Returns monotonic seconds.
        speaking: Returns whether the loudspeaker has something to say; making that is no hearing.
        spare: Told, as `luxuries`, whether there may be any, whenever that changes.
        is_hot: Returns whether the machine is too hot.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        speaking: Callable[[], bool],
        spare: Callable[..., None],
        is_hot: Callable[[], bool] = hot,
    ) -> None:
        self._clock = clock
        self._speaking = speaking
        self._spare = spare
        self._is_hot = is_hot
        self._hot = False
        self._looked_at = float("-inf")
        self._sparing = False
        self._worked = 0.0
        self._slow = 0
        self._told = False
        self._resting = True

    def measured(
        self, source: Iterable[Frame | Outage]
    ) -> Iterator[Frame | Outage | ev.FallingBehind]:
        """Yield what the source yields, and once, at rest, that the machine falls behind."""
        for heard in source:
            if self._slow >= SLOW_TIMES and self._resting and not self._told:
                self._told = True
                yield ev.FallingBehind()
            began = self._clock()
            if isinstance(heard, Frame):
                self._weigh(began, began - heard.end)
            yield heard
            if not self._speaking():
                self._worked += self._clock() - began

    def happened(self, event: ev.Event) -> None:
        """Weigh what was said against the work that it took."""
        if isinstance(event, ev.Spoke) and event.draft.duration >= SHORTEST_SECONDS:
            factor = self._worked / event.draft.duration
            log.info("real-time factor %.2f", factor)
            self._slow = self._slow + 1 if factor > SLOW else 0
            if self._slow == SLOW_TIMES:
                log.warning(
                    "a second of speech takes %.1f s to understand: "
                    "a smaller speech model would suit this machine better",
                    factor,
                )

    def did(self, action: do.Action, text: str, *, spoken: bool) -> None:  # noqa: ARG002
        """Begin anew with what is listened for."""
        if isinstance(action, do.Listen):
            self._worked = 0.0
            self._resting = action.ear is do.Ear.WAKE and not action.asleep

    def _weigh(self, now: float, late: float) -> None:
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at, self._hot = now, self._is_hot()
        sparing = self._hot or late > LATE_SECONDS
        if sparing is not self._sparing:
            self._sparing = sparing
            log.info("luxuries are %s", "dropped" if sparing else "back")
            self._spare(luxuries=not sparing)
