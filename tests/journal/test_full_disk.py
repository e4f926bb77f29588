import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.conftest import needs
from tests.journal.filling import RATE, keep, say, sound, voice
from voice_glimmer.journal.glimmers import Journal, JournalUnavailableError
from voice_glimmer.journal.spool import Spool

ROOT = Path(__file__).parents[2]
MOUNTED = 'mount -t tmpfs -o size=2m,mode=700 tmpfs "$1" && exec "$2" -m tests.journal.filling "$1"'


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Refuse what would make a file larger, as a disk quota does: EFBIG."""
    assert signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_refuses_and_loses_nothing_and_goes_on_with_room_again(tmp_path: Path):
    needs("unshare", "util-linux")
    ran = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", MOUNTED, "sh", tmp_path, sys.executable],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if ran.returncode:
        pytest.fail(f"It needs a mount of its own, or found this: {ran.stderr}", pytrace=False)
    found = json.loads(ran.stdout)
    assert found["kept"] > 3
    assert all(found["refused"].values()), found["refused"]
    made, there = found["tags"]
    assert made == there < 999
    assert found["read"] == [found["kept"]] * 3
    assert found["sound while full"]
    assert found["waiting"] == [True] * 3
    assert found["sound with room again"]
    assert found["left in the spool"] == 0


def test_files_that_may_not_grow_cost_nothing_that_was_said(tmp_path: Path):
    outcomes, kept, waiting = set[str](), dict[int, int](), dict[int, str]()
    with closing(Journal(tmp_path)) as journal, closing(Spool(tmp_path, RATE)) as spool:
        # Each size stops it elsewhere: in the spool, the recording, or the database's log.
        for number, size in enumerate(range(0, 400_000, 9_001)):
            with files_no_larger_than(size):
                name = say(spool, number)
                assert spool.voice(name) == voice(number)
                try:
                    kept[number] = keep(journal, spool, name)
                    outcomes.add("kept")
                except JournalUnavailableError as refused:
                    waiting[number] = name
                    outcomes.add(f"refused: {str(refused).rpartition('] ')[2]}")
            assert sound(journal, kept)
        assert outcomes == {"kept", "refused: File too large", "refused: disk I/O error"}
        for number, name in waiting.items():
            assert spool.voice(name) == voice(number)
            kept[number] = keep(journal, spool, name)
        assert sound(journal, kept)
        assert spool.leftovers() == []
