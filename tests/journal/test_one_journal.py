import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tests.journal.kept import LATER, change, history, keep, only
from voice_glimmer.journal.glimmers import Journal, NoSuchGlimmerError


def test_two_programs_read_and_write_one_journal(tmp_path: Path, opened):
    here, there = opened(tmp_path), opened(tmp_path)
    number = keep(here)
    there.tag(number, "tea")
    there.favour(number, favourite=True)
    assert (only(here).tags, only(here).favourite) == (("tea",), True)
    change(there, number, "a wren")
    assert only(here).text == "a wren"
    here.delete(number, LATER)
    with pytest.raises(NoSuchGlimmerError):
        there.unchange(number)
    there.restore(number)
    assert here.unchange(number)
    assert only(there).text == "a robin sang"


def test_two_programs_at_once_wait_for_each_other(tmp_path: Path):
    rounds, start, failed = 25, Barrier(2), []
    with closing(Journal(tmp_path)) as journal:
        number = keep(journal)

    def use(name: str) -> None:
        # SQLite's connections belong to their thread, as each program has its own.
        try:
            with closing(Journal(tmp_path)) as mine:
                start.wait(10)
                for turn in range(rounds):
                    mine.tag(number, f"{name}{turn}")
                    change(mine, number, f"{name} {turn}", f"{name}{turn}")
                    mine.unchange(number)
                    mine.favour(number, favourite=turn % 2 == 0)
                    only(mine)
        except BaseException as error:
            failed.append(error)

    threads = [Thread(target=use, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with closing(Journal(tmp_path)) as journal:
        assert len(only(journal).tags) == 2 * rounds
        wordings = {text for text, _ in history(journal)} | {only(journal).text}
        spoken = {f"{name} {turn}" for name in ("left", "right") for turn in range(rounds)}
        assert wordings == spoken | {"a robin sang"}


@pytest.mark.parametrize(
    "act",
    [
        lambda journal: keep(journal, name="c"),
        lambda journal: change(journal, 1, "a wren"),
        lambda journal: journal.unchange(2),
        lambda journal: journal.tag(1, "tea"),
        lambda journal: journal.untag(2, "tea"),
        lambda journal: journal.favour(1, favourite=True),
        lambda journal: journal.delete(1, LATER),
        lambda journal: journal.restore(1),
    ],
)
def test_a_program_that_writes_whenever_it_can_is_waited_for(journal, act: Callable):
    keep(journal)
    change(journal, keep(journal, name="x"), "a wren", "y")
    journal.tag(2, "tea")
    path, written = journal.folder / "journal.db", 0

    def write(_statement: str) -> None:
        nonlocal written
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path, timeout=0)) as other:
            other.execute("update glimmers set drawn = drawn + 1")
            other.commit()
            written += 1

    journal._db.conn.set_trace_callback(write)
    act(journal)
    assert written
