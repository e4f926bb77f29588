from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tests.journal.kept import LATER, change, history, keep, only
from voice_glimmer.journal.glimmers import (
    Journal,
    NoSuchGlimmerError,
)


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
