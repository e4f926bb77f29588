"""The words of a language, read from its folder: what is understood and what is replied."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice_glimmer.conversation.periods import Calendar
from voice_glimmer.conversation.requests import Order
from voice_glimmer.conversation.sentences import Sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from voice_glimmer.conversation.requests import Request


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        sentences: What is understood.
        closings: What ends a glimmer, and is not kept with it.
        unfinished: Words after which a sentence has to go on.
        replies: Each thing the program says, by name; `{...}` are filled in.
        turned: What the program says for a person's words about themselves: "your" for "my".
        weekdays: Their names, from Monday.
        months: Their names, from January.
        calendar: How weeks and seasons are counted.
    """

    sentences: Sentences
    closings: Sequence[str]
    unfinished: Sequence[str]
    replies: Mapping[str, str]
    turned: Mapping[str, str]
    weekdays: Sequence[str]
    months: Sequence[str]
    calendar: Calendar

    def counted(self, total: int, request: Request) -> str:
        """Return how many glimmers there are of those that were asked for; none, too."""
        if total == 0:
            reply = "nothing" if request.where else "none_yet"
            return self.replies[reply].format(where=request.where)
        glimmers = self.replies["glimmers_one" if total == 1 else "glimmers_other"]
        what = f"{glimmers.format(total=total)} {request.where}".rstrip()
        return self.replies["you_have"].format(glimmers=what)

    def announced(self, shown: int, total: int, request: Request) -> str:
        """Return what comes before so many glimmers that are read, of those there are."""
        order = request.order.value
        if request.order is Order.ANY and request.where:
            return self.replies["here_is_any_of"].format(where=request.where)
        if request.limit == 1 and not request.where:
            return self.replies[f"here_is_{order}"]
        counted = self.counted(total, request)
        if shown == total:
            return counted
        these = self.replies[f"the_{order}" if shown > 1 else f"the_{order}_one"]
        return counted + these.format(shown=shown)

    def when(self, moment: datetime, now: datetime) -> str:
        """Return how a person would say the day of `moment`, seen from `now` (both aware).

        The day is the one in the speaker's own time zone, then and now.
        """
        days = (now.date() - moment.date()).days
        if days <= 0:
            return self.replies["today"]
        if days == 1:
            return self.replies["yesterday"]
        if days < 7:
            return self.replies["on_weekday"].format(weekday=self.weekdays[moment.weekday()])
        reply = "on_date" if moment.year == now.year else "on_old_date"
        return self.replies[reply].format(
            day=moment.day, month=self.months[moment.month - 1], year=moment.year
        )


def load(code: str) -> Language:
    """Return the language whose folder is `code`, such as "en"."""
    folder = Path(__file__).parent / code

    def read(name: str) -> dict[str, Any]:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))

    calendar, replies = read("calendar.toml"), read("replies.toml")
    weekdays, months, seasons = calendar["weekdays"], calendar["months"], calendar["seasons"]
    lists = {
        "weekday": {name.lower(): number for number, name in enumerate(weekdays)},
        "month": {name.lower(): number for number, name in enumerate(months, start=1)},
        "season": {name: name for name in seasons},
    }
    return Language(
        sentences=Sentences(folder / "sentences", lists),
        turned=replies.pop("turned"),
        replies=replies,
        weekdays=weekdays,
        months=months,
        calendar=Calendar(calendar["week_begins"], seasons),
        **read("dictation.toml"),
    )
