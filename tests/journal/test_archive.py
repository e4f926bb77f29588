import hashlib
import io
import json
import os
from contextlib import closing
from datetime import timedelta
from random import Random
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import numpy as np
import pytest

from tests.journal.kept import FIRST, LATER, SECOND, SPOKEN, change, keep, recorded
from voice_glimmer.faults import Fault
from voice_glimmer.journal import archive
from voice_glimmer.journal.carrying import carry_in
from voice_glimmer.journal.glimmers import Which
from voice_glimmer.journal.opening import opened as database
from voice_glimmer.journal.transfer import Imported, export, glimmers, take_in


@pytest.fixture
def zipped(full, tmp_path):
    return packed(full, tmp_path / "mine.zip")


def packed(journal, path):
    with path.open("wb") as file:
        archive.write(journal.folder, file)
    return path


def members(path) -> dict[str, bytes]:
    with ZipFile(path) as found:
        return {name: found.read(name) for name in found.namelist()}


def pack(path, content: dict[str, bytes], packing: int = ZIP_STORED):
    with ZipFile(path, "w", packing) as made:
        for name, data in content.items():
            made.writestr(name, data)
    return path


def name_of(voice: bytes) -> str:
    digest = hashlib.sha256(voice).hexdigest()
    return f"recordings/{digest[:2]}/{digest}.flac"


def assert_refused(path, tmp_path, match="Nothing was imported"):
    before = path.read_bytes()
    outside = {each.name for each in tmp_path.iterdir()}
    with pytest.raises(Fault, match=match):
        archive.take_in(path, tmp_path / "other")
    assert list(export(tmp_path / "other")) == []
    assert not [each for each in (tmp_path / "other").rglob("*") if each.suffix == ".flac"]
    assert {each.name for each in tmp_path.iterdir()} - {"other"} == outside - {"other"}
    assert path.read_bytes() == before


def test_it_comes_back_with_every_wording_and_its_voice(full, zipped, tmp_path, opened):
    assert archive.take_in(zipped, tmp_path / "other") == Imported(new=3, known=0)
    other = opened(tmp_path / "other")
    assert list(export(other.folder)) == list(export(full.folder))
    assert packed(other, tmp_path / "theirs.zip").read_bytes() == zipped.read_bytes()
    changed = other.find(Which(topic="wren"), limit=1)[0]
    np.testing.assert_array_equal(other.voice_of(changed.id)[0], SECOND)
    assert other.unchange(changed.id)
    np.testing.assert_array_equal(other.voice_of(changed.id)[0], FIRST)
    mine, theirs = (
        {path.name: path.read_bytes() for path in recorded(each)} for each in (full, other)
    )
    assert theirs == mine


def test_what_was_deleted_stays_behind_with_its_voice(journal, tmp_path):
    keep(journal, "kept", name="a")
    gone = keep(journal, "gone", name="b")
    change(journal, gone, "gone for good", name="c")
    journal.delete(gone, LATER)
    voices = {path.name for path in recorded(journal)}
    found = members(packed(journal, tmp_path / "mine.zip"))
    assert b"gone" not in found.pop("journal.jsonl")
    assert {name.rpartition("/")[2] for name in found} < voices
    assert len(found) == 1


def test_importing_twice_adds_nothing_twice(zipped, tmp_path, opened):
    archive.take_in(zipped, tmp_path / "other")
    voices = {path: path.stat().st_mtime_ns for path in recorded(opened(tmp_path / "other"))}
    assert archive.take_in(zipped, tmp_path / "other") == Imported(new=0, known=3)
    assert voices == {path: path.stat().st_mtime_ns for path in voices}


def test_a_dry_run_tells_and_changes_nothing(zipped, tmp_path, opened):
    assert archive.take_in(zipped, tmp_path / "other", dry_run=True) == Imported(3, 0)
    assert list(export(tmp_path / "other")) == []
    assert recorded(opened(tmp_path / "other")) == []


def test_its_lines_alone_come_back_without_voices(full, zipped, tmp_path):
    lines = members(zipped)["journal.jsonl"].decode().splitlines(keepends=True)
    assert take_in(lines, tmp_path / "other") == Imported(new=3, known=0)
    assert list(export(tmp_path / "other")) == list(export(full.folder))


@pytest.mark.parametrize("how", ["lost", "damaged"])
def test_a_voice_that_is_lost_does_not_keep_the_others_from_being_taken_along(
    full, tmp_path, opened, caplog, how: str
):
    voice = recorded(full)[0]
    if how == "lost":
        voice.unlink()
    else:
        voice.write_bytes(b"something else")
    archive.take_in(packed(full, tmp_path / "mine.zip"), tmp_path / "other")
    assert list(export(tmp_path / "other")) == list(export(full.folder))
    assert len(recorded(opened(tmp_path / "other"))) == 1
    assert f"{voice.name} is left out" in caplog.text


def test_an_archive_that_was_unpacked_and_packed_again_is_taken_in(zipped, tmp_path):
    folders = {"recordings/": b"", "recordings/ab/": b""}
    again = pack(tmp_path / "again.zip", folders | members(zipped), ZIP_DEFLATED)
    assert archive.take_in(again, tmp_path / "other").new == 3


@pytest.mark.parametrize(
    "name",
    [
        *("../evil.flac", "/evil.flac", "recordings/../../evil.flac", "C:\\evil.flac"),
        *("recordings/ab/evil.flac", "journal.db", "recordings/../", "journal.jsonl/"),
        *(name_of(b"evil").replace(".flac", ".exe"), f"{name_of(b'evil')}\n"),
    ],
)
def test_a_name_that_is_none_of_ours_is_refused(zipped, tmp_path, name: str):
    evil = pack(tmp_path / "evil.zip", members(zipped) | {name: b"evil"})
    assert_refused(evil, tmp_path)


@pytest.mark.parametrize("damage", ["changed", "swapped", "missing", "wrong folder"])
def test_a_voice_that_is_not_what_its_name_says_is_refused(zipped, tmp_path, damage: str):
    found = members(zipped)
    one, two = (name for name in found if name != "journal.jsonl")
    match damage:
        case "changed":
            found[one] += b"!"
        case "swapped":
            found[one], found[two] = found[two], found[one]
        case "missing":
            del found[two]
        case "wrong folder":
            found[f"recordings/00/{one.rpartition('/')[2]}"] = found.pop(one)
    assert_refused(pack(tmp_path / "evil.zip", found), tmp_path, "recording")


def test_a_line_that_is_no_glimmer_is_refused(zipped, tmp_path):
    found = members(zipped)
    found["journal.jsonl"] += b'{"uid":"1"}\n'
    assert_refused(pack(tmp_path / "evil.zip", found), tmp_path, "Line 4 is no glimmer")


def test_no_lines_are_refused(zipped, tmp_path):
    found = members(zipped)
    del found["journal.jsonl"]
    assert_refused(pack(tmp_path / "evil.zip", found), tmp_path)


def test_a_bomb_is_refused_whatever_its_header_says(zipped, tmp_path):
    bomb = bytes(archive.LARGEST_VOICE + 1)
    evil = pack(tmp_path / "evil.zip", members(zipped) | {name_of(bomb): bomb}, ZIP_DEFLATED)
    assert_refused(evil, tmp_path)
    small = (1000).to_bytes(4, "little")
    evil.write_bytes(evil.read_bytes().replace(len(bomb).to_bytes(4, "little"), small))
    assert_refused(evil, tmp_path)


def test_many_small_bombs_are_refused(zipped, tmp_path):
    large = bytes(archive.LARGEST_VOICE - 1)
    many = {name_of(bomb): bomb for bomb in (large + b"a", large + b"b")}
    evil = pack(tmp_path / "evil.zip", members(zipped) | many, ZIP_DEFLATED)
    assert_refused(evil, tmp_path)


@pytest.mark.parametrize("lines", [b" " * 10_000_001, (b" " * 1_000_000 + b"\n") * 80, b"\xff\n"])
def test_lines_that_never_end_or_are_no_text_are_refused(tmp_path, lines: bytes):
    evil = pack(tmp_path / "evil.zip", {"journal.jsonl": lines}, ZIP_DEFLATED)
    assert_refused(evil, tmp_path)


def test_a_member_twice_is_refused(zipped, tmp_path):
    with ZipFile(zipped, "a") as found, pytest.warns(UserWarning, match="Duplicate"):
        found.writestr("journal.jsonl", b"")
    assert_refused(zipped, tmp_path)


@pytest.mark.parametrize("packing", [ZIP_BZIP2, ZIP_LZMA])
def test_an_archive_that_is_packed_as_ours_never_are_is_refused(zipped, tmp_path, packing: int):
    assert_refused(pack(tmp_path / "evil.zip", members(zipped), packing), tmp_path)


def test_an_encrypted_member_is_refused(zipped, tmp_path):
    with ZipFile(zipped, "a") as found:
        found.getinfo("journal.jsonl").flag_bits |= 1
        found._didModify = True
    assert_refused(zipped, tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_archive_is_refused(zipped, tmp_path, share: float):
    content = zipped.read_bytes()
    zipped.write_bytes(content[: int(len(content) * share)])
    assert_refused(zipped, tmp_path)


def test_a_full_disk_leaves_nothing_behind(zipped, tmp_path, opened):
    other = opened(tmp_path / "other")
    keep(other, "mine", name="")
    second = [name for name in members(zipped) if name != "journal.jsonl"][1]
    # Where its folder should be there is a file: it cannot be written.
    (other.folder / "recordings").mkdir()
    (other.folder / "recordings" / second.split("/")[1]).touch()
    with pytest.raises(Exception, match="recordings"):
        archive.take_in(zipped, other.folder)
    assert other.count() == 1
    assert [path.suffix for path in recorded(other)] == [""]


def test_mutated_archives_are_refused_or_taken_in_and_never_a_crash(full, zipped, tmp_path):
    sound, random, taken = zipped.read_bytes(), Random(11), 0
    mine = list(export(full.folder))
    for number in range(300):
        broken = bytearray(sound[: random.choice([len(sound), random.randrange(len(sound))])])
        for _ in range(random.randrange(1, 12)):
            if broken:
                broken[random.randrange(len(broken))] = random.randrange(256)
        zipped.write_bytes(broken)
        try:
            taken += archive.take_in(zipped, tmp_path / "others" / str(number % 7)).new
        except Fault:
            continue
    held = sum(len(list(export(folder))) for folder in (tmp_path / "others").iterdir())
    assert held == taken
    assert list(export(full.folder)) == mine
    assert {each.name for each in tmp_path.iterdir()} == {"journal", "mine.zip", "others"}


def test_it_is_a_zip_that_other_programs_read(full):
    file = io.BytesIO()
    archive.write(full.folder, file)
    with ZipFile(file) as found:
        assert found.testzip() is None
        first = json.loads(found.read("journal.jsonl").splitlines()[0])
        path = first["wordings"][0]["recording"]["path"]
        assert found.read(path) == (full.folder / path).read_bytes()


def test_a_voice_that_a_known_glimmer_shares_with_a_new_one_comes_along(journal, tmp_path, opened):
    keep(journal, "known", name="a")
    take_in(list(export(journal.folder)), tmp_path / "other")
    keep(journal, "new, and earlier", SPOKEN - timedelta(days=1), "b")
    zipped = packed(journal, tmp_path / "mine.zip")
    assert archive.take_in(zipped, tmp_path / "other") == Imported(new=1, known=1)
    other = opened(tmp_path / "other")
    np.testing.assert_array_equal(other.voice_of(2)[0], FIRST)


def test_what_is_kept_meanwhile_is_left_for_the_next_time(journal, tmp_path):
    keep(journal, "before", name="a")

    class Meanwhile(io.BytesIO):
        def write(self, data) -> int:
            keep(journal, "meanwhile", name="b")
            return super().write(data)

    file = Meanwhile()
    archive.write(journal.folder, file)
    (tmp_path / "mine.zip").write_bytes(file.getvalue())
    assert archive.take_in(tmp_path / "mine.zip", tmp_path / "other") == Imported(1, 0)


def test_a_voice_that_waits_long_for_its_glimmer_is_not_taken_for_an_orphan(full, tmp_path):
    with closing(database(full.folder)) as db:
        lines = list(glimmers(db))

    class Slow:
        def lines(self):
            return iter(lines)

        def voices(self):
            for path in {each.path for line in lines for each in line.voices()}:
                yield path, (full.folder / path).read_bytes()
                os.utime(tmp_path / "other" / path, (0, 0))

    assert carry_in(Slow(), tmp_path / "other", dry_run=False).new == 3
    voices = list((tmp_path / "other" / "recordings").rglob("*.flac"))
    assert len(voices) == 2
    assert all(each.stat().st_mtime > 0 for each in voices)


def test_an_import_that_fails_leaves_the_voices_that_were_there(zipped, tmp_path, opened):
    other = opened(tmp_path / "other")
    keep(other, "mine", name="a")
    shared = other.newest(1)[0].recording
    found = members(zipped)
    evil = {shared: found.pop(shared)} | {
        name: content + b"!" * name.startswith("recordings") for name, content in found.items()
    }
    with pytest.raises(Fault, match="damaged"):
        archive.take_in(pack(tmp_path / "evil.zip", evil), other.folder)
    np.testing.assert_array_equal(other.voice_of(1)[0], FIRST)
    assert len(recorded(other)) == 1
