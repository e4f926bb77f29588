"""Ways to break a journal, a spool or an export, or to make them do harm; see hostile.py."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from voice_glimmer.faults import Fault
from voice_glimmer.journal.opening import DATABASE
from voice_glimmer.journal.transfer import export, take_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
OUTSIDE = "outside.flac"
"""A recording beside the journal, which is none of its own."""

TABLES = ("glimmers", "words", "wordings", "wording_words", "tags", "recordings")
DEPTH = 100_000
VALUES: tuple[Any, ...] = (
    *(None, "", "x" * 10**6, "\x00", "never", b"\xff\x00", float("inf"), 1e308, -1, 2**63 - 1),
    *(-(2**63), "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "2026-06-01"),
    *(f"../{OUTSIDE}", "../../../../etc/passwd", "/etc/passwd", "recordings", "recordings/../.."),
)


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
    target = random.choice((str(path.parents[1] / OUTSIDE), f"../{OUTSIDE}"))
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
    (folder / f"{name}.flac").write_bytes(random.randbytes(random.choice((0, 1, 3, 3201, 64_000))))
    for header in (folder / f"{name}.json", *folder.glob("2026*.json")):
        header.write_bytes(random.choice(headers).encode("utf-8", "surrogateescape"))
    for voice in folder.glob("2026*.flac"):
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
