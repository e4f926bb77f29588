"""Keeping, searching and opening, beside plain SQLite doing the same in the same run.

And the same in an encrypted journal, beside a plain one.

python -m scripts.bench.journal [--glimmers 100000]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.conversation.events import Word
from voice_glimmer.journal.glimmers import Journal, Which
from voice_glimmer.journal.keys import Key
from voice_glimmer.journal.places import Sealed
from voice_glimmer.journal.sealing import seal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_glimmer.journal.glimmers import Glimmer
    from voice_glimmer.journal.places import Place

WORDS = [f"word{rank}" for rank in range(20_000)]
SHARES = [1 / (rank + 10) for rank in range(len(WORDS))]
"""By Zipf's law, without the ten that are in everything: nobody asks for those."""

SOUGHT = {
    "of one glimmer in 500": ("word500", "word510", "word520", "word530", "word540", "word550"),
    "of one glimmer in 7": ("word1", "word2", "word3", "word4", "word5", "word6"),
}
ROUNDS = 60
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
RATE = 16_000


def by_turns(*acts: Callable[[int], object]) -> np.ndarray:
    """Return the milliseconds of acts that take turns, shaped (acts, rounds)."""
    took = np.empty((len(acts), ROUNDS))
    for turn in range(ROUNDS):
        for number, act in enumerate(acts):
            begun = time.perf_counter()
            act(turn)
            took[number, turn] = 1000 * (time.perf_counter() - begun)
    return took


def timed(act: Callable[[int], object]) -> np.ndarray:
    """Return the milliseconds of each round."""
    return by_turns(act)[0]


def made(folder: Path, many: int) -> None:
    """Make a journal of so many glimmers, each of 12 of the words."""
    source = random.Random(1)  # noqa: S311
    with closing(Journal(folder)) as journal, journal._db.atomic():
        journal._db["glimmers"].insert_all(
            {
                **{"uid": f"{number:032x}", "text": " ".join(source.choices(WORDS, SHARES, k=12))},
                "spoken_at": (NOW - timedelta(minutes=50 * number)).isoformat(),
                **{"utc_offset_minutes": 60, "zone": "", "source": "typed", "duration": 0.0},
                "prompt": "What was good?",
            }
            for number in reversed(range(many))
        )


def keeper(journal: Journal) -> Callable[[int], int]:
    """Return what keeps 20 s."""
    noise = np.random.default_rng(1)
    wave = 3000 * np.sin(np.arange(20 * RATE) / 20)
    voices = [(wave + noise.normal(0, 300, len(wave))).astype("<i2").tobytes() for _ in range(8)]
    words = [Word("robin", at / 2, at / 2 + 0.4, 0.9) for at in range(40)]
    return lambda turn: journal.keep(
        " ".join(word.text for word in words),
        words,
        NOW,
        duration=20.0,
        prompt="What was good?",
        name=f"take{turn}",
        voice=voices[turn % 8][turn * 2 :],
        rate=RATE,
    )


def finder(journal: Journal, sought: Sequence[str]) -> Callable[[int], list[Glimmer]]:
    """Return what finds the newest ten glimmers with one of six words."""
    return lambda turn: journal.find(Which(topic=sought[turn % 6]), limit=10)


def counter(journal: Journal, sought: Sequence[str]) -> Callable[[int], int]:
    """Return what counts all glimmers with one of six words."""
    return lambda turn: journal.count(Which(topic=sought[turn % 6]))


def keeping(folder: Path) -> None:
    """Print how long keeping takes, beside a commit and an fsync of as many bytes."""
    with closing(Journal(folder)) as journal:
        ours = np.percentile(timed(keeper(journal)), 95)
    size = int(np.median([path.stat().st_size for path in folder.rglob("*.flac")]))
    with closing(sqlite3.connect(folder / "plain.db")) as db:
        db.execute("pragma journal_mode = wal")
        db.execute("create table plain (text text)")

        def plain(turn: int) -> None:
            with (folder / f"plain{turn}").open("wb") as file:
                file.write(os.urandom(size))
                file.flush()
                os.fsync(file.fileno())
            with db:
                db.execute("insert into plain values (?)", ["robin " * 500])

        bare = timed(plain)
    theirs = np.percentile(bare, 95)
    print(
        f"keep, 20 s, 95 %: {ours:.1f} ms, plain {theirs:.1f} ms; {ours - theirs:.1f} ms more (60)"
    )


def searching(folder: Path, many: int) -> dict[str, float]:
    """Print how long searches take, beside the same in SQL alone; return the 95 % in ms."""
    made(folder, many)
    took = {}
    for name, sought in SOUGHT.items():
        with closing(Journal(folder)) as journal:
            ours = timed(finder(journal, sought))
        with closing(sqlite3.connect(folder / "journal.db")) as db:
            raw = timed(
                lambda turn, of=sought: db.execute(
                    "select * from glimmers where id in (select rowid from glimmers_fts"
                    " where glimmers_fts match ?) and +deleted_at is null"
                    " order by spoken_at desc limit 10",
                    [of[turn % 6]],
                ).fetchall()
            )
        high, low = float(np.percentile(ours, 95)), float(np.percentile(raw, 95))
        took[name] = high
        print(
            f"search, {many:,}, a word {name}, 95 %: {high:.1f} ms, raw {low:.1f} ms;"
            f" ratio {high / low:.2f} (1.3)"
        )
    opened = np.median(timed(lambda _: Journal(folder).close()))
    print(f"open, {many:,}, median: {opened:.1f} ms (50); resident then {resident(folder):.1f} MiB")
    return took


def resident(folder: Path) -> float:
    """Return the MiB that a program of its own has at most while it opens the journal."""
    program = (
        "import resource, sys; from pathlib import Path; from voice_glimmer.journal import Journal;"
        "Journal(Path(sys.argv[1])).close();"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, check=True
    )
    return int(done.stdout) / 1024


def encrypting(folder: Path, many: int) -> None:
    """Print how long keeping and searching take in an encrypted journal, beside its plain copy.

    Args:
        folder: A plain journal.
        many: How many glimmers it has.
    """
    secret = Sealed(folder.with_name("sealed"), Key(os.urandom(32)))
    shutil.copytree(folder, secret.folder)
    begun = time.perf_counter()
    seal(secret)
    print(f"encrypt {many:,}, without voices: {time.perf_counter() - begun:.1f} s")
    places: list[Place] = [folder, secret]
    took = {"open": by_turns(*(lambda _, at=place: Journal(at).close() for place in places))}
    with closing(Journal(folder)) as plain, closing(Journal(secret)) as sealed:
        for name, sought in SOUGHT.items():
            took[f"search, a word {name}"] = by_turns(
                *(finder(each, sought) for each in (plain, sealed))
            )
            took[f"count, a word {name}"] = by_turns(
                *(counter(each, sought) for each in (plain, sealed))
            )
        took["keep, 20 s"] = by_turns(keeper(plain), keeper(sealed))
    for what, each in took.items():
        for name, share in (("median", 50), ("95 %", 95)):
            low, high = np.percentile(each, share, axis=1)
            times = f"encrypted {high:.2f} ms, plain {low:.2f} ms; {high / low:.2f} times"
            print(f"{what}, {name}: {times}")


def main() -> None:
    """Print the figures, each with its bar in brackets."""
    options = argparse.ArgumentParser()
    options.add_argument("--glimmers", type=int, default=100_000)
    many = options.parse_args().glimmers
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        keeping(Path(folder) / "keeping")
        few = searching(Path(folder) / "few", many // 10)
        all_of_them = searching(Path(folder) / "many", many)
        encrypting(Path(folder) / "many", many)
    for name in SOUGHT:
        times = all_of_them[name] / few[name]
        print(f"search, {many:,} to {many // 10:,}, a word {name}: {times:.1f} times (2)")


if __name__ == "__main__":
    main()
