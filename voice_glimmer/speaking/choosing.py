"""Which calming prompt comes next (pure).

A shuffled bag: all prompts that fit come up once in a round, before one comes again. What was
passed over stays out of the next round; of the next two, if that happened twice in a row, and never
of more than `MOST_ROUNDS_OUT`. What is behind the others, since it fits only in the evening, joins
their round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from voice_glimmer.speaking.prompts import Prompt, When

MORNING, EVENING = range(5, 11), range(18, 23)
"""Hours on the person's own clock.

From when early risers are up to before the talk turns to lunch, and from supper to when most lie
down. Who is awake at night is neither wished a good morning nor asked about the day.
"""

AWAY = timedelta(days=7)
"""After this long, a person is welcomed back."""

MOST_ROUNDS_OUT = 3


@dataclass(frozen=True, slots=True)
class Moment:
    """What the next prompt has to fit.

    Attributes:
        now: The person's local time, aware; None where it is not known.
        glimmers: How many they have kept; None where that is not known.
        newest: When they told the newest of these, aware.
    """

    now: datetime | None
    glimmers: int | None = None
    newest: datetime | None = None


class Drawn(BaseModel):
    """How a prompt fared: in which round it came up last; how often in a row it was passed over."""

    model_config = ConfigDict(frozen=True)

    round: Annotated[int, Field(ge=0)]
    passed_over: Annotated[int, Field(ge=0, le=MOST_ROUNDS_OUT)] = 0

    @property
    def due(self) -> int:
        """In which round it comes up again."""
        return self.round + 1 + self.passed_over


class Bag(BaseModel):
    """What has come up.

    Attributes:
        drawn: By the prompts' ids.
        last: The id of the last one.
        at: When that was, aware; None where the time was not known.
    """

    model_config = ConfigDict(frozen=True)

    drawn: dict[str, Drawn] = {}
    last: str = ""
    at: AwareDatetime | None = None

    def after(self, *, answered: bool) -> Bag:
        """Return it with what became of the last one: it was answered, or passed over."""
        if (last := self.drawn.get(self.last)) is None:
            return self
        times = 0 if answered else min(last.passed_over + 1, MOST_ROUNDS_OUT)
        fared = Drawn(round=last.round, passed_over=times)
        return self.model_copy(update={"drawn": {**self.drawn, self.last: fared}})


def choose(
    prompts: Sequence[Prompt], bag: Bag, moment: Moment, random: Random
) -> tuple[Prompt, Bag]:
    """Return the next prompt, and the bag after it; the same does not come twice in a row.

    Args:
        prompts: All there are, one or more.
        bag: What has come up.
        moment: What it has to fit.
        random: What draws; the heavier a prompt, the sooner it tends to come up in a round.
    """
    fitting = fits(prompts, bag, moment) or prompts
    others = [prompt for prompt in fitting if prompt.id != bag.last] or fitting
    came_up = [bag.drawn[prompt.id] for prompt in fitting if prompt.id in bag.drawn]
    for turn in count(max((drawn.round for drawn in came_up), default=0)):
        up = [each for each in others if each.id not in bag.drawn or bag.drawn[each.id].due <= turn]
        if up:
            break
    (chosen,) = random.choices(up, [prompt.weight for prompt in up])
    before = bag.drawn.get(chosen.id)
    drawn = Drawn(round=turn, passed_over=before.passed_over if before else 0)
    return chosen, Bag(
        drawn={**bag.drawn, chosen.id: drawn}, last=chosen.id, at=moment.now or bag.at
    )


def fits(prompts: Sequence[Prompt], bag: Bag, moment: Moment) -> list[Prompt]:
    """Return the prompts that fit a moment.

    Until there is a glimmer, that is what explains one, each once; after a week away, a welcome;
    else what fits any hour, and this one.
    """
    explaining = [p for p in prompts if p.when == "first" and p.id not in bag.drawn]
    if moment.glimmers == 0 and explaining:
        return explaining
    if _away(bag, moment):
        return [prompt for prompt in prompts if prompt.when == "back"]
    return [prompt for prompt in prompts if prompt.when in ("any", time_of_day(moment.now))]


def time_of_day(now: datetime | None) -> When:
    """Return "morning" or "evening", or "any" for other hours, and where the time is not known."""
    if now and now.hour in MORNING:
        return "morning"
    return "evening" if now and now.hour in EVENING else "any"


def _away(bag: Bag, moment: Moment) -> bool:
    """Tell whether nothing was heard of the person for long: neither a glimmer nor the phrase."""
    heard = max((at for at in (bag.at, moment.newest) if at), default=None)
    return moment.now is not None and heard is not None and moment.now - heard >= AWAY
