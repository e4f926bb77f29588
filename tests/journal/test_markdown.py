import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.any_line import journals, plain
from voice_glimmer.faults import Fault
from voice_glimmer.journal.lines import parse
from voice_glimmer.journal.markdown import files as parts_of
from voice_glimmer.journal.markdown import read
from voice_glimmer.journal.transfer import export


def files(lines) -> dict[str, str]:
    return {name: "".join(parts) for name, parts in parts_of(lines)}


def test_it_reads_as_a_page_of_a_diary(full):
    ((name, content),) = files(parse(export(full.folder))).items()
    assert name == "2026-06.md"
    headings = [line for line in content.splitlines() if line.startswith("#")]
    assert headings == [
        "# June 2026",
        "## Monday, 1 June, 12:00",
        "## Monday, 1 June, 17:45",
        "## Monday, 1 June, 14:00",
    ]
    assert "\n\na wren sang\n\n" in content
    assert '\n\nkäse "und" brot\\\n☀\n\n' in content
    assert "\nFavourite. Tags: a table, kitchen.\n" in content
    assert "> What was good?\n" in content


def test_a_month_is_one_where_it_was_said(full):
    lines = [
        line.model_copy(update={"spoken_at": line.spoken_at.replace(day=30, month=6, hour=23)})
        for line in parse(export(full.folder))
    ]
    assert list(files(lines)) == ["2026-06.md"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# no heading", "\\# no heading"),
        ("1. no list", "1\\. no list"),
        ("- no list", "\\- no list"),
        ("3.5 degrees", "3\\.5 degrees"),
        ("at 3.5 degrees - mild", "at 3.5 degrees - mild"),
        ("*loud* <b>", "\\*loud\\* \\<b\\>"),
        ("one\ntwo\n\nthree", "one\\\ntwo\n\nthree"),
        ("one\r\ntwo &#13;", "one&#13;\\\ntwo \\&\\#13;"),
    ],
)
def test_a_text_never_looks_like_markup(full, text: str, written: str):
    line = next(parse(export(full.folder))).model_copy(update={"text": text})
    content = files([line])["2026-06.md"]
    assert f"-->\n\n{written}\n\n<!--" in content
    assert [each.text for each in read(content)] == [text]


@given(journals)
def test_what_it_holds_comes_back(lines):
    lines = sorted(lines, key=lambda line: (line.spoken_at.year, line.spoken_at.month))
    back = [line for content in files(lines).values() for line in read(content)]
    assert [plain(line) for line in back] == [plain(line) for line in lines]
    assert [line.confidence for line in back] == [line.confidence for line in lines]
    # No comment ends early, where a page is made of it.
    assert sum(each.count("-->") for each in files(lines).values()) == 2 * len(lines)


def test_what_people_write_around_glimmers_is_let_be(full):
    (content,) = files(parse(export(full.folder))).values()
    assert len(list(read(f"My own words.\n\n{content}\n\nAnd more.\n"))) == 3
    assert list(read("# A README\n")) == []


@pytest.mark.parametrize("old", ['"uid":"', " -->", "<!-- end -->", '"source":"', "2026-06"])
def test_a_damaged_one_is_named(full, old: str):
    (content,) = files(parse(export(full.folder))).values()
    first, second = content.index(old), content.index(old, content.index("17:45"))
    assert first < second
    broken = content[:second] + content[second:].replace(old, "", 1)
    with pytest.raises(Fault, match=r"Glimmer 2 .* damaged"):
        list(read(broken))


@given(st.text(), st.text())
def test_any_text_is_read_or_refused(facts: str, text: str):
    try:
        list(read(f"<!-- glimmer {facts} -->\n\n{text}\n\n<!-- end -->\n"))
    except Fault:
        return
