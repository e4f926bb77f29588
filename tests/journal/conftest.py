from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from voice_glimmer.journal.glimmers import Journal


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Journal]]:
    """Return a function that opens a journal; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(closing(Journal(folder)))


@pytest.fixture
def journal(tmp_path: Path, opened) -> Journal:
    return opened(tmp_path / "journal")
