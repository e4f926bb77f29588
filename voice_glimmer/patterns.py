"""When glimmers come, and what returns in them: described, never scored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_glimmer.conversation.mentions import mentioned

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from voice_glimmer.conversation.mentions import Mentions, Vocabulary
    from voice_glimmer.journal.glimmers import Journal
    from voice_glimmer.journal.which import Which

MOST = 20
"""How many words, people, places and names are told."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """What there is to be told about some glimmers.

    Attributes:
        total: How many there are.
        untimed: How many of them were said while the time was not known, or at one that cannot
            be; they are in none of the next three.
        by_day: How many were said on each local day that has any, the first day first.
        by_hour: How many in each hour of the day, from midnight on, where the speaker was.
        by_month: How many in each month of any year, from January on.
        mentions: What returns in their words.
    """

    total: int
    untimed: int
    by_day: Mapping[date, int]
    by_hour: tuple[int, ...]
    by_month: tuple[int, ...]
    mentions: Mentions


def patterns(journal: Journal, which: Which, vocabulary: Vocabulary) -> Patterns:
    """Return what there is to be told about these glimmers.

    Raises:
        JournalUnavailableError: The journal could not be read.
    """
    total = journal.count(which)
    by_day: Counter[date] = Counter()
    by_hour, by_month = Counter[int](), Counter[int]()
    for (day, hour), many in journal.hours(which).items():
        by_day[day] += many
        by_hour[hour] += many
        by_month[day.month] += many
    return Patterns(
        total=total,
        untimed=total - by_day.total(),
        by_day=dict(by_day),
        by_hour=tuple(by_hour[hour] for hour in range(24)),
        by_month=tuple(by_month[month] for month in range(1, 13)),
        mentions=mentioned(journal.texts(which), vocabulary, MOST),
    )
