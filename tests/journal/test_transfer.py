import sqlite3
from contextlib import closing, suppress
from random import Random

import pytest

from tests.journal.kept import LATER, history
from voice_glimmer.faults import Fault
from voice_glimmer.journal.glimmers import Which
from voice_glimmer.journal.transfer import Imported, export, take_in


def test_export_import_export_gives_the_same_bytes(full, tmp_path, opened):
    lines = list(export(full.folder))
    assert len(lines) == 3
    assert not any("gone" in line for line in lines)
    assert take_in(lines, tmp_path / "other") == Imported(new=3, known=0)
    assert list(export(tmp_path / "other")) == lines
    other = opened(tmp_path / "other")
    mine, theirs = (each.find(Which(), limit=9) for each in (full, other))
    for one, two in zip(mine, theirs, strict=True):
        assert (one.text, one.spoken_at, one.tags, one.favourite) == (
            *(two.text, two.spoken_at, two.tags, two.favourite),
        )
        assert one.spoken_at.utcoffset() == two.spoken_at.utcoffset()
    assert other.count(Which(topic="wrens")) == 1
    changed = other.find(Which(topic="wren"), limit=1)[0]
    assert other.unchange(changed.id)
    assert other.find(Which(topic="robin"), limit=1)[0].id == changed.id
    assert sorted(text for text, _ in history(other)) == ["a wren sang", "an owl called"]


def test_importing_twice_adds_nothing_twice(full, tmp_path):
    lines = list(export(full.folder))
    assert take_in(lines, full.folder) == Imported(new=0, known=3)
    assert take_in([*lines, *lines], tmp_path / "other") == Imported(new=3, known=3)
    assert list(export(full.folder)) == lines


def test_what_was_deleted_does_not_come_back(full):
    lines = list(export(full.folder))
    for glimmer in full.find(Which(), limit=9):
        full.delete(glimmer.id, LATER)
    assert take_in(lines, full.folder) == Imported(new=0, known=3)
    assert full.count() == 0


def test_a_dry_run_tells_and_changes_nothing(full, tmp_path):
    assert take_in(export(full.folder), tmp_path / "other", dry_run=True) == Imported(3, 0)
    assert list(export(tmp_path / "other")) == []


def test_another_program_that_writes_meanwhile_does_not_break_an_import(full, tmp_path):
    lines, other = list(export(full.folder)), tmp_path / "other"
    take_in(lines[:1], other)

    def meanwhile():
        yield lines[0]
        second = sqlite3.connect(other / "journal.db", timeout=0)
        with closing(second), suppress(sqlite3.OperationalError), second:
            second.execute("update glimmers set drawn = 1")
        yield lines[1]

    assert take_in(meanwhile(), other) == Imported(new=1, known=1)


def test_a_line_that_is_no_glimmer_is_named_and_nothing_is_imported(full, tmp_path):
    lines = list(export(full.folder))
    with pytest.raises(Fault, match="Line 2 is no glimmer") as raised:
        take_in([lines[0], lines[1].replace('"text"', '"texts"'), lines[2]], tmp_path / "other")
    assert "brot" not in str(raised.value)
    assert list(export(tmp_path / "other")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"favourite":false', '"favourite":"perhaps"'),
        ('"duration":1.0', '"duration":-1.0'),
        ('"duration":1.0', '"duration":NaN'),
        ('"duration":1.0', '"duration":1e999'),
        ('"spoken_at":"2026', '"spoken_at":"0001'),
        ('"spoken_at":"', '"spoken_at":"never '),
        ('"uid":"', '"uid":"../../'),
        ('"source":"', '"source":"'),
        ('{"uid"', '{"surprise":1,"uid"'),
        ('{"uid"', '[{"uid"'),
    ],
)
def test_wrong_values_are_refused(full, tmp_path, old: str, new: str):
    line = next(iter(export(full.folder)))
    broken = line.replace('"typed"', '"told"').replace('"voice"', '"told"')
    broken = broken if old == new else line.replace(old, new)
    if old.endswith('"2026'):
        broken = broken.replace("+00:00", "+14:00").replace("Z", "+14:00")
        broken = broken.replace("0001-06-01", "0001-01-01").replace("T12", "T01")
    assert broken != line
    with pytest.raises(Fault, match="no glimmer"):
        take_in([broken], tmp_path / "other")


def test_mutated_exports_are_refused_or_taken_in_and_never_a_crash(full, tmp_path):
    sound, random, taken = list(export(full.folder)), Random(3), 0
    before = list(export(full.folder))
    for _ in range(400):
        broken = list(random.choice(sound))
        for _ in range(random.randrange(1, 6)):
            broken[random.randrange(len(broken))] = chr(random.choice([0, 34, 44, 125, 200, 55296]))
        try:
            taken += take_in(["".join(broken)], tmp_path / "other").new
        except Fault:
            continue
    assert list(export(full.folder)) == before
    assert len(list(export(tmp_path / "other"))) == taken
