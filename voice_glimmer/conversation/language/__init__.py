"""The words of a language, read from its folder: what is understood and what is replied."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from voice_glimmer.conversation.requests import Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        sentences: Each sentence that is understood, and what it asks for.
        closings: What ends a glimmer, and is not kept with it.
        unfinished: Words after which a sentence has to go on.
        replies: Each thing the program says, by name; `{...}` are filled in.
        weekdays: Their names, from Monday.
        months: Their names, from January.
    """

    sentences: Mapping[str, Request]
    closings: Sequence[str]
    unfinished: Sequence[str]
    replies: Mapping[str, str]
    weekdays: Sequence[str]
    months: Sequence[str]

    def vocabulary(self, among: frozenset[Request]) -> list[str]:
        """Return the sentences that ask for one of these, for a recogniser's grammar."""
        return [sentence for sentence, request in self.sentences.items() if request in among]

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
    folder = resources.files(__package__) / code

    def read(name: str) -> dict[str, list[str]]:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))

    replies = tomllib.loads((folder / "replies.toml").read_text(encoding="utf-8"))
    said = read("sentences.toml")
    return Language(
        closings=said.pop("closings"),
        sentences={
            sentence: Request(name) for name, sentences in said.items() for sentence in sentences
        },
        replies=replies,
        **read("calendar.toml"),
        **read("dictation.toml"),
    )
