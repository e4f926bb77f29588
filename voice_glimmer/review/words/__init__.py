"""The words of the page, by language; what the program says aloud is in the conversation's."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from voice_glimmer.conversation.language import Language


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    Attributes:
        said: Sentences and labels, by name; `{...}` are filled in.
        language: The same language's words in the conversation, for its days and months.
    """

    said: Mapping[str, str]
    language: Language

    def __call__(self, name: str, **fields: object) -> str:
        """Return a sentence or a label, filled in."""
        return self.said[name].format(**fields)

    def counted(self, name: str, total: int) -> str:
        """Return such as "one glimmer" or "1,204 glimmers"."""
        said = self.said[f"{name}_one" if total == 1 else f"{name}_other"]
        return said.format(total=f"{total:,}".replace(",", self.said["thousands"]))

    def day(self, day: date, today: date) -> str:
        """Return such as "Tuesday, 24 November 2026", or "Today"."""
        ago = (today - day).days
        if ago in (0, 1):
            return self("yesterday" if ago else "today")
        return self(
            "day",
            weekday=self.language.weekdays[day.weekday()],
            day=day.day,
            month=self.language.months[day.month - 1],
            year=day.year,
        )

    def month_day(self, month: int, day: int) -> str:
        """Return such as "24 November"."""
        return self("month_day", day=day, month=self.language.months[month - 1])

    def hour(self, moment: datetime) -> str:
        """Return such as "8:05"."""
        return f"{moment.hour}:{moment.minute:02}"

    def length(self, seconds: float) -> str:
        """Return how long a recording is, such as "0:09"."""
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes}:{rest:02}"


def load(code: str, language: Language) -> Words:
    """Return the page's words in a language, such as "en"."""
    path = Path(__file__).with_name(f"{code}.toml")
    return Words(tomllib.loads(path.read_text("utf-8")), language)
