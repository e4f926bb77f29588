import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.journal.any_line import journals, plain
from tests.journal.kept import LATER, SPOKEN, keep
from tests.journal.test_others import day_one, jrnl
from voice_glimmer.faults import Fault
from voice_glimmer.journal import recordings
from voice_glimmer.journal.formats import LARGEST_MONTH, Format, export, take_in
from voice_glimmer.journal.lines import Line, Voice
from voice_glimmer.journal.opening import opened as database
from voice_glimmer.journal.transfer import Imported, glimmers, insert

BERLIN = ZoneInfo("Europe/Berlin")
WITH_VOICES = (Format.ARCHIVE, Format.PAGE)


def held(journal: Path) -> list[Line]:
    with closing(database(journal)) as db:
        return list(glimmers(db))


def comparable(journal: Path, form: Format) -> list[Line]:
    """Return what a format has to bring back of a journal, in any order."""
    lines = sorted(held(journal), key=lambda line: line.uid)
    if form in WITH_VOICES:
        return lines
    silent = [line.with_voices(()) for line in lines]
    return silent if form is Format.LINES else [plain(line) for line in silent]


@pytest.mark.parametrize("form", Format)
def test_a_journal_goes_out_and_comes_back(full, tmp_path, form: Format):
    path = tmp_path / "mine"
    export(full.folder, path, form, language="en")
    assert take_in(path, tmp_path / "other", BERLIN, dry_run=True) == Imported(3, 0)
    assert held(tmp_path / "other") == []
    assert take_in(path, tmp_path / "other", BERLIN) == Imported(3, 0)
    assert take_in(path, tmp_path / "other", BERLIN) == Imported(0, 3)
    assert comparable(tmp_path / "other", form) == comparable(full.folder, form)


@pytest.mark.parametrize("form", Format)
def test_exports_are_for_the_own_user_alone(full, tmp_path, form: Format):
    path = tmp_path / "mine"
    export(full.folder, path, form, language="en")
    modes = {each.stat().st_mode & 0o077 for each in (path, *path.rglob("*"))}
    assert modes == {0}
    assert {each.name for each in tmp_path.iterdir()} == {"journal", "mine"}


@pytest.mark.parametrize("form", Format)
def test_what_was_deleted_is_in_none(journal, tmp_path, form: Format):
    keep(journal, "kept", name="")
    journal.delete(keep(journal, "gone", name=""), LATER)
    path = tmp_path / "mine"
    export(journal.folder, path, form, language="en")
    assert take_in(path, tmp_path / "other", BERLIN) == Imported(1, 0)


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("what", ["file", "folder", "link"])
def test_nothing_is_overwritten(full, tmp_path, form: Format, what: str):
    path = tmp_path / "mine"
    match what:
        case "file":
            path.write_text("mine")
        case "folder":
            path.mkdir()
            (path / "2026-06.md").write_text("mine")
        case "link":
            path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(Fault, match=r"something in .* already"):
        export(full.folder, path, form, language="en")
    assert {each.name for each in tmp_path.iterdir()} == {"journal", "mine"}
    assert what != "file" or path.read_text() == "mine"


@pytest.mark.parametrize("form", Format)
def test_what_is_empty_is_filled(full, tmp_path, form: Format):
    path = tmp_path / "mine"
    if form is Format.MARKDOWN:
        path.mkdir()
    else:
        path.touch()
    export(full.folder, path, form, language="en")
    assert take_in(path, tmp_path / "other", BERLIN).new == 3


@pytest.mark.parametrize("form", Format)
def test_a_place_that_cannot_be_written_is_a_sentence(full, tmp_path, form: Format):
    with pytest.raises(Fault, match="could not export"):
        export(full.folder, tmp_path / "no" / "such" / "folder", form, language="en")


@pytest.mark.parametrize("form", Format)
def test_an_export_that_fails_leaves_nothing_behind(full, tmp_path, form: Format):
    full._db.execute("drop table words")
    with pytest.raises(Fault, match=r"could not export|is damaged"):
        export(full.folder, tmp_path / "mine", form, language="en")
    assert {each.name for each in tmp_path.iterdir()} == {"journal"}


@pytest.mark.parametrize("form", Format)
def test_an_empty_journal_goes_out_too(journal, tmp_path, form: Format):
    path = tmp_path / "mine"
    export(journal.folder, path, form, language="en")
    if form is Format.MARKDOWN:
        assert list(path.iterdir()) == []
    else:
        assert take_in(path, tmp_path / "other", BERLIN) == Imported(0, 0)


def test_who_travels_over_a_month_s_end_has_each_month_once(journal, tmp_path):
    night = SPOKEN.replace(month=7, day=1, hour=0)
    for hours, zone in enumerate(["Asia/Tokyo", "America/New_York", "Asia/Tokyo"]):
        at = (night + timedelta(hours=hours)).astimezone(ZoneInfo(zone))
        keep(journal, f"number {hours}", at, name="")
    export(journal.folder, tmp_path / "mine", Format.MARKDOWN, language="en")
    assert [each.name for each in sorted((tmp_path / "mine").iterdir())] == [
        "2026-06.md",
        "2026-07.md",
    ]
    assert take_in(tmp_path / "mine", tmp_path / "other", BERLIN).new == 3


@pytest.mark.parametrize(("content", "left_out"), [(jrnl(), 0), (day_one(), 2)])
def test_other_programs_are_known_by_what_they_write(tmp_path, content: bytes, left_out: int):
    path = tmp_path / "theirs"
    path.write_bytes(content)
    assert take_in(path, tmp_path / "other", BERLIN) == Imported(1, 0, left_out)
    assert take_in(path, tmp_path / "other", BERLIN) == Imported(0, 1, left_out)
    (line,) = held(tmp_path / "other")
    assert line.text.endswith(("garden.", "sang."))


def test_a_zip_of_day_one_is_known(tmp_path):
    with ZipFile(tmp_path / "theirs", "w") as archive:
        archive.writestr("Journal.json", day_one())
    assert take_in(tmp_path / "theirs", tmp_path / "other", BERLIN) == Imported(1, 0, 2)


def test_markdown_that_went_through_windows_comes_back(full, tmp_path):
    export(full.folder, tmp_path / "mine", Format.MARKDOWN, language="en")
    (month,) = (tmp_path / "mine").iterdir()
    month.write_bytes(month.read_bytes().replace(b"\n", b"\r\n"))
    assert take_in(month, tmp_path / "other", BERLIN).new == 3
    assert [line.text for line in held(tmp_path / "other")][2] == 'käse "und" brot\n☀'


@pytest.mark.parametrize("content", [b"hello", b"\xff\xd8\xff", b"[1]", b"# My diary\n", b"\0" * 9])
def test_what_is_none_of_these_is_a_sentence(tmp_path, content: bytes):
    (tmp_path / "theirs").write_bytes(content)
    with pytest.raises(Fault, match="do not know the format"):
        take_in(tmp_path / "theirs", tmp_path / "other", BERLIN)


def test_a_month_that_is_too_large_is_refused(full, tmp_path):
    export(full.folder, tmp_path / "mine", Format.MARKDOWN, language="en")
    (month,) = (tmp_path / "mine").iterdir()
    with month.open("ab") as file:
        file.write(b"\n" * LARGEST_MONTH)
    with pytest.raises(Fault, match="cannot read"):
        take_in(month, tmp_path / "other", BERLIN)


def test_what_was_said_is_not_in_the_log(full, tmp_path, caplog):
    caplog.set_level("INFO")
    path = tmp_path / "mine"
    export(full.folder, path, Format.LINES, language="en")
    path.write_text(path.read_text().replace('"text"', '"texts"'))
    with pytest.raises(Fault, match="Line 1 is no glimmer"):
        take_in(path, tmp_path / "other", BERLIN)
    assert f"{path} was not imported: ValidationError" in caplog.text
    assert "wren" not in caplog.text


@pytest.mark.parametrize("form", Format)
def test_a_text_that_looks_like_another_format_changes_nothing(journal, tmp_path, form: Format):
    text = '{"uid" "creationDate" <!doctype html> <!-- glimmer {} --> PK text,spoken_at'
    keep(journal, text, name="")
    export(journal.folder, tmp_path / "mine", form, language="en")
    assert take_in(tmp_path / "mine", tmp_path / "other", BERLIN).new == 1
    assert [line.text for line in held(tmp_path / "other")] == [text]


def test_what_cannot_be_read_is_a_sentence(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "2026-06.md").write_bytes(b"<!-- glimmer \xff")
    for name, match in (
        *(("pipe", "read"), ("nowhere", "read"), ("folder", "no month"), (500 * "a", "read")),
        ("2026-06.md", "read"),
    ):
        with pytest.raises(Fault, match=match):
            take_in(tmp_path / name, tmp_path / "other", BERLIN)


def filled(folder: Path, lines: list[Line], voices: list[bytes]) -> list[Line]:
    """Keep these glimmers, each wording with one of the voices, and return what is held."""
    with closing(database(folder)) as db:
        paths = [recordings.put(folder, voice, end) for voice in voices for end in ("flac", "opus")]
        kinds = [Voice(path=path, rate=16_000, duration=1.5) for path in paths]
        sizes = {path: (folder / path).stat().st_size for path in paths}
        for number, line in enumerate(lines):
            wordings = tuple(
                each.model_copy(update={"recording": kinds[place % len(kinds)]})
                for place, each in enumerate(line.wordings)
            )
            voice = kinds[number % len(kinds)] if number % 3 else None
            lines[number] = line.model_copy(update={"recording": voice, "wordings": wordings})
        insert(lines, db, sizes, dry_run=False)
    return held(folder)


@pytest.mark.parametrize("form", Format)
@settings(max_examples=40)
@given(journals, st.lists(st.binary(max_size=99), min_size=1, max_size=3))
def test_any_journal_comes_back(form: Format, lines, voices):
    with TemporaryDirectory() as folder:
        here = Path(folder)
        mine = filled(here / "journal", lines, voices)
        export(here / "journal", here / "mine", form, language="en")
        if form is Format.MARKDOWN and not mine:
            return
        assert take_in(here / "mine", here / "other", BERLIN) == Imported(len(mine), 0)
        assert comparable(here / "other", form) == comparable(here / "journal", form)
        export(here / "other", here / "theirs", form, language="en")
        if form in {Format.ARCHIVE, Format.LINES}:
            assert (here / "theirs").read_bytes() == (here / "mine").read_bytes()


@pytest.mark.parametrize("form", [each for each in Format if each is not Format.ARCHIVE])
def test_mutated_exports_are_refused_or_taken_in_and_never_a_crash(full, tmp_path, form: Format):
    path = tmp_path / "mine"
    export(full.folder, path, form, language="en")
    if form is Format.MARKDOWN:
        (path,) = path.iterdir()
    sound, random, taken = path.read_bytes(), Random(5), 0
    mine = held(full.folder)
    for number in range(300):
        broken = bytearray(sound[: random.choice([len(sound), random.randrange(len(sound))])])
        for _ in range(random.randrange(1, 12)):
            if broken:
                broken[random.randrange(len(broken))] = random.choice([*b'"<>,{}\n\r\\&', 0, 255])
        path.write_bytes(broken)
        try:
            taken += take_in(path, tmp_path / "others" / str(number % 7), BERLIN).new
        except Fault:
            continue
    assert sum(len(held(each)) for each in (tmp_path / "others").iterdir()) == taken
    assert held(full.folder) == mine
    assert {each.name for each in tmp_path.iterdir()} == {"journal", "mine", "others"}


@pytest.mark.parametrize("kind", ["jrnl", "day one", "zip"])
def test_what_other_programs_wrote_is_refused_or_taken_in_and_never_a_crash(tmp_path, kind: str):
    path, random = tmp_path / "theirs", Random(9)
    path.write_bytes(jrnl() if kind == "jrnl" else day_one())
    if kind == "zip":
        with ZipFile(path, "w", ZIP_DEFLATED) as packed:
            packed.writestr("Journal.json", day_one())
    sound, refused = path.read_bytes(), 0
    for _ in range(300):
        broken = bytearray(sound[: random.choice([len(sound), random.randrange(len(sound))])])
        for _ in range(random.randrange(1, 6)):
            if broken:
                broken[random.randrange(len(broken))] = random.choice([*b'"{}[]:,\\09Z', 0, 255])
        path.write_bytes(broken)
        try:
            take_in(path, tmp_path / "other", BERLIN)
        except Fault:
            refused += 1
    assert 0 < refused < 300
    assert {each.name for each in tmp_path.iterdir()} == {"theirs", "other"}
