"""A journal's glimmers as the tests keep, change and read them."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from voice_glimmer.conversation.events import Word
from voice_glimmer.journal.glimmers import Glimmer, Journal, Which

RATE = 16_000
SPOKEN = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = SPOKEN + timedelta(days=1)
FIRST = (3_000 * np.sin(np.arange(16_000) / 20)).astype("<i2")
SECOND = (3_000 * np.sin(np.arange(8_000) / 30)).astype("<i2")


def words(text: str) -> list[Word]:
    """Return the words of a text, one each second."""
    return [Word(word, at + 0.1, at + 0.9, 0.9) for at, word in enumerate(text.split())]


def keep(
    journal: Journal,
    text: str = "a robin sang",
    at: datetime = SPOKEN,
    name="a",
    voice: bytes = FIRST.tobytes(),
) -> int:
    return journal.keep(
        text,
        words(text),
        at,
        duration=1.0,
        prompt="What was good?",
        name=name,
        voice=voice if name else b"",
        rate=RATE,
    )


def change(
    journal: Journal,
    glimmer: int,
    text: str,
    name: str = "b",
    voice: bytes = SECOND.tobytes(),
) -> None:
    journal.change(
        glimmer,
        text,
        words(text),
        LATER,
        duration=0.5,
        name=name,
        voice=voice,
        rate=RATE,
    )


def only(journal: Journal) -> Glimmer:
    (glimmer,) = journal.find(Which(), limit=5)
    return glimmer


def recorded(journal: Journal) -> list[Path]:
    """Return the files of all recordings."""
    return [path for path in (journal.folder / "recordings").rglob("*") if path.is_file()]


def spoken_words(journal: Journal) -> list[str]:
    with closing(Database(journal.folder / "journal.db")) as db:
        return [row["word"] for row in db["words"].rows_where(order_by="glimmer_id, position")]


def history(journal: Journal) -> list[tuple[str, str | None]]:
    """Return each former wording and when it was replaced, the first put aside first."""
    with closing(Database(journal.folder / "journal.db")) as db:
        return [(row["text"], row["replaced_at"]) for row in db["wordings"].rows_where()]
