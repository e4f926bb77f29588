"""A journal as a table for spreadsheets (CSV, RFC 4180), and back.

A spreadsheet takes what begins like a formula for one; such a cell gets an apostrophe in front
(OWASP, "CSV Injection"), which is taken away again.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pydantic import ValidationError

from voice_glimmer.faults import Fault
from voice_glimmer.journal.lines import LONGEST_LINE, Line, checked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

COLUMNS = (
    *("text", "spoken_at", "tags", "favourite", "prompt", "duration"),
    *("zone", "source", "uid"),
)
HEADER = ",".join(COLUMNS)

_LIKE_FORMULAS = tuple("=+-@\t\r\n＝＋－＠'")  # noqa: RUF001 - full-width ones count, too


def rows(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the table's rows, with their ends, the header first."""
    yield f"{HEADER}\r\n"
    for line in lines:
        cells = {
            **line.model_dump(mode="json", include=set(COLUMNS)),
            "tags": _row(line.tags),
            "favourite": "yes" if line.favourite else "no",
        }
        yield _row([_guarded(str(cells[name])) for name in COLUMNS]) + "\r\n"


def read(lines: Iterable[str]) -> Iterator[Line]:
    """Yield the glimmers in a table, without voices, words and former wordings.

    Args:
        lines: The table's lines, with their ends as they are.

    Raises:
        Fault: A row is no glimmer; it says which.
    """
    number = 1
    try:
        for row in _cells(lines):
            if number > 1:
                told = dict(zip(COLUMNS, map(_unguarded, row), strict=True))
                tags = next(_cells([told["tags"]]), [])
                yield checked(Line.model_validate({**told, "tags": tags}))
            elif row != list(COLUMNS):
                raise ValueError("another header")
            number += 1
    except (csv.Error, ValidationError, ValueError, OverflowError) as error:
        raise Fault(f"Row {number} of this table is no glimmer. Nothing was imported.") from error


def _cells(lines: Iterable[str]) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_LINE)
    return csv.reader(lines, strict=True)


def _row(cells: Sequence[str]) -> str:
    row = io.StringIO(newline="")
    csv.writer(row).writerow(cells)
    return row.getvalue().removesuffix("\r\n")


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_LIKE_FORMULAS) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_LIKE_FORMULAS) else cell
