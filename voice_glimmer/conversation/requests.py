"""From words to what was asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from voice_glimmer.conversation.periods import Period, resolve
from voice_glimmer.conversation.sentences import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from voice_glimmer.conversation.language import Language
    from voice_glimmer.conversation.sentences import Match

ANSWERS = frozenset(
    {
        *(Kind.YES, Kind.KEEP, Kind.NO, Kind.DELETE, Kind.TRY_AGAIN, Kind.ADD, Kind.HEAR),
        *(Kind.STOP, Kind.CANCEL, Kind.HELP),
    }
)
"""What is understood after a question."""

WHILE_HEARING = frozenset(
    {
        *(Kind.NEXT, Kind.PREVIOUS, Kind.AGAIN, Kind.SLOWER, Kind.FASTER, Kind.LOUDER, Kind.SOFTER),
        *(Kind.WHISPER, Kind.ALOUD),
        *(Kind.WHEN, Kind.FAVOURITE, Kind.TAG, Kind.DELETE, Kind.CHANGE, Kind.UNDO),
        *(Kind.STOP, Kind.CANCEL),
    }
)
"""What is understood between two glimmers that are read or played."""

EARLY = frozenset({Kind.YES, Kind.KEEP, Kind.NO})
"""What answers where a glimmer was awaited: the prompt, or the wording from before."""

REQUESTS = frozenset(Kind) - {*EARLY, Kind.ADD, Kind.HEAR, Kind.TRY_AGAIN, Kind.DOUBTFUL}
"""What is understood after the wake phrase; everything else said there is a glimmer."""

INTERRUPTIONS = frozenset({Kind.STOP, Kind.CANCEL})
"""What silences the program while it speaks; `Woke` does too."""

READ_AT_MOST = 5
"""How many glimmers are read to someone who said neither which nor how many: about a minute."""

NARROWED_AT_MOST = 10
"""How many to someone who said which: a week of one a day, and some."""

PERIODS = ("span", "day", "stretch", "whose", "on_day", "since")
"""The sentences' lists of periods; a sentence has at most one of them."""

FAVOURITES = frozenset({"favourite", "favourites"})
"""The sentences' lists that say favourites, as one or several."""


class Order(Enum):
    """Which glimmers come first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        kind: What to do.
        limit: How many glimmers at most.
        order: Which of them.
        period: Between which moments they were spoken; None for ever.
        period_said: How the program says that, such as "from last week"; empty for ever.
        topic: Words that are in them, joined by spaces; empty for any.
        topic_said: How the program says that, such as "about the robin"; empty for any.
        favourite: Only favourites.
        tag: Only those with this tag, or the tag to give; empty for any.
        on_day: Only those of this month and day, in years before; None for any.
        how: Whether to READ or PLAY what is in hand from now on; None for as it was.
        guess: Of what only sounds like a request, what it may have meant; None for no idea.
        counted: Whether the limit was said. It changes nothing about what is asked for.
    """

    kind: Kind
    limit: int = READ_AT_MOST
    order: Order = Order.NEWEST
    period: Period | None = None
    period_said: str = ""
    topic: str = ""
    topic_said: str = ""
    favourite: bool = False
    tag: str = ""
    on_day: tuple[int, int] | None = None
    how: Kind | None = None
    guess: Guess | None = None
    counted: bool = field(default=False, compare=False)

    @property
    def where(self) -> str:
        """How the program says what they are about, and when they were; empty for all."""
        return " ".join(filter(None, [self.topic_said, self.period_said]))


@dataclass(frozen=True, slots=True)
class Guess:
    """What words of one's own may have asked for, and the question about it."""

    request: Request
    question: str


def answered(text: str, language: Language, among: frozenset[Kind]) -> Request | None:
    """Return which of these `text` asks for, or None."""
    match = language.sentences.match(text, among)
    if match is None:
        return None
    return _plain(match)


def understand(text: str, now: datetime, language: Language) -> Request | None:
    """Return what `text` asks for, or None if it is a glimmer. The words alone decide.

    Args:
        text: Recognised words.
        now: When they were said, in the person's own time zone; aware.
        language: The language's words.
    """
    match = language.sentences.match(text, REQUESTS)
    if match is None:
        return None
    plain, slots = _plain(match), match.slots
    if match.kind not in {Kind.READ, Kind.PLAY, Kind.COUNT}:
        return plain
    name = next((str(slots[each]) for each in PERIODS if each in slots), "")
    period = resolve(name, slots, now, language.calendar) if name else None
    said = str(slots.get("topic", ""))
    # Articles and the like are in most glimmers, so only the other words are searched for.
    topic = " ".join(word for word in said.split() if word not in language.unfinished)
    if (name and not period) or (said and not topic):
        return None
    favourite = not FAVOURITES.isdisjoint(slots)
    limit = NARROWED_AT_MOST if name or topic or plain.tag or favourite else READ_AT_MOST
    return replace(
        plain,
        limit=int(slots.get("number", limit)),
        counted="number" in slots,
        order=Order(slots.get("end", Order.NEWEST.value)),
        period=period,
        period_said=_period_said(name, slots, language) if name else "",
        topic=topic,
        topic_said=_topic_said(said, str(slots.get("about", "")), language) if said else "",
        favourite=favourite,
        on_day=(now.month, now.day) if name == "on_this_day" else None,
    )


def _plain(match: Match) -> Request:
    how = match.slots.get("how")
    tag = str(match.slots.get("tag", ""))
    return Request(match.kind, how=None if how is None else Kind(how), tag=tag)


def _period_said(name: str, slots: Mapping[str, int | str], language: Language) -> str:
    return language.say(
        f"from_{name}",
        weekday=language.weekdays[int(slots.get("weekday", 0))],
        day=language.days[int(slots.get("ordinal", 1)) - 1],
        month=language.months[int(slots.get("month", 1)) - 1],
        season=slots.get("season"),
        year=slots.get("year"),
        feast=slots.get("feast"),
        many=slots.get("many"),
    )


def _topic_said(topic: str, preposition: str, language: Language) -> str:
    """Return how the program says a topic; with its preposition, where that decides on its case."""
    turned = [language.turned.get(word, word) for word in topic.split()]
    return language.say("about", topic=" ".join([*preposition.split(), *turned]))
