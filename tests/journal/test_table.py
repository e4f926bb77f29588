import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.any_line import journals, plain
from voice_glimmer.faults import Fault
from voice_glimmer.journal.lines import parse
from voice_glimmer.journal.table import HEADER, read, rows
from voice_glimmer.journal.transfer import export


def split(table: str) -> io.StringIO:
    return io.StringIO(table, newline="")


def test_a_spreadsheet_shows_a_glimmer_a_row(full):
    first, _, third = csv.DictReader(split("".join(rows(parse(export(full.folder))))))
    assert first["text"] == "a wren sang"
    assert first["spoken_at"].startswith("2026-06-01T12:00:00")
    assert first["prompt"] == "What was good?"
    assert float(first["duration"]) == 0.5
    assert first["favourite"] == "no"
    assert third["text"] == 'käse "und" brot\n☀'
    assert third["tags"] == "a table,kitchen"
    assert third["favourite"] == "yes"


@given(journals)
def test_what_it_holds_comes_back(lines):
    back = list(read(split("".join(rows(lines)))))
    assert back == [plain(line) for line in lines]


@given(journals)
def test_no_cell_begins_like_a_formula(lines):
    for row in csv.reader(split("".join(rows(lines)))):
        assert not [cell for cell in row if cell.startswith(tuple("=+-@\t\r"))]


@pytest.mark.parametrize(
    "row",
    [
        *("a", 'a,"b', "a" * 10_000_001, ","),
        "a robin sang,2026-06-01,,no,,0,,typed,0123456789abcdef0123456789abcdef",
        "a robin sang,2026-06-01T12:00:00Z,,perhaps,,0,,typed,0123456789abcdef0123456789abcdef",
        "a robin sang,0001-01-01T00:00:00+14:00,,no,,0,,typed,0123456789abcdef0123456789abcdef",
        'a robin sang,2026-06-01T12:00:00Z,"""a",no,,0,,typed,0123456789abcdef0123456789abcdef',
    ],
)
def test_a_row_that_is_no_glimmer_is_named(row: str):
    with pytest.raises(Fault, match="Row 2 of this table is no glimmer"):
        list(read(split(f"{HEADER}\r\n{row}\r\n")))


def test_the_same_row_without_the_fault_is_one():
    row = "a robin sang,2026-06-01T12:00:00Z,a,no,,0,,typed,0123456789abcdef0123456789abcdef"
    assert [line.tags for line in read(split(f"{HEADER}\r\n{row}\r\n"))] == [("a",)]


def test_a_long_text_comes_back(full):
    line = next(parse(export(full.folder))).model_copy(update={"text": "robin " * 100_000})
    assert [each.text for each in read(split("".join(rows([line]))))] == [line.text]


def test_another_table_is_refused():
    with pytest.raises(Fault, match="Row 1"):
        list(read(["text,when\r\n", "a,b\r\n"]))


@given(st.text())
def test_any_text_is_read_or_refused(text: str):
    try:
        list(read(split(f"{HEADER}\r\n{text}")))
    except Fault:
        return
