"""Four programs at one journal: one keeps, one changes, one searches, one copies and empties.

python -m scripts.bench.together [--seconds 30]
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
import traceback
from argparse import ArgumentParser
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.conversation.events import Word
from voice_glimmer.journal.backup import back_up, backups, prove
from voice_glimmer.journal.emptying import empty
from voice_glimmer.journal.glimmers import Journal, NoSuchGlimmerError, Which
from voice_glimmer.journal.transfer import export, take_in
from voice_glimmer.journal.voices import compress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

RATE = 16_000
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TAGS = ("garden", "tea", "ada")
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__, "soundfile"])


def words(text: str) -> list[Word]:
    """Return the words of a text, one each second."""
    return [Word(word, at + 0.1, at + 0.9, 0.9) for at, word in enumerate(text.split())]


def voice(seed: int) -> bytes:
    """Return 0.2 s of noise."""
    return np.random.default_rng(seed).integers(-3000, 3000, RATE // 5, "<i2").tobytes()


@dataclass
class Known:
    """What the one program that changes a glimmer knows of it."""

    changes: int = 0
    favourite: bool = False
    deleted: bool = False
    tags: set[str] = field(default_factory=set)


def keeping(journal: Journal, _backups: Path, done: Counter[str]) -> Iterator[None]:
    """Keep one after the other."""
    while True:
        number = done["kept"]
        text = f"a robin sang {number}"
        journal.keep(
            text,
            words(text),
            NOW + timedelta(seconds=number),
            duration=0.2,
            prompt="",
            name=f"keep{number}",
            voice=voice(number),
            rate=RATE,
        )
        done["kept"] += 1
        yield


def changing(
    journal: Journal, _backups: Path, done: Counter[str], known: dict[datetime, Known]
) -> Iterator[None]:
    """Change what is there in every way; only what was emptied meanwhile is refused."""
    random = Random(1)  # noqa: S311
    while True:
        for glimmer in journal.any_of(Which(), random, limit=5):
            # By the moment, for what was emptied leaves its number to the next.
            number, mine = glimmer.id, known.setdefault(glimmer.spoken_at, Known())
            mine.favourite = random.random() < 0.5
            journal.favour(number, favourite=mine.favourite)
            tag = random.choice(TAGS)
            journal.tag(number, tag)
            mine.tags.add(tag)
            journal.untag(number, TAGS[0])
            mine.tags.discard(TAGS[0])
            name = f"change{done['changed']}"
            journal.change(
                number,
                f"a wren sang {name}",
                words("a wren sang"),
                NOW,
                duration=0.2,
                name=name,
                voice=voice(10**6 + done["changed"]),
                rate=RATE,
            )
            mine.changes += 1
            done["changed"] += 1
            if random.random() < 0.5:
                journal.unchange(number)
            journal.delete(number, NOW)
            mine.deleted = True
            with suppress(NoSuchGlimmerError):
                if random.random() < 0.7:
                    journal.restore(number)
                    mine.deleted = False
            yield


def searching(journal: Journal, _backups: Path, done: Counter[str]) -> Iterator[None]:
    """Search, count, draw and hear; only what was deleted meanwhile is refused."""
    random = Random(2)  # noqa: S311
    while True:
        journal.find(Which(topic="robin"), limit=20)
        journal.count(Which(tag="tea", favourite=True))
        for glimmer in journal.any_of(Which(topic="wren"), random, limit=3):
            with suppress(NoSuchGlimmerError):
                journal.voice_of(glimmer.id)
        done["searched"] += 1
        yield


def copying(journal: Journal, backups: Path, done: Counter[str]) -> Iterator[None]:
    """Back up, export, and let go for good what is deleted."""
    while True:
        copied = back_up(journal.folder, backups, NOW + timedelta(seconds=done["backed up"]))
        done["backed up"] += prove(copied) >= 0
        done["lines"] += sum(1 for _ in export(journal.folder))
        done["gone"] += empty(journal.folder, NOW + timedelta(days=1), datetime.now(UTC))
        compress(journal.folder)
        yield


ROLES: dict[str, Callable[..., Iterator[None]]] = {
    "keeping": keeping,
    "changing": changing,
    "searching": searching,
    "copying": copying,
}


def play(role: str, folder: Path, seconds: float, answer: Connection) -> None:
    """Play a role for some seconds; answer what was done, what is known, and any error."""
    done, known, error = Counter[str](), dict[datetime, Known](), ""
    until = time.monotonic() + seconds
    try:
        with closing(Journal(folder / "journal")) as journal:
            more = (known,) if role == "changing" else ()
            for _ in ROLES[role](journal, folder / "backups", done, *more):
                if time.monotonic() > until:
                    break
    except Exception:
        error = traceback.format_exc()
    answer.send((done, known, error))


def run(folder: Path, seconds: float) -> tuple[Counter[str], list[str]]:
    """Play all roles at once; return what was done, and what was wrong."""
    Journal(folder / "journal").close()
    started = []
    for role in ROLES:
        ours, theirs = PROCESSES.Pipe(duplex=False)
        process = PROCESSES.Process(target=play, args=(role, folder, seconds, theirs), daemon=True)
        process.start()
        theirs.close()
        started.append((process, ours))
    done, known, wrong = Counter[str](), dict[datetime, Known](), list[str]()
    for process, ours in started:
        theirs_done, theirs_known, error = ours.recv()
        process.join()
        done.update(theirs_done)
        known |= theirs_known
        wrong += [error] if error else []
    return done, wrong + list(_wrong(folder, done, known))


def _wrong(folder: Path, done: Counter[str], known: dict[datetime, Known]) -> Iterator[str]:
    with closing(Journal(folder / "journal")) as journal:
        db = journal._db
        if (sound := db.execute("pragma integrity_check").fetchall()) != [("ok",)]:
            yield f"the database is damaged: {sound}"
        if unfounded := db.execute("pragma foreign_key_check").fetchall():
            yield f"rows refer to nothing: {unfounded}"
        db.execute("insert into glimmers_fts (glimmers_fts, rank) values ('integrity-check', 1)")
        rows = list(db.table("glimmers").rows)
        if len(rows) + done["gone"] != done["kept"]:
            yield f"{len(rows)} there, {done['gone']} gone for good, of {done['kept']}"
        for row in rows:
            number = row["id"]
            mine = known.get(datetime.fromisoformat(row["spoken_at"]), Known())
            found = Known(
                db.table("wordings").count_where("glimmer_id = ?", [number]),
                bool(row["favourite"]),
                row["deleted_at"] is not None,
                {each["tag"] for each in db.table("tags").rows_where("glimmer_id = ?", [number])},
            )
            if found != mine:
                yield f"{number} is {found}, and was made {mine}"
            if not found.deleted and journal.voice_of(number) is None:
                yield f"{number} has no voice"
        there = sum(row["deleted_at"] is None for row in rows)
        if (imported := take_in(export(folder / "journal"), folder / "other").new) != there:
            yield f"{imported} exported of {there}"
        prove(backups(folder / "backups")[0])


def main() -> None:
    """Print what was done, and what was wrong."""
    options = ArgumentParser()
    options.add_argument("--seconds", type=float, default=30)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        done, wrong = run(Path(folder), seconds)
    for what, many in done.items():
        print(f"{what:10} {many:7,}")
    print(f"{len(wrong)} wrong (0)")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()
