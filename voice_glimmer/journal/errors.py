"""What can go wrong with a journal that is open."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from voice_glimmer.journal.connecting import errors

if TYPE_CHECKING:
    from collections.abc import Iterator


class JournalUnavailableError(Exception):
    """The journal could not be read or written just now; nothing in it has changed."""


class NoSuchGlimmerError(LookupError):
    """No glimmer has this number, or it is deleted; nothing has changed."""


@contextmanager
def told() -> Iterator[None]:
    """Tell of SQLite's and the disk's faults as JournalUnavailableError.

    The last two are of Python's own SQLite module: a number or a text that SQLite does not take.
    """
    try:
        yield
    except errors(OSError, OverflowError, UnicodeEncodeError) as error:
        raise JournalUnavailableError(str(error)) from error
