"""A program that keeps glimmers, killed at random moments; what is there afterwards.

python -m scripts.bench.killed [--moments 500] [--seed 1]

SIGKILL leaves the page cache as it was, so this proves the order of the steps, and not what a disk
has after a power cut: for that, `tests/journal/test_spool.py` counts the syncs of the spool.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_glimmer.clock import Certain
from voice_glimmer.conversation import language
from voice_glimmer.conversation.events import Ending, Word
from voice_glimmer.conversation.inviting import NEVER
from voice_glimmer.hearing.ear import Dictated
from voice_glimmer.journal.glimmers import Journal
from voice_glimmer.journal.sleep import Sleep
from voice_glimmer.journal.spool import SYNC_SECONDS, Spool
from voice_glimmer.loop import Loop

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.connection import Connection

    from voice_glimmer.hearing.frames import Frame

RATE = 16_000
FRAME = RATE // 20
FIRST = datetime(2026, 11, 24, 8, tzinfo=UTC)
WORDS = tuple(Word(word, at + 0.1, at + 0.9, 0.9) for at, word in enumerate(("a", "robin", "sang")))
TEXT = "a robin sang"
ENGLISH = language.load("en")
TOGETHER = 3
"""Of so many dictations one after the other, the last goes on from the one before it."""

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__, "soundfile"])


def voice(number: int) -> bytes:
    """Return 2 to 5 s of noise that no other dictation has: a lost or doubled sample shows."""
    noise = np.random.default_rng(number)
    many = int(noise.integers(2 * RATE, 5 * RATE))
    return noise.integers(-3000, 3000, many, "<i2").tobytes()


def parts(number: int) -> tuple[int, ...]:
    """Return the dictations that this one's glimmer has, in their order."""
    return (number - 1, number) if number % TOGETHER == TOGETHER - 1 else (number,)


def recover(folder: Path, journal: Journal, spool: Spool) -> None:
    """Recover as the program does at its start; only what was said is known beforehand."""

    def transcribe(frames: Iterable[Frame]) -> Dictated:
        seconds = sum(len(frame.samples) for frame in frames) / RATE
        return Dictated(WORDS if seconds else (), seconds, Ending.CUT_SHORT)

    nobody: Any = None
    ears: Any = SimpleNamespace(transcribe=transcribe)
    Loop(
        ears=ears,
        mouth=nobody,
        journal=journal,
        spool=spool,
        prompts=nobody,
        sleep=Sleep(folder),
        presence=nobody,
        nightly=nobody,
        invitations=nobody,
        plan=NEVER,
        language=ENGLISH,
        clock=Certain(lambda: FIRST),
        random=Random(1),  # noqa: S311
        watcher=nobody,
    ).recover()


def speak(folder: Path, number: int, notes: Connection) -> None:
    """Recover, then keep one glimmer after the other, and note each step once it is done."""

    def note(step: str, number: int, what: str | int = "") -> None:
        notes.send((step, number, what))

    note("started", number)
    journal, spool = Journal(folder), Spool(folder, RATE)
    recover(folder, journal, spool)
    names = dict[int, str]()
    while True:
        began, said = FIRST + timedelta(minutes=number), voice(number)
        spool.begin(began, "What was good?", [names[each] for each in parts(number)[:-1]])
        names[number] = spool.current
        note("began", number, spool.current)
        for at in range(0, len(said), 2 * FRAME):
            spool.append(said[at : at + 2 * FRAME])
            note("said", number, min(at // 2 + FRAME, len(said) // 2))
        spool.end()
        note("ended", number)
        if number % TOGETHER != 1:
            taken = [names[each] for each in parts(number)]
            heard = b"".join(map(spool.voice, taken))
            journal.keep(
                TEXT,
                WORDS,
                began,
                duration=len(heard) / 2 / RATE,
                prompt="What was good?",
                name=taken[-1],
                voice=heard,
                rate=RATE,
            )
            note("kept", number)
            for name in taken:
                spool.discard(name)
            note("let go", number)
        number += 1


@dataclass
class Life:
    """A journal, the programs that spoke into it until they were killed, and what they noted."""

    folder: Path
    names: dict[str, int] = field(default_factory=dict)
    said: Counter[int] = field(default_factory=Counter)
    kept: set[int] = field(default_factory=set)
    looked_at: set[str] = field(default_factory=set)
    files: set[Path] = field(default_factory=set)
    lacked: int = 0

    def end(self, step: str, nth: int, after: float) -> str:
        """Start a program, kill it some seconds after it did a step for the nth time.

        Returns:
            The last step that it noted.
        """
        ours, theirs = PROCESSES.Pipe(duplex=False)
        begins = max(self.names.values(), default=-1) // TOGETHER * TOGETHER + TOGETHER
        program = PROCESSES.Process(target=speak, args=(self.folder, begins, theirs), daemon=True)
        program.start()
        theirs.close()
        with closing(ours):
            last, left = "", nth
            while left:
                last = self._note(*ours.recv())
                left -= last == step
            time.sleep(after)
            program.kill()
            program.join()
            try:
                while True:
                    last = self._note(*ours.recv())
            except EOFError:
                return last

    def _note(self, step: str, number: int, what: str | int) -> str:
        if step == "began":
            self.names[str(what)] = number
        elif step == "said":
            self.said[number] = int(what)
        elif step == "kept":
            self.kept.add(number)
        return step

    def phase(self, last: str) -> str:
        """Return what a program was doing that noted this last, by what it left."""
        if last != "ended":
            return {
                "started": "opening, recovering",
                "kept": "letting the spool go",
                "let go": "between two glimmers",
            }.get(last, "spooling")
        new = set((self.folder / "recordings").rglob("*.*")) - self.files
        with closing(Journal(self.folder)) as journal:
            listed = {row["path"] for row in journal._db["recordings"].rows}
        if any(path.suffix == ".part" for path in new):
            return "writing the recording"
        if any(path.relative_to(self.folder).as_posix() not in listed for path in new):
            return "committing"
        return "committed, not yet told" if new else "encoding, or between two parts"

    def look(self, *, recovered: bool) -> list[str]:
        """Return what is wrong, in words; also after recovering, if so asked."""
        with (
            closing(Journal(self.folder)) as journal,
            closing(Spool(self.folder, RATE)) as spool,
        ):
            wrong = self._wrong(journal, spool)
            if recovered:
                recover(self.folder, journal, spool)
                wrong += self._wrong(journal, spool)
                left = {path.name for path in (self.folder / "spool").iterdir()} - {"lock"}
                if left:
                    wrong.append(f"the spool still has {left}")
        self.files = set((self.folder / "recordings").rglob("*.*"))
        return wrong

    def _wrong(self, journal: Journal, spool: Spool) -> list[str]:
        db, wrong = journal._db, list[str]()
        if (sound := db.execute("pragma integrity_check").fetchall()) != [("ok",)]:
            wrong.append(f"the database is damaged: {sound}")
        if unfounded := db.execute("pragma foreign_key_check").fetchall():
            wrong.append(f"rows refer to nothing: {unfounded}")
        there = Counter[int]()
        for id_, name in db.execute("select id, dictation from glimmers").fetchall():
            if name not in self.looked_at:
                self.looked_at.add(name)
                self._hear(journal, id_, name, wrong)
            there.update(parts(self.names[name]))
        wrong += [f"{number} is there {many} times" for number, many in there.items() if many > 1]
        wrong += [f"{number} was told kept, and is not" for number in self.kept - there.keys()]
        left = {name for each in spool.leftovers() for name in (*each.before, each.name)}
        for name, number in self.names.items():
            if number not in there:
                has = spool.voice(name) if name in left else b""
                if not voice(number).startswith(has):
                    wrong.append(f"{number} is something else in the spool")
                self._lack(number, len(has) // 2, wrong)
        return wrong

    def _hear(self, journal: Journal, id_: int, name: str, wrong: list[str]) -> None:
        number = self.names[name]
        words = journal._db.table("words").count_where("glimmer_id = ?", [id_])
        found = journal.voice_of(id_)
        if words != len(WORDS) or found is None:
            wrong.append(f"{number} is half there: {words} words")
            return
        has, whole = found[0].astype("<i2").tobytes(), b"".join(map(voice, parts(number)))
        if not whole.startswith(has):
            wrong.append(f"{number} is something else in the journal")
        if number in self.kept and has != whole:
            wrong.append(f"{number} was told kept, and lacks its end")
        before = len(whole) - len(voice(number))
        self._lack(number, (len(has) - before) // 2, wrong)

    def _lack(self, number: int, samples: int, wrong: list[str]) -> None:
        lacks = self.said[number] - samples
        self.lacked = max(self.lacked, lacks)
        if lacks > SYNC_SECONDS * RATE:
            wrong.append(f"{number} lacks {lacks} samples")


AIMS = (
    # The step, how often at most before, and how many seconds after it.
    ("started", 1, 0.03),
    ("said", 150, 0.004),
    ("said", 150, 0.004),
    ("ended", 4, 0.03),
    ("ended", 4, 0.03),
    ("kept", 3, 0.001),
)


def run(folder: Path, moments: int, seed: int) -> tuple[Counter[str], list[str], float]:
    """Kill at so many moments.

    Returns:
        How many were in each phase, what was wrong, and by how many seconds of sound what was there
        fell short of what had been spooled.
    """
    random, phases, wrong = Random(seed), Counter[str](), list[str]()  # noqa: S311
    long_life, lacked = Life(folder / "journal"), 0
    for moment in range(moments):
        step, most, seconds = AIMS[moment % len(AIMS)]
        # Every other start is a first one, in an empty folder.
        first = step == "started" and moment % (2 * len(AIMS)) == 0
        life = Life(folder / f"journal{moment}") if first else long_life
        last = life.end(step, random.randint(1, most), random.uniform(0, seconds))
        phases["opening for the first time" if first else life.phase(last)] += 1
        # What one crash left may meet the next one, in the middle of being recovered.
        wrong += life.look(recovered=random.random() < 0.7)
        lacked = max(lacked, life.lacked)
    long_life.looked_at.clear()
    return phases, wrong + long_life.look(recovered=True), lacked / RATE


def main() -> None:
    """Print in which phases it was killed, and what was wrong afterwards."""
    options = ArgumentParser()
    options.add_argument("--moments", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        phases, wrong, lacked = run(Path(folder), chosen.moments, chosen.seed)
    for phase, many in phases.most_common():
        print(f"{phase:32} {many:4}")
    print(f"the spool lacked at most {lacked:.3f} s (0.5); {len(wrong)} wrong (0)")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()
