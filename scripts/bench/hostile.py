"""Journals, spools and exports that somebody broke, or made to do harm.

python -m scripts.bench.hostile [--cases 1000] [--seed 1]
"""

from __future__ import annotations

import shutil
import tempfile
import traceback
from argparse import ArgumentParser
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from scripts.bench.breaking import MUTATIONS, NOW, OUTSIDE
from scripts.bench.killed import WORDS, recover
from voice_glimmer.faults import Fault
from voice_glimmer.journal import recordings
from voice_glimmer.journal.backup import back_up, restore
from voice_glimmer.journal.emptying import empty
from voice_glimmer.journal.glimmers import (
    Journal,
    JournalUnavailableError,
    NoSuchGlimmerError,
    Which,
)
from voice_glimmer.journal.opening import DATABASE
from voice_glimmer.journal.spool import Spool
from voice_glimmer.journal.transfer import export
from voice_glimmer.journal.voices import compress, limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RATE = 16_000
SAMPLES = 1_600
"""Of the recording beside the journal; none of its own has as many."""

EXPECTED = (Fault, JournalUnavailableError, NoSuchGlimmerError)


def keep(journal: Journal, name: str, *, seconds: float = 0.3) -> int:
    """Keep a glimmer with a voice that no other has."""
    noise = np.random.default_rng(len(name)).integers(-3000, 3000, round(seconds * RATE), "<i2")
    return journal.keep(
        "a robin sang",
        WORDS,
        NOW,
        duration=seconds,
        prompt="What was good?",
        name=name,
        voice=noise.tobytes() if name else b"",
        rate=RATE,
    )


def sound_journal(folder: Path) -> None:
    """Make a journal with all that one can have, beside a recording that is none of its own."""
    with closing(Journal(folder / "journal")) as journal, closing(Spool(journal.folder, RATE)) as s:
        first, second = keep(journal, "a"), keep(journal, "bb")
        journal.change(
            first, "a wren", WORDS, NOW, duration=1.0, name="c", voice=bytes(9600), rate=RATE
        )
        journal.tag(first, "garden")
        journal.delete(second, NOW)
        keep(journal, "")
        for minute in range(2):
            s.begin(NOW + timedelta(minutes=minute), "What was good?")
            s.append(bytes(3200))
    other = recordings.store(folder / "journal", bytes(2 * SAMPLES), RATE)
    (folder / "journal" / other.path).rename(folder / OUTSIDE)


def heard(journal: Journal, number: int) -> None:
    """Read a voice; the one outside is the only one of its length."""
    voice = journal.voice_of(number)
    if voice is not None and len(voice[0]) == SAMPLES:
        raise AssertionError("a recording from outside is read")


def acts(journal: Journal, folder: Path) -> Iterator[Callable[[], object]]:
    """Yield all that can be asked of a journal."""
    for which in (Which(), Which(topic="robin"), Which(tag="garden"), Which(on_day=(11, 24))):
        yield lambda which=which: journal.find(which, limit=9)
        yield lambda which=which: journal.count(which)
    yield lambda: journal.any_of(Which(), Random(1), limit=9)  # noqa: S311
    yield lambda: journal.has("a")
    for number in (1, 2, 3):
        yield lambda number=number: heard(journal, number)
        yield lambda number=number: journal.words_between(number)
    yield lambda: list(export(journal.folder))
    yield lambda: back_up(journal.folder, folder / "backups", NOW)
    yield lambda: keep(journal, "cccc")
    yield lambda: journal.unchange(1)
    yield lambda: journal.change(
        1, "an owl", WORDS, NOW, duration=0.0, name="", voice=b"", rate=RATE
    )
    yield lambda: journal.tag(1, "tea")
    yield lambda: journal.favour(1, favourite=True)
    yield lambda: journal.delete(3, NOW)
    yield lambda: journal.restore(3)
    yield lambda: compress(journal.folder)
    yield lambda: limit(journal.folder, since=NOW, mib=1)
    yield lambda: empty(journal.folder, NOW + timedelta(days=1), NOW + timedelta(days=3650))


def tried(act: Callable[[], object], wrong: list[str], case: str) -> str:
    """Return how it ended, and add what was not expected."""
    try:
        act()
    except EXPECTED as refused:
        return type(refused).__name__
    except Exception:
        wrong.append(f"{case}: {traceback.format_exc()}")
        return "wrong"
    return "done"


def around(folder: Path) -> dict[str, bytes]:
    """Return the files that are around the places where something may be written."""
    places = {folder / name for name in ("journal", "backups", "other")}
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if not places & set(path.parents)
    }


def broken(folder: Path, case: str, wrong: list[str]) -> Counter[str]:
    """Ask all of a broken journal; return how it ended, and add what was wrong."""
    outcomes, path = Counter[str](), folder / "journal" / DATABASE
    original, untouched = path.read_bytes(), around(folder)
    logged = path.with_name(f"{DATABASE}-wal").exists()
    shutil.copytree(folder / "journal", folder / "other", symlinks=True)
    try:
        journal = Journal(folder / "journal")
    except Fault:
        outcomes["refused at once"] += 1
        # With a log beside it, SQLite itself takes that in.
        if path.read_bytes() != original and not logged:
            wrong.append(f"{case}: refused, and changed")
    except Exception:
        wrong.append(f"{case}: {traceback.format_exc()}")
    else:
        with closing(journal):
            for act in acts(journal, folder):
                outcomes[tried(act, wrong, case)] += 1
            with closing(Spool(journal.folder, RATE)) as spool:
                outcomes[tried(lambda: recover(journal.folder, journal, spool), wrong, case)] += 1
    as_backup = folder / "other" / DATABASE
    outcomes[tried(lambda: restore(as_backup, folder / "journal"), wrong, case)] += 1
    if around(folder) != untouched:
        wrong.append(f"{case}: something was written outside")
    return outcomes


def run(folder: Path, cases: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Break a journal in so many ways; return how it ended, and what was wrong."""
    outcomes, wrong = Counter[str](), list[str]()
    sound_journal(folder / "sound")
    for case in range(cases):
        random = Random(f"{seed} {case}")  # noqa: S311
        one = folder / "case"
        shutil.copytree(folder / "sound", one)
        mutation = MUTATIONS[case % len(MUTATIONS)]
        mutation(one / "journal" / DATABASE, random)
        outcomes += broken(one, f"{mutation.__name__}, {case} of {seed}", wrong)
        shutil.rmtree(one)
    return outcomes, wrong


def main() -> None:
    """Print how it ended, and what was wrong."""
    options = ArgumentParser()
    options.add_argument("--cases", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcomes, wrong = run(Path(folder), chosen.cases, chosen.seed)
    for outcome, many in outcomes.most_common():
        print(f"{outcome:24} {many:7,}")
    print(f"{len(wrong)} wrong (0)")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()
