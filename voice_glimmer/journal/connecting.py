"""Connections to SQLite, and to SQLCipher where there is a key."""

from __future__ import annotations

import sqlite3
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from voice_glimmer.journal.keys import Key

_PLAIN = b"SQLite format 3\0"
"""How a database begins that is not encrypted (https://sqlite.org/fileformat.html)."""


def connected(path: Path, key: Key | None = None, *, read_only: bool = False) -> sqlite3.Connection:
    """Return a connection to a database; the file is made where there is none.

    Whether the key fits shows at the first statement.

    Args:
        path: The file.
        key: What it is encrypted with; None for a plain one.
        read_only: Read a file that nobody changes meanwhile.
    """
    name = f"{path.absolute().as_uri()}?mode=ro&immutable=1" if read_only else str(path)
    if key is None:
        return sqlite3.connect(name, uri=read_only)
    from sqlcipher3 import dbapi2  # noqa: PLC0415 - an extra

    connection: sqlite3.Connection = dbapi2.connect(name, uri=read_only)
    # It would print by itself what the person is told in a sentence.
    connection.execute("pragma cipher_log_level = none")
    connection.execute(f'pragma key = "{key.sql}"')
    return connection


def errors(*others: type[Exception], name: str = "Error") -> tuple[type[Exception], ...]:
    """Return what to catch: SQLite's errors, SQLCipher's where that is in use, and others.

    SQLCipher's module has classes of its own, of the same names, that are no kind of SQLite's.
    """
    modules = (sqlite3, sys.modules.get("sqlcipher3.dbapi2"))
    return (*(getattr(module, name) for module in modules if module), *others)


def is_plain(path: Path) -> bool:
    """Tell whether a file is a database that is not encrypted.

    Not of one that this process has open: closing any file ends its own locks on that file
    (https://sqlite.org/howtocorrupt.html, 2.2).

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return file.read(len(_PLAIN)) == _PLAIN
