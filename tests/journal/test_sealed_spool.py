"""What is being said right now, beside an encrypted journal."""

import errno
import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from scripts.bench.killed import recover
from tests.journal.kept import only
from tests.journal.test_spool import BEGAN, BLOCK
from voice_glimmer.journal.glimmers import Journal
from voice_glimmer.journal.keys import Key
from voice_glimmer.journal.places import Sealed
from voice_glimmer.journal.spool import Leftover, Spool

KEY = Key(bytes(range(32)))


@pytest.fixture
def place(tmp_path: Path) -> Sealed:
    return Sealed(tmp_path, KEY)


@pytest.fixture
def spool(place: Sealed):
    with closing(Spool(place, 16_000)) as made:
        yield made


def stored(spool: Spool, name: str) -> Path:
    return spool._folder / f"{name}.flac"


def test_nothing_that_is_said_is_on_disk_in_the_clear(spool: Spool, place: Sealed):
    spool.begin(BEGAN, "What was good?")
    for _ in range(50):
        spool.append(BLOCK)
        for path in (place / "spool").iterdir():
            assert BLOCK[:20] not in path.read_bytes()
            assert b"good" not in path.read_bytes()
    assert spool.voice(spool.current) == BLOCK * 50


def test_it_is_there_at_the_next_start(spool: Spool, place: Sealed):
    spool.begin(BEGAN, "What was good?")
    first = spool.current
    spool.append(BLOCK)
    spool.begin(BEGAN + timedelta(minutes=1), "", [first])
    second = spool.current
    spool.append(BLOCK[::-1])
    spool.close()
    with closing(Spool(place, 16_000)) as again:
        assert again.leftovers() == [Leftover(second, BEGAN, "What was good?", (first,))]
        assert again.voice(first) + again.voice(second) == BLOCK + BLOCK[::-1]
        again.discard(first)
        again.discard(second)
        assert again.leftovers() == []


def test_a_power_cut_costs_the_last_chunk_alone(spool: Spool):
    """Cut off at any byte: what is whole before is there, and nothing else."""
    spool.begin(BEGAN, "")
    name = spool.current
    for _ in range(4):
        spool.append(BLOCK)
    spool.end()
    whole = stored(spool, name).read_bytes()
    chunk = len(whole) // 4
    for length in [*range(0, len(whole), 97), chunk - 1, chunk, chunk + 1, len(whole)]:
        stored(spool, name).write_bytes(whole[:length])
        assert spool.voice(name) == BLOCK * (length // chunk)


def test_more_than_half_a_second_at_once_is_more_than_one_chunk(spool: Spool):
    spool.begin(BEGAN, "")
    said = os.urandom(3 * 16_000 + 2)
    spool.append(said)
    path = stored(spool, spool.current)
    whole = path.read_bytes()
    assert spool.voice(spool.current) == said
    path.write_bytes(whole[:-1])
    assert spool.voice(spool.current) == said[: 3 * 16_000]


def test_a_full_disk_costs_nothing_and_shows_nothing(spool: Spool, monkeypatch: pytest.MonkeyPatch):
    """Of what it takes only parts, at any byte."""
    random, write = Random(3), os.write

    def some(descriptor: int, data: bytes) -> int:
        if random.random() < 0.3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, bytes(data)[: random.randrange(1, len(data) + 1)])

    spool.begin(BEGAN, "")
    name = spool.current
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", some)
        for number in range(40):
            spool.append(bytes([number]) * 1600)
    assert spool.voice(name) == b"".join(bytes([number]) * 1600 for number in range(40))
    spool.end()
    assert spool.voice(name) == b"".join(bytes([number]) * 1600 for number in range(40))


def test_a_flipped_bit_costs_its_chunk_or_what_follows_and_is_never_heard(spool: Spool):
    spool.begin(BEGAN, "")
    name, random = spool.current, Random(1)
    blocks = [bytes([number]) * 1600 for number in range(6)]
    for block in blocks:
        spool.append(block)
    spool.end()
    whole = stored(spool, name).read_bytes()
    for _ in range(200):
        broken = bytearray(whole)
        broken[random.randrange(len(broken))] ^= 1 << random.randrange(8)
        stored(spool, name).write_bytes(broken)
        heard = spool.voice(name)
        kept = [heard[at : at + 1600] for at in range(0, len(heard), 1600)]
        assert [block for block in blocks if block in kept] == kept
        assert len(kept) < 6


def test_chunks_cannot_be_moved_taken_out_or_brought_from_elsewhere(spool: Spool):
    names = []
    for minute in range(2):
        spool.begin(BEGAN + timedelta(minutes=minute), "")
        names.append(spool.current)
        for number in range(3):
            spool.append(bytes([number + 10 * minute]) * 1600)
    spool.end()
    mine, other = (stored(spool, name).read_bytes() for name in names)
    size = len(mine) // 3
    first, second, third = mine[:size], mine[size : 2 * size], mine[2 * size :]
    for hostile, heard in (
        (first + third, bytes([0]) * 1600),
        (second + first + third, bytes([2]) * 1600),
        (other, b""),
    ):
        stored(spool, names[0]).write_bytes(hostile)
        assert spool.voice(names[0]) == heard


def test_what_another_key_said_stays_where_it_is(spool: Spool, place: Sealed):
    spool.begin(BEGAN, "")
    name = spool.current
    spool.append(BLOCK)
    spool.close()
    with closing(Spool(Sealed(place.folder, Key(bytes(32))), 16_000)) as other:
        assert other.leftovers() == []
    with closing(Spool(place, 16_000)) as again:
        assert again.voice(name) == BLOCK


@pytest.mark.parametrize("header", [b"", b"{}", bytes(100), None])
def test_a_damaged_header_does_not_lose_the_voice(spool: Spool, header: bytes | None):
    spool.begin(BEGAN, "What was good?")
    name = spool.current
    spool.append(BLOCK)
    path = spool._folder / f"{name}.json"
    path.unlink() if header is None else path.write_bytes(header)
    (leftover,) = spool.leftovers()
    assert (leftover.name, leftover.prompt) == (name, "")


@pytest.mark.parametrize("seed", range(20))
def test_hostile_files_are_passed_over(spool: Spool, seed: int):
    path = stored(spool, "20260101T000000.000000Z")
    path.write_bytes(Random(seed).randbytes(seed * 50 + 1))
    assert spool.leftovers() == []
    assert spool.voice(path.stem) == b""
    assert path.exists()


def test_what_a_crash_left_is_kept_at_the_next_start(spool: Spool, place: Sealed):
    spool.begin(BEGAN, "What was good?")
    spool.append(BLOCK * 20)
    spool.end()
    with closing(Journal(place)) as journal:
        recover(place.folder, journal, spool)
        assert only(journal).prompt == "What was good?"
        assert journal.voice_of(1)[0].astype("<i2").tobytes() == BLOCK * 20
    assert {path.name for path in (place / "spool").iterdir()} == {"lock"}
