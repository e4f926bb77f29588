"""When the program speaks up by itself, where that was asked for: a chime and a prompt (pure)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random

HEARD_LATELY = 600.0
"""In seconds: nobody is invited who has not been heard for longer."""

NOBODY_SPEAKS = 5.0
"""In seconds: longer than people pause while they talk, whom an invitation would interrupt."""

STAYS_DUE = timedelta(hours=1)
"""How long after its moment an invitation waits for someone to be heard."""

RAREST = 7
"""In days: nobody is forgotten who always says "not now"."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When the person wants to be invited; never, if nothing is said.

    Attributes:
        times: At these times of the day.
        window: At one moment between these two, another one every day.
        quiet: Not between these two times, which may be before and after midnight.
    """

    times: tuple[time, ...] = ()
    window: tuple[time, time] | None = None
    quiet: tuple[time, time] = (time(21, 30), time(7, 30))


NEVER = Plan()
"""For who has not asked to be invited."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of invitations so far.

    Attributes:
        last: When the last one was spoken; aware.
        declined: How many in a row were answered by "not now" or silence.
    """

    last: datetime | None = None
    declined: int = 0

    def invited(self, now: datetime) -> Standing:
        """Return it after one more."""
        return replace(self, last=now)

    def answered(self, *, gladly: bool) -> Standing:
        """Return it after the answer."""
        return replace(self, declined=0 if gladly else self.declined + 1)


def is_due(plan: Plan, standing: Standing, now: datetime, unheard_for: float) -> bool:
    """Tell whether to invite the person now.

    Each "not now" in a row doubles the days from one invitation to the next, up to a week.

    Args:
        plan: What the person wants.
        standing: What became of the invitations before.
        now: The local time, aware.
        unheard_for: Seconds since a voice was last heard.
    """
    if not may_speak_up(plan, now, unheard_for):
        return False
    if standing.last and now.date() < standing.last.date() + _days_between(standing.declined):
        return False
    return any(
        moment <= now < moment + STAYS_DUE and not (standing.last and standing.last >= moment)
        for moment in moments(plan, now)
    )


def may_speak_up(plan: Plan, now: datetime, unheard_for: float) -> bool:
    """Tell whether somebody is there who is not just talking, and it is no quiet hour."""
    return NOBODY_SPEAKS <= unheard_for <= HEARD_LATELY and not is_quiet(plan.quiet, now.time())


def is_quiet(quiet: tuple[time, time], at: time) -> bool:
    """Tell whether this time of day is in the quiet hours, which end before their last minute."""
    begins, ends = quiet
    if begins <= ends:
        return begins <= at < ends
    return at >= begins or at < ends


def moments(plan: Plan, day: datetime) -> list[datetime]:
    """Return the moments of a day, in its zone, at which the person wants to be invited."""
    times = list(plan.times)
    if plan.window:
        begins, ends = (at.hour * 60 + at.minute for at in plan.window)
        # Drawn by the date, so that a restart does not draw again.
        minute = Random(day.date().toordinal()).randint(begins, max(begins, ends))  # noqa: S311
        times.append(time(minute // 60, minute % 60))
    return [datetime.combine(day.date(), at, day.tzinfo) for at in sorted(times)]


def _days_between(declined: int) -> timedelta:
    """Return how many days have to lie between two invitations; none after a glad answer."""
    return timedelta(days=min(2 ** max(0, min(declined, RAREST)) - 1, RAREST))
