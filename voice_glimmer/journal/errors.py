"""What can go wrong with a journal that is open."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class JournalUnavailableError(Exception):
    """The journal could not be read or written just now; nothing in it has changed."""


class NoSuchGlimmerError(LookupError):
    """No glimmer has this number, or it is deleted; nothing has changed."""


@contextmanager
def told() -> Iterator[None]:
    """Tell of SQLite's and the disk's faults as JournalUnavailableError.

    And of values that are none of ours, as after a bit has flipped: they have a wrong type, or one
    that SQLite does not take back.
    """
    try:
        yield
    except (OSError, sqlite3.Error, OverflowError, TypeError, ValueError) as error:
        raise JournalUnavailableError(str(error)) from error
