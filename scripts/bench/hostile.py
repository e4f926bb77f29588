"""Journals, spools and exports that somebody broke, or made to do harm.

python -m scripts.bench.hostile [--cases 1000] [--seed 1]
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import traceback
from argparse import ArgumentParser
from collections import Counter
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from scripts.bench.killed import WORDS, recover
from voice_glimmer.faults import Fault
from voice_glimmer.journal import recordings
from voice_glimmer.journal.backup import back_up, restore
from voice_glimmer.journal.glimmers import (
    Journal,
    JournalUnavailableError,
    NoSuchGlimmerError,
    Which,
)
from voice_glimmer.journal.opening import DATABASE
from voice_glimmer.journal.spool import Spool
from voice_glimmer.journal.transfer import export, take_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RATE = 16_000
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TABLES = ("glimmers", "words", "wordings", "wording_words", "tags", "recordings")
DEPTH = 100_000
OUTSIDE = 1_600
"""Samples of a recording beside the journal."""

VALUES: tuple[Any, ...] = (
    *(None, "", "x" * 10**6, "\x00", "never", b"\xff\x00", float("inf"), 1e308, -1, 2**63 - 1),
    *(-(2**63), "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "2026-06-01"),
    *("../outside.flac", "../../../../etc/passwd", "/etc/passwd", "recordings", "recordings/../.."),
)
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
    other = recordings.store(folder / "journal", bytes(2 * OUTSIDE), RATE)
    (folder / "journal" / other.path).rename(folder / "outside.flac")


def bytes_changed(path: Path, random: Random) -> None:
    """Flip, cut off, swap or add bytes of a file."""
    content = bytearray(path.read_bytes())
    match random.randrange(4):
        case 0:
            for _ in range(random.choice((1, 10, 1000))):
                content[random.randrange(len(content))] = random.randrange(256)
        case 1:
            del content[random.randrange(len(content)) :]
        case 2:
            pages = [content[at : at + 4096] for at in range(0, len(content), 4096)]
            one, two = random.randrange(len(pages)), random.randrange(len(pages))
            pages[one], pages[two] = pages[two], pages[one]
            content = bytearray().join(pages)
        case _:
            at = random.randrange(len(content))
            content[at:at] = random.randbytes(random.choice((1, 512, 4096)))
    path.write_bytes(content)


def values_changed(path: Path, random: Random) -> None:
    """Write values that no program of ours writes."""
    with closing(sqlite3.connect(path)) as db, db:
        for _ in range(random.choice((1, 3, 10))):
            table = random.choice(TABLES)
            columns = [row[1] for row in db.execute(f"pragma table_info({table})")]
            with suppress(sqlite3.Error):
                db.execute(
                    f'update {table} set "{random.choice(columns)}" = ?',  # noqa: S608
                    [random.choice(VALUES)],
                )


def types_changed(path: Path, random: Random) -> None:
    """Write values of any type, into tables that are no longer strict."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("pragma writable_schema = on")
        db.execute(
            "update sqlite_master set sql = replace(replace(sql, 'STRICT', ''), 'NOT NULL', '')"
        )
    values_changed(path, random)


SCHEMAS = (
    "drop table X",
    "alter table X rename to other; create view X as select * from other",
    "drop table X; create table X (id, name, path)",
    "drop table X; create view X as select 1 as id, 'x' as name",
    "drop table X; create virtual table X using fts5(id, name, path)",
    "create trigger bad after insert on X begin"
    " delete from glimmers; select raise(rollback, 'no'); end",
    "create trigger bad before update on X begin delete from words; end",
    "alter table glimmers rename column text to words",
    "drop index idx_glimmers_local_day; alter table glimmers drop column drawn",
    "update _sqlite_migrations set name = x'ff'",
    "update _sqlite_migrations set migration_set = 'other'",
    "delete from _sqlite_migrations",
    "alter table _sqlite_migrations drop column applied_at",
    "pragma journal_mode = delete",
)


def schema_changed(path: Path, random: Random) -> None:
    """Put something else in a table's place, or something beside it."""
    table = random.choice((*TABLES, "_sqlite_migrations", "glimmers_fts", "glimmers_fts_data"))
    with closing(sqlite3.connect(path, isolation_level=None)) as db, suppress(sqlite3.Error):
        db.execute("pragma foreign_keys = off")
        db.executescript(random.choice(SCHEMAS).replace("X", table))


def log_added(path: Path, random: Random) -> None:
    """Leave a write-ahead log that belongs to nothing."""
    log = path.with_name(f"{DATABASE}-wal")
    log.write_bytes(b"\x37\x7f\x06\x82" + random.randbytes(random.choice((1, 28, 9000))))


def recordings_changed(path: Path, random: Random) -> None:
    """Break recordings, or let their names lead elsewhere."""
    folder = path.parent
    for voice in (folder / "recordings").rglob("*.flac"):
        match random.randrange(4):
            case 0:
                voice.unlink()
                voice.mkdir()
            case 1:
                voice.unlink()
                voice.symlink_to("/dev/zero")
            case _:
                bytes_changed(voice, random)


def paths_changed(path: Path, random: Random) -> None:
    """Let the database name files outside."""
    target = random.choice((str(path.parents[1] / "outside.flac"), "../outside.flac"))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("update recordings set path = ? where rowid = 1", [target])
        db.execute("update glimmers set recording = ?", [target])


def spool_changed(path: Path, random: Random) -> None:
    """Break what waits in the spool, and add to it."""
    folder = path.parent / "spool"
    name = random.choice(("x", "", "..", "a b", "\udcff", "é\n", "z" * 200, "20990101T000000.0Z"))
    headers = (
        *("", "[" * DEPTH, '{"began_at":' * DEPTH, "null", "\x00", "{}", "1e999", "[]"),
        json.dumps({"began_at": "9999-12-31T23:59:59-23:59", "prompt": {}, "before": [1, None]}),
        json.dumps({"began_at": "0001-01-01T00:00:00+23:59", "prompt": "", "before": ["../x"]}),
        json.dumps({"began_at": NOW.isoformat(), "prompt": "x" * 10**6, "before": {"a": 1}}),
        json.dumps({"began_at": NOW.isoformat(), "prompt": "\udcff\x00", "before": ["\udcff"] * 9}),
        json.dumps({"began_at": "2026-11-24", "prompt": None, "before": "abc"}),
    )
    (folder / f"{name}.pcm").write_bytes(random.randbytes(random.choice((0, 1, 3, 3201, 64_000))))
    for header in (folder / f"{name}.json", *folder.glob("2026*.json")):
        header.write_bytes(random.choice(headers).encode("utf-8", "surrogateescape"))
    for voice in folder.glob("2026*.pcm"):
        bytes_changed(voice, random)


def lines_changed(path: Path, random: Random) -> None:
    """Take in lines whose values are exchanged."""
    lines = [json.loads(line) for line in export(path.parent)]
    for line in lines:
        line[random.choice(list(line))] = random.choice(
            (*filter(lambda each: not isinstance(each, bytes), VALUES), {}, [{}], [[]] * 9, True)
        )
    texts = [json.dumps(line) for line in lines]
    texts.append(random.choice(("[" * DEPTH, '{"uid":' * DEPTH, "\ud800", '{"uid": "\\ud800"}')))
    random.shuffle(texts)
    with suppress(Fault):
        take_in(texts, path.parent)


MUTATIONS: tuple[Callable[[Path, Random], None], ...] = (
    bytes_changed,
    schema_changed,
    values_changed,
    types_changed,
    log_added,
    recordings_changed,
    paths_changed,
    spool_changed,
    lines_changed,
)


def heard(journal: Journal, number: int) -> None:
    """Read a voice; the one outside is the only one of its length."""
    voice = journal.voice_of(number)
    if voice is not None and len(voice[0]) == OUTSIDE:
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
    yield lambda: journal.empty(NOW + timedelta(days=1), NOW + timedelta(days=3650))


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
