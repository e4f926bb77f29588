"""A journal that fills its disk; run by `test_full_disk.py` in a mount namespace of its own.

python -m tests.journal.filling FOLDER
"""

import json
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
from sqlite_utils import Database

from tests.journal.kept import LATER, SPOKEN, words
from voice_glimmer.faults import Fault
from voice_glimmer.journal.backup import back_up
from voice_glimmer.journal.glimmers import Journal, JournalUnavailableError, Which
from voice_glimmer.journal.spool import Spool
from voice_glimmer.journal.transfer import export, take_in

RATE = 16_000


def voice(number: int) -> bytes:
    """Return two seconds of noise, of which FLAC leaves 50 kB."""
    return np.random.default_rng(number).integers(-3000, 3000, 2 * RATE, "<i2").tobytes()


def say(spool: Spool, number: int) -> str:
    """Spool a voice in frames of 50 ms; return its name."""
    spool.begin(SPOKEN + timedelta(minutes=number), "")
    name, said = spool.current, voice(number)
    for at in range(0, len(said), RATE // 10):
        spool.append(said[at : at + RATE // 10])
    spool.end()
    return name


def keep(journal: Journal, spool: Spool, name: str) -> int:
    """Keep what was spooled, as the program does."""
    kept = journal.keep(
        "a robin sang",
        words("a robin sang"),
        SPOKEN,
        duration=2.0,
        prompt="",
        name=name,
        voice=spool.voice(name),
        rate=RATE,
    )
    spool.discard(name)
    return kept


def sound(journal: Journal, kept: dict[int, int]) -> bool:
    """Tell whether these are all that is there, each with its words and its voice, and no part."""
    with closing(Database(journal.folder / "journal.db")) as db:
        checks = [
            db.execute(f"pragma {each}_check").fetchall() for each in ("integrity", "foreign_key")
        ]
        worded = db["words"].count == 3 * len(kept)
    heard = all(journal.voice_of(one)[0].tobytes() == voice(n) for n, one in kept.items())
    parts = [path for path in journal.folder.rglob("*") if ".part" in path.name]
    whole = checks == [[("ok",)], []] and worded and journal.count() == len(kept)
    return whole and heard and not parts


def refused(act: Callable[..., object], *arguments: object) -> bool:
    try:
        act(*arguments)
    except (Fault, JournalUnavailableError):
        return True
    return False


def fill(path: Path) -> None:
    """Write into a file until nothing more fits."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(512))


def main(folder: Path) -> None:
    (folder / "reserve").write_bytes(bytes(800_000))
    found, kept, waiting = dict[str, object](), dict[int, int](), dict[int, str]()
    with closing(Journal(folder)) as journal, closing(Spool(folder, RATE)) as spool:
        for number in range(100):
            name = say(spool, number)
            try:
                kept[number] = keep(journal, spool, name)
            except JournalUnavailableError:
                waiting[number] = name
            if len(waiting) == 3:
                break
        line, one = next(export(folder)), kept[0]
        fill(folder / "rest")
        found["kept"] = len(kept)
        # Small changes find room in the log for a while.
        for tags in range(1000):
            if refused(journal.tag, one, f"tea {tags}"):
                break
        found["tags"] = [tags, len(journal.find(Which(), limit=1, oldest_first=True)[0].tags)]
        found["refused"] = {
            "keep": refused(keep, journal, spool, waiting[number]),
            "back up": refused(back_up, folder, folder / "backups", LATER),
            "make another": refused(Journal, folder / "other"),
            "import": refused(take_in, [line], folder / "other"),
        }
        found["read"] = [
            len(journal.find(Which(topic="robin"), limit=100)),
            len(journal.any_of(Which(), Random(1), limit=100)),
            len(list(export(folder))),
        ]
        found["sound while full"] = sound(journal, kept)
        found["waiting"] = [spool.voice(name) == voice(n) for n, name in waiting.items()]
        for name in ("reserve", "rest"):
            (folder / name).unlink()
        kept |= {n: keep(journal, spool, name) for n, name in waiting.items()}
        kept[100] = keep(journal, spool, say(spool, 100))
        found["sound with room again"] = sound(journal, kept)
        found["left in the spool"] = len(spool.leftovers())
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
