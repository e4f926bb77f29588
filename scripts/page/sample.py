"""A journal to look at: a year and some of an imagined person's glimmers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.clock import Certain
from voice_glimmer.conversation import language
from voice_glimmer.conversation.events import Word
from voice_glimmer.review.house import House
from voice_glimmer.settings import Settings
from voice_glimmer.speaking.repertoire import Repertoire

if TYPE_CHECKING:
    from pathlib import Path

    from voice_glimmer.journal import Journal

NOW = datetime(2026, 11, 24, 18, 40, tzinfo=UTC)
RATE = 16_000
PROMPT = "Let your shoulders drop. What small good thing did you notice?"

TEXTS = {
    "en": (
        "the robin sat on the spade while i was digging and looked at me",
        "warm bread from the oven and the whole kitchen smelled of it",
        "my neighbour carried the shopping up for me without a word",
        "the first frost on the window looked like ferns",
        "ada laughed so hard that the tea came out of her nose",
        "sun on the stairs at four in the afternoon",
        "somebody had left the piano open and a child was playing it",
        "the cat fell asleep on my feet",
        "walking home in the rain i did not mind getting wet",
        "a letter with a real stamp from grandma",
        "we sat on the bench and said nothing for a while and it was good",
        "the smell of the lime trees all the way down the street",
        "an old song on the radio and i still knew every word",
        "the baker gave me a roll for the way",
        "clean sheets dried in the wind",
        "the moon was so big over the roofs that people stopped to look",
    ),
    "de": (
        "das rotkehlchen saß auf dem spaten und sah mir zu",
        "warmes brot aus dem ofen und die ganze küche roch danach",
        "meine nachbarin trug mir die einkäufe hoch ohne ein wort",
        "sonne auf der treppe um vier uhr nachmittags",
        "die katze ist auf meinen füßen eingeschlafen",
        "ein brief mit einer echten briefmarke von oma",
    ),
}


def house(folder: Path, code: str = "en", now: datetime = NOW) -> House:
    """Return a house whose journal is in this folder."""
    settings = Settings(journal=folder, language=code)
    return House(
        folder,
        settings,
        language.load(code),
        Certain(lambda: now),
        Random(1),  # noqa: S311
        settings_file=folder.with_name("settings.toml"),
        prompts=Repertoire(code, folder.with_name("prompts.toml")),
    )


def spoken(text: str) -> list[Word]:
    """Return a text's words as a calm voice says them, the longer the slower."""
    words, at = [], 0.25
    for word in text.split():
        lasts = 0.16 + 0.055 * len(word)
        words.append(Word(word, round(at, 2), round(at + lasts, 2), 0.9))
        at += lasts + 0.08
    return words


def fill(journal: Journal, many: int = 420, code: str = "en", now: datetime = NOW) -> None:
    """Keep so many glimmers, the newest today, at the hours at which people tell them."""
    random, texts = Random(7), TEXTS[code]  # noqa: S311
    days = sorted((int(random.triangular(0, 640, 0)) for _ in range(many - 3)), reverse=True)
    for place, ago in enumerate([*days, 0, 0, 0]):
        hour = 8 + 3 * (place - many + 3) if ago == 0 else random.choice((7, 8, 8, 13, 18, 20, 21))
        at = now.replace(hour=max(hour, 7), minute=random.randrange(40)) - timedelta(days=ago)
        text = texts[place % len(texts)]
        voiced = place >= many - 20
        words = spoken(text) if voiced else []
        number = journal.keep(
            text,
            words,
            at,
            duration=words[-1].end + 0.4 if voiced else 0.0,
            prompt=PROMPT if voiced else "",
            name=f"sample-{place}" if voiced else "",
            voice=_hum(words, place) if voiced else b"",
            rate=RATE,
        )
        if place % 9 == 0:
            journal.favour(number, favourite=True)
        if place % 7 == 0:
            journal.tag(number, ("garden", "kindness", "home")[place % 3])


def _hum(words: list[Word], pitch: int) -> bytes:
    """Return a tone wherever there is a word: int16 little-endian mono samples."""
    time = np.arange(round((words[-1].end + 0.4) * RATE)) / RATE
    loud = sum(((time >= word.start) & (time < word.end)).astype(float) for word in words)
    return (3_000 * loud * np.sin(2 * np.pi * (180 + pitch) * time)).astype("<i2").tobytes()
