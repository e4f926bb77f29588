import errno
import io
import os
import tempfile
from contextlib import closing
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Person
from voice_glimmer.faults import Fault
from voice_glimmer.journal.spool import Leftover, Spool

BEGAN = datetime(2026, 11, 24, 8, 30, tzinfo=timezone(timedelta(hours=1)))
BLOCK = bytes(range(200)) * 8  # 50 ms
SURROGATE = f'{{"began_at": "{BEGAN.isoformat()}", "prompt": "\\udcff", "before": []}}'


@pytest.fixture
def spool(tmp_path: Path):
    made = Spool(tmp_path, 16_000)
    yield made
    made.close()


def test_what_is_spoken_is_on_disk_at_once(spool: Spool, tmp_path: Path):
    spool.begin(BEGAN, "What was good?")
    name = spool.current
    for number in range(1, 4):
        spool.append(BLOCK)
        assert heard(tmp_path / "spool" / f"{name}.flac") == [BLOCK] * number
    assert spool.voice(name) == BLOCK * 3


def heard(file: Path) -> list[bytes]:
    """What is in a file, as others would read it: FLAC after FLAC."""
    parts = file.read_bytes().split(b"fLaC")[1:]
    read = [soundfile.read(io.BytesIO(b"fLaC" + part), dtype="int16") for part in parts]
    assert all(rate == 16_000 for _, rate in read)
    return [samples.tobytes() for samples, _ in read]


def test_it_takes_two_thirds_of_the_room_of_the_sound(spool: Spool, person: Person):
    spool.begin(BEGAN, "")
    said = person("my neighbor waved at me and smiled").tobytes()
    for at in range(0, len(said), len(BLOCK)):
        spool.append(said[at : at + len(BLOCK)])
    size = (spool._folder / f"{spool.current}.flac").stat().st_size
    assert size < len(said) * 2 / 3
    assert spool.voice(spool.current) == said


def test_at_most_half_a_second_is_unsynced(spool: Spool, monkeypatch: pytest.MonkeyPatch):
    spool.begin(BEGAN, "")
    spool.append(BLOCK)
    said, synced = 1, [0]
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(said))
    for _ in range(100):
        said += 1
        spool.append(BLOCK)
    steps = [after - before for before, after in pairwise([*synced, said])]
    assert max(steps) * 0.05 <= 0.5


@given(st.data())
def test_cut_off_or_damaged_anywhere_it_holds_what_is_whole(data: st.DataObject):
    with tempfile.TemporaryDirectory() as folder, closing(Spool(Path(folder), 16_000)) as spool:
        spool.begin(BEGAN, "")
        name = spool.current
        random = Random(data.draw(st.integers(0, 99)))
        blocks = [random.randbytes(1600) for _ in range(4)]
        for block in blocks:
            spool.append(block)
        spool.end()
        path = Path(folder) / "spool" / f"{name}.flac"
        whole = path.read_bytes()
        at = data.draw(st.integers(0, len(whole) - 1))
        flipped = whole[:at] + bytes([whole[at] ^ 1 << data.draw(st.integers(0, 7))])
        number = whole[: at + 8].count(b"fLaC\0\0\0\x22") - 1
        for broken, least in ((whole[:at], blocks[:number]), (flipped + whole[at + 1 :], blocks)):
            path.write_bytes(broken)
            voice = spool.voice(name)
            kept = [block for block in blocks if block in voice]
            assert len(kept) >= len(least) - 1
            rest = b""
            for block in kept:
                before, _, voice = voice.partition(block)
                rest += before
            # The damage may have been to how long the FLAC says it is.
            assert any(block.startswith(rest + voice) for block in blocks)


def test_leftovers_are_found_with_their_time_and_prompt(spool: Spool, tmp_path: Path):
    spool.begin(BEGAN, "What was good?")
    name = spool.current
    spool.append(BLOCK)
    spool.close()
    with (tmp_path / "spool" / f"{name}.flac").open("ab") as file:
        file.write(b"fLaC\0\0")  # the power went
    again = Spool(tmp_path, 16_000)
    (leftover,) = again.leftovers()
    assert (leftover.name, leftover.began_at, leftover.prompt) == (name, BEGAN, "What was good?")
    assert again.voice(name) == BLOCK
    again.discard(name)
    assert again.leftovers() == []
    again.close()


@pytest.mark.parametrize(
    "header", [None, "", "{}", "[]", '{"began_at": 7, "prompt": ""}', "[" * 100_000, SURROGATE]
)
def test_a_damaged_header_does_not_lose_the_voice(spool: Spool, tmp_path: Path, header: str | None):
    spool.begin(BEGAN, "What was good?")
    name = spool.current
    spool.append(BLOCK)
    path = tmp_path / "spool" / f"{name}.json"
    path.unlink() if header is None else path.write_text(header)
    (leftover,) = spool.leftovers()
    assert (leftover.name, leftover.prompt) == (name, "")
    assert leftover.began_at.tzinfo is not None


def test_a_full_disk_costs_nothing_that_was_said(spool: Spool, monkeypatch: pytest.MonkeyPatch):
    spool.begin(BEGAN, "")
    name = spool.current
    spool.append(b"aabb")
    real, full = os.write, True

    def write(descriptor: int, data: bytes) -> int:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write)
    spool.append(b"ccdd")
    assert spool.voice(name) == b"aabbccdd"
    full = False
    spool.append(b"ee")
    spool.end()
    assert spool.voice(name) == b"aabbccddee"
    assert heard(spool._folder / f"{name}.flac") == [b"aabb", b"ccdd", b"ee"]


def test_a_second_program_is_refused(spool: Spool, tmp_path: Path):
    with pytest.raises(Fault, match="Another Voice Glimmer"):
        Spool(tmp_path, 16_000)
    spool.close()
    Spool(tmp_path, 16_000).close()


def test_what_the_disk_did_not_take_is_offered_again_at_the_end(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
):
    spool.begin(BEGAN, "")
    name = spool.current
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        spool.append(b"aabb")
    spool.end()
    assert heard(spool._folder / f"{name}.flac") == [b"aabb"]


def test_a_folder_that_turned_read_only_stops_nobody(spool: Spool, monkeypatch: pytest.MonkeyPatch):
    spool.begin(BEGAN, "")
    name = spool.current
    spool.append(BLOCK)
    with monkeypatch.context() as read_only:
        refuse = OSError(errno.EROFS, "Read-only file system")
        read_only.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(refuse))
        spool.discard(name)
    assert [leftover.name for leftover in spool.leftovers()] == [name]


def test_a_header_without_a_voice_goes_at_the_next_start(spool: Spool, tmp_path: Path):
    spool.begin(BEGAN, "")
    kept = spool.current
    spool.append(BLOCK)
    spool.close()
    for name in ("20260101T000000.000000Z", "a.b"):
        (tmp_path / "spool" / f"{name}.json").write_text("{}")
    Spool(tmp_path, 16_000).close()
    assert {path.name for path in (tmp_path / "spool").iterdir()} == {
        *("lock", f"{kept}.json", f"{kept}.flac"),
    }


def test_hostile_files_are_passed_over(spool: Spool, tmp_path: Path):
    folder = tmp_path / "spool"
    (folder / "dangling.flac").symlink_to(tmp_path / "nowhere")
    (folder / "folder.flac").mkdir()
    spool.begin(BEGAN, "")
    spool.append(BLOCK)
    said = (folder / f"{spool.current}.flac").read_bytes()
    spool.discard(spool.current)
    (folder / "no\udcfftext.flac").write_bytes(said)
    (folder / "noise.flac").write_bytes(BLOCK)
    (folder / "late.flac").write_bytes(said)
    (folder / "late.json").write_text('{"began_at": "9999-12-31T23:59:59+00:00", "prompt": 7}')
    assert [leftover.name for leftover in spool.leftovers()] == ["late"]
    assert (folder / "noise.flac").exists()


@pytest.mark.parametrize("refused", ["stat", "read_bytes"])
def test_what_the_disk_does_not_give_back_now_holds_up_nothing_else_and_stays(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, refused: str
):
    names = list[str]()
    for minute in range(2):
        spool.begin(BEGAN + timedelta(minutes=minute), "", names)
        names.append(spool.current)
        spool.append(BLOCK)
    spool.end()
    bad, good = names
    with monkeypatch.context() as disk:
        refuse(disk, refused, f"{bad}.flac")
        assert [(each.name, each.before) for each in spool.leftovers()] == [(good, ())]
    assert f"{bad} waits in the spool" in caplog.text
    assert [(each.name, each.before) for each in spool.leftovers()] == [(good, (bad,))]


def refuse(disk: pytest.MonkeyPatch, asked: str, name: str) -> None:
    """Have this be an input/output error for the file of that name."""
    real = getattr(Path, asked)

    def answer(path: Path, *args, **named):
        if path.name == name:
            raise OSError(errno.EIO, "Input/output error", str(path))
        return real(path, *args, **named)

    disk.setattr(Path, asked, answer)


@pytest.mark.parametrize("refused", ["stat", "unlink"])
def test_a_header_that_the_disk_does_not_let_go_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
):
    (tmp_path / "spool").mkdir()
    for name in ("bad", "other"):
        (tmp_path / "spool" / f"{name}.json").write_text("{}")
    with monkeypatch.context() as disk:
        refuse(disk, refused, "bad.json")
        Spool(tmp_path, 16_000).close()
    assert {path.name for path in (tmp_path / "spool").iterdir()} == {"lock", "bad.json"}


def test_a_header_that_the_disk_does_not_give_back_does_not_lose_the_voice(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
):
    spool.begin(BEGAN, "What was good?")
    name = spool.current
    spool.append(BLOCK)
    refuse(monkeypatch, "read_bytes", f"{name}.json")
    (leftover,) = spool.leftovers()
    assert (leftover.name, leftover.prompt) == (name, "")


def test_what_goes_on_from_another_comes_as_one_with_it(spool: Spool):
    names = list[str]()
    for minute in range(3):
        spool.begin(BEGAN + timedelta(minutes=minute), f"prompt {minute}", names)
        names.append(spool.current)
        spool.append(BLOCK)
    spool.end()
    first, second, third = names
    assert spool.leftovers() == [Leftover(third, BEGAN, "prompt 0", (first, second))]
    spool.discard(first)
    (leftover,) = spool.leftovers()
    assert (leftover.name, leftover.before) == (third, (second,))


@pytest.mark.parametrize(
    "before", ['["../journal"]', '["20990101T000000.000000Z"]', '["self"]', '"x"', "7", "null"]
)
def test_a_header_that_names_what_is_not_there_is_no_harm(spool: Spool, before: str):
    spool.begin(BEGAN, "")
    name = spool.current
    spool.append(BLOCK)
    before = before.replace("self", name)
    header = f'{{"began_at": "{BEGAN.isoformat()}", "prompt": "", "before": {before}}}'
    spool._path(name, "json").write_text(header)
    (leftover,) = spool.leftovers()
    assert (leftover.name, leftover.before) == (name, ())
