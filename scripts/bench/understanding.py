#!/usr/bin/env python3
"""From a request's words to its glimmers, in a journal of 10,000 and in one of 100.

    .venv/bin/python -m scripts.bench.understanding [--json FILE]

Each request of a table, all that ask the journal and every way to narrow them, is understood and
asked of both journals, in turns. These hold glimmers of three years, every tenth a favourite,
every eighth tagged, every twentieth deleted.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from scripts.bench import report
from scripts.bench.dictation import GLIMMERS
from scripts.bench.waiting import Nobody
from voice_glimmer.conversation import events, language, requests
from voice_glimmer.faults import Fault
from voice_glimmer.journal.glimmers import Journal
from voice_glimmer.speaking.prompts import plain
from voice_glimmer.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLE = (
    "read my last glimmer",
    "play my last glimmer",
    "read my last three glimmers",
    "play the first glimmer ever",
    "read my oldest five glimmers",
    "read my glimmers",
    "play all my glimmers",
    "read my glimmers in your own voice",
    "read my last twenty glimmers",
    "surprise me",
    "play a random glimmer",
    "read any of my glimmers from last summer",
    "read one of my favorites",
    "read a random glimmer about the garden",
    "play a random glimmer tagged music",
    "read my favorites",
    "play my favorite glimmers from last year",
    "read my last three favorites",
    "read my favorites about the sea",
    "read my favorites tagged family",
    "read my glimmers from yesterday",
    "read my glimmers from this morning",
    "read my glimmers from last night",
    "read my glimmers from tuesday",
    "read my glimmers from tuesday evening",
    "read my glimmers from last week",
    "play last week's glimmers",
    "read my glimmers from last weekend",
    "read my glimmers from the last seven days",
    "read my glimmers from march",
    "read my glimmers from last month",
    "play my glimmers from last summer",
    "read my glimmers from last year",
    "read my glimmers from the third of may",
    "read my glimmers from the third of may twenty twenty five",
    "read my glimmers from december twenty twenty four",
    "read what happened a year ago today",
    "what happened on this day",
    "read my glimmers on this day",
    "read my last glimmer on this day about music",
    "read my glimmers about coffee",
    "read the one about the robin",
    "play the ones about the old house",
    "read my first glimmer about the river",
    "read my glimmers from tuesday about the garden",
    "play my glimmers about my daughter from last week",
    "read my glimmers tagged kindness",
    "play my last glimmer under music",
    "read my glimmers with the tag family",
    "what are my glimmers",
    "what did i tell you yesterday",
    "what good things happened last month",
    "how many glimmers do i have",
    "how many this week",
    "how many glimmers about birds",
    "how many favorites do i have",
    "how many glimmers are tagged nature",
    "how many glimmers on this day",
    "how many glimmers did i keep last year about the garden",
    "count my favorites from last summer",
    "what do you know about me",
)
"""Every kind that asks the journal, and every way to narrow it."""

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Europe/Berlin"))

DAYS = 3 * 365
"""Over how many days the glimmers are spread."""

TAGS = ("kindness", "family", "music", "nature")

ROUNDS = 5
"""How often each request is asked; the middle time counts."""

BAR = 0.03
"""Seconds that the middle request may take."""


def filled(folder: Path, size: int) -> Journal:
    """Return a new journal of so many glimmers, of ten to fifty words each."""
    random = Random(5)  # noqa: S311
    journal = Journal(folder)
    for number in range(size):
        text = " ".join(plain(each) for each in random.choices(GLIMMERS, k=random.randint(1, 4)))
        kept = journal.keep(
            text,
            [events.Word(w, n / 2, n / 2 + 0.4, 1.0) for n, w in enumerate(text.split())],
            NOW - timedelta(seconds=random.uniform(0, DAYS * 86_400)),
            duration=10.0,
            prompt="What made you smile?",
            name="",
            voice=b"",
            rate=16_000,
        )
        if number % 10 == 0:
            journal.favour(kept, favourite=True)
        if number % 8 == 0:
            journal.tag(kept, random.choice(TAGS))
        if number % 20 == 0:
            journal.delete(kept, NOW)
    return journal


def asking(journal: Journal) -> Turns:
    """Return the program's own turns over a journal, with nobody at either end."""
    nobody: Any = Nobody()
    return Turns(
        listener=nobody,
        speaker=nobody,
        journal=journal,
        drafts=nobody,
        prompts=nobody,
        language=language.load("en"),
        now=lambda: NOW,
        random=Random(6),  # noqa: S311
        watcher=nobody,
    )


def timed(text: str, turns: Turns, english: language.Language) -> tuple[float, float, int]:
    """Return the seconds of understanding and of asking the journal, and how many it found.

    Raises:
        Fault: The text asks for nothing, or it could not be asked for.
    """
    began = time.perf_counter()
    request = requests.understand(text, NOW, english)
    understood = time.perf_counter()
    if request is None:
        raise Fault(f'"{text}" asks for nothing.')
    found = turns._recall(request)
    over = time.perf_counter()
    if not isinstance(found, events.Found):
        raise Fault(f'The journal could not be asked for "{text}".')
    return understood - began, over - understood, found.total


def measured(asked: Sequence[Turns], english: language.Language) -> list[list[dict[str, Any]]]:
    """Return for each of these journals the middle times of every request, in seconds."""
    tables: list[list[dict[str, Any]]] = [[] for _ in asked]
    for text in TABLE:
        rounds = [[timed(text, turns, english) for turns in asked] for _ in range(ROUNDS)]
        for table, times in zip(tables, zip(*rounds, strict=True), strict=True):
            words, query, _ = np.median(times, axis=0)
            both = float(np.median([each[0] + each[1] for each in times]))
            table.append(
                {"text": text, "words": words, "query": query, "both": both, "found": times[0][2]}
            )
    return tables


def figures(table: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the middle and the 95 % of a table's times, in ms, and its slowest request."""
    slowest = max(table, key=lambda row: row["both"])
    return {
        **{
            part: dict(
                zip(
                    ("median", "p95"),
                    (np.percentile([row[part] for row in table], [50, 95]) * 1e3).tolist(),
                    strict=True,
                )
            )
            for part in ("words", "query", "both")
        },
        "slowest": {"text": slowest["text"], "both": slowest["both"] * 1e3},
    }


def main() -> None:
    """Measure, print the table, and write the figures as JSON if asked to."""
    chosen = report.asked(argparse.ArgumentParser(description=__doc__.splitlines()[0]))
    english = language.load("en")
    sizes = (10_000, 100)
    with tempfile.TemporaryDirectory() as folder:
        journals = [filled(Path(folder) / str(size), size) for size in sizes]
        tables = measured([asking(journal) for journal in journals], english)
        for journal in journals:
            journal.close()
    results: dict[str, Any] = {"requests": len(TABLE), "bar": BAR * 1e3}
    print(f"{len(TABLE)} requests; ms, median and 95 %, and the slowest:")
    print(f"{'glimmers':>8} {'understood':>13} {'asked':>13} {'both':>13}")
    for size, table in zip(sizes, tables, strict=True):
        got = figures(table)
        results[str(size)] = {**got, "table": table}
        parts = "".join(
            f" {got[part]['median']:6.1f} {got[part]['p95']:6.1f}"
            for part in ("words", "query", "both")
        )
        print(f'{size:8}{parts}  {got["slowest"]["both"]:.1f} "{got["slowest"]["text"]}"')
    report.write(chosen, results)


if __name__ == "__main__":
    with report.plain_faults():
        main()
