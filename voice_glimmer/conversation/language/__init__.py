"""The words of a language, read from its folder: what is understood and what is replied."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice_glimmer.conversation import likely
from voice_glimmer.conversation.periods import Calendar
from voice_glimmer.conversation.requests import Order
from voice_glimmer.later import Later

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, time

    from voice_glimmer.conversation.guessing import Guesses
    from voice_glimmer.conversation.inviting import Plan
    from voice_glimmer.conversation.requests import Request
    from voice_glimmer.conversation.templates import Sentences
FOLDER = Path(__file__).parent

PARTS_OF_THE_DAY = (
    (22, "in_the_night"),
    (18, "in_the_evening"),
    (13, "in_the_afternoon"),
    (12, "at_noon"),
    (5, "in_the_morning"),
    (0, "in_the_night"),
)
"""From which hour on which reply names it, the last first."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        understood: What is; read when it is first needed, for that takes longest.
        closings: What ends a glimmer, and is not kept with it.
        unfinished: Words after which a sentence has to go on.
        replies: The wordings of each thing the program says, by name; `{...}` are filled in.
        turned: What the program says for a person's words about themselves: "your" for "my".
        weekdays: Their names, from Monday.
        months: Their names, from January.
        days: How the days of a month are said beside its name, from the first.
        typed: What a person who types is told that they can type, by what is listened for.
        calendar: How weeks, seasons and feasts are counted.
        likely: What tells a freely worded request from a glimmer; None where nothing does.
        guesses: How such a request is taken apart and asked about; None where it is not.
    """

    understood: Later[Sentences]
    closings: Sequence[str]
    unfinished: Sequence[str]
    replies: Mapping[str, tuple[str, ...]]
    turned: Mapping[str, str]
    weekdays: Sequence[str]
    months: Sequence[str]
    days: Sequence[str]
    typed: Mapping[str, str]
    calendar: Calendar
    likely: likely.Likely | None
    guesses: Guesses | None

    @property
    def sentences(self) -> Sentences:
        """What is understood."""
        return self.understood.made

    def say(self, name: str, turn: int = 0, **fields: object) -> str:
        """Return a reply in the wording whose turn it is, filled in."""
        wordings = self.replies[name]
        return wordings[turn % len(wordings)].format(**fields)

    def counted(self, total: int, request: Request, turn: int = 0) -> str:
        """Return how many glimmers there are of those that were asked for; none, too."""
        where = self._where(request)
        if total == 0 and request.favourite and not where:
            return self.say("no_favourites", turn)
        if total == 0 and request.favourite:
            return self.say("no_favourites_there", turn, where=where)
        if total == 0:
            return self.say("nothing" if where else "none_yet", turn, where=where)
        noun = "favourites" if request.favourite else "glimmers"
        return self.say("you_have", turn, glimmers=f"{self._number(noun, total)} {where}".rstrip())

    def announced(self, shown: int, total: int, request: Request, turn: int = 0) -> str:
        """Return what comes before so many glimmers that are read, of those there are."""
        order, where = request.order.value, self._where(request)
        if request.order is Order.ANY and where:
            return self.say("here_is_any_of", turn, where=where)
        if request.limit == 1 and not where and not request.favourite:
            return self.say(f"here_is_{order}", turn)
        counted = self.counted(total, request, turn)
        if shown == total:
            return counted
        return counted + self.say(f"the_{order}" if shown > 1 else f"the_{order}_one", shown=shown)

    def known(self, total: int, since: datetime | None, turn: int = 0) -> str:
        """Return what the journal holds, and where: so many, since then."""
        if since is None:
            return self.say("known_nothing", turn)
        month = self.months[since.month - 1]
        glimmers = self._number("glimmers", total)
        return self.say("known", turn, glimmers=glimmers, month=month, year=since.year)

    def plan(self, plan: Plan, turn: int = 0) -> str:
        """Return when the person is invited unasked."""
        if plan.window:
            since, until = map(self.time, plan.window)
            return self.say("invited_between", turn, since=since, until=until)
        if plan.times:
            times = [self.time(at) for at in sorted(plan.times)]
            return self.say(f"invited_{len(times)}", turn, time=times[0], other=times[-1])
        return self.say("invited", turn)

    def when(self, moment: datetime, now: datetime, *, uncertain: bool = False) -> str:
        """Return how a person would say the day of `moment`, seen from `now` (both aware).

        The day is the one in the speaker's own time zone, then and now.
        """
        name = "perhaps_from" if uncertain else "from"
        return self.say(name, day=self._day(moment, now))

    def date(self, moment: datetime, *, uncertain: bool = False) -> str:
        """Return the day of `moment` as `when` does, but with its year, whenever it is heard."""
        return self.say("perhaps_from" if uncertain else "from", day=self._date(moment))

    def moment(self, moment: datetime, now: datetime) -> str:
        """Return the day and the hour, as in "yesterday, at 8:05 in the morning"."""
        time = self.time(moment.time())
        return self.say("day_and_time", day=self._day(moment, now), time=time)

    def time(self, at: time) -> str:
        """Return a time of day as it is said: by twelve hours, with the part of the day."""
        part = next(name for hour, name in PARTS_OF_THE_DAY if at.hour >= hour)
        return self.say(
            "time" if at.minute else "time_on_the_hour",
            hour=(at.hour - 1) % 12 + 1,
            minute=f"{at.minute:02}",
            part=self.say(part),
        )

    def _day(self, moment: datetime, now: datetime) -> str:
        days = (now.date() - moment.date()).days
        if days <= 0:
            return self.say("today")
        if days == 1:
            return self.say("yesterday")
        if days < 7:
            return self.say("on_weekday", weekday=self.weekdays[moment.weekday()])
        return self._date(moment, "on_date" if moment.year == now.year else "on_old_date")

    def _date(self, moment: datetime, name: str = "on_old_date") -> str:
        return self.say(
            name,
            day=self.days[moment.day - 1],
            month=self.months[moment.month - 1],
            year=moment.year,
        )

    def _number(self, noun: str, total: int) -> str:
        return self.say(f"{noun}_one" if total == 1 else f"{noun}_other", total=total)

    def _where(self, request: Request) -> str:
        """Return how the program says which glimmers are meant; empty for all, and favourites."""
        tagged = self.say("tagged", tag=request.tag) if request.tag else ""
        return " ".join(filter(None, [tagged, request.where]))


def fingerprint(folder: Path) -> str:
    """Return what is another once a word of what a language's folder understands is."""
    files = [folder / "calendar.toml", *sorted(folder.glob("sentences/*.yaml"))]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@cache
def load(code: str) -> Language:
    """Return the language whose folder is `code`, such as "en"; it is read once."""
    folder = FOLDER / code

    def read(name: str) -> dict[str, Any]:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))

    calendar, replies, dictation = map(read, ("calendar.toml", "replies.toml", "dictation.toml"))
    weekdays, months = calendar["weekdays"], calendar["months"]
    seasons, feasts = calendar["seasons"], calendar["feasts"]
    lists = {
        "weekday": {name.lower(): number for number, name in enumerate(weekdays)},
        "month": {name.lower(): number for number, name in enumerate(months, start=1)},
        "season": {name.lower(): name for name in seasons},
        "feast": {name.lower(): name for name in feasts},
    }
    guesses: Any = read("guesses.toml") if (folder / "guesses.toml").exists() else None
    turned, typed = replies.pop("turned"), replies.pop("typed")
    return Language(
        understood=Later(lambda: _sentences(folder / "sentences", lists)),
        turned=turned,
        typed=typed,
        replies={
            name: (said,) if isinstance(said, str) else tuple(said)
            for name, said in replies.items()
        },
        weekdays=weekdays,
        months=months,
        days=calendar["days"],
        calendar=Calendar(calendar["week_begins"], seasons, feasts),
        likely=likely.read(folder / "likely.json"),
        guesses=guesses,
        **dictation,
    )


def _sentences(folder: Path, lists: Mapping[str, Mapping[str, int | str]]) -> Sentences:
    from voice_glimmer.conversation.templates import Sentences  # noqa: PLC0415 - see `understood`

    return Sentences(folder, lists)
