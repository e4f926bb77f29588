from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.journal.kept import LATER, SPOKEN, change, keep
from voice_glimmer.journal.glimmers import Journal


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Journal]]:
    """Return a function that opens a journal; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(closing(Journal(folder)))


@pytest.fixture
def journal(tmp_path: Path, opened) -> Journal:
    return opened(tmp_path / "journal")


@pytest.fixture
def full(journal):
    """A journal with history, tags, a favourite, a deleted one, and three time zones."""
    changed = keep(journal, "a robin sang", name="a")
    change(journal, changed, "a wren sang", "b")
    change(journal, changed, "an owl called", "c")
    journal.unchange(changed)
    berlin = SPOKEN.astimezone(ZoneInfo("Europe/Berlin")) + timedelta(microseconds=17)
    tagged = keep(journal, 'käse "und" brot\n☀', berlin, name="")
    journal.tag(tagged, "kitchen")
    journal.tag(tagged, "a table")
    journal.favour(tagged, favourite=True)
    kept = keep(journal, "nepal", SPOKEN.astimezone(ZoneInfo("Asia/Kathmandu")), name="d")
    journal.delete(keep(journal, "gone", name="e"), LATER)
    assert kept
    return journal
