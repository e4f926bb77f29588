"""Killed at every step of sealing and unsealing: the journal is whole, and a second try ends it."""

import multiprocessing
import os
import shutil
import signal
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.journal.kept import keep
from tests.journal.test_sealing import KEY, legible
from voice_glimmer.journal.connecting import is_plain
from voice_glimmer.journal.glimmers import Journal
from voice_glimmer.journal.opening import DATABASE
from voice_glimmer.journal.places import Sealed
from voice_glimmer.journal.sealing import seal, unseal

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])
STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "sqlcipher3.connect"}
"""Python's audit events of what is done to files; none is told of writing into an open one."""


def die(act, folder: Path, last: int) -> None:
    """Do it, and be killed before the last of so many steps."""
    left = last

    def hook(event: str, arguments: tuple) -> None:
        nonlocal left
        if event in STEPS and str(folder) in str(arguments[0]):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    act(Sealed(folder, KEY))


def die_after(act, folder: Path, seconds: float) -> None:
    """Do it, and be ended by the system after so many seconds, wherever it is."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    act(Sealed(folder, KEY))


def said(place) -> list[tuple[str, bytes]]:
    """Return every glimmer with its voice."""
    with closing(Journal(place)) as journal:
        found = journal.newest(999)
        return [(each.text, journal.voice_of(each.id)[0].tobytes()) for each in found]


def made(place: Sealed, act, many: int) -> list[tuple[str, bytes]]:
    """Make a journal that `act` is to change; return what is in it."""
    with closing(Journal(place.folder)) as journal:
        for number in range(many):
            keep(journal, f"robin {number}", name=str(number), voice=bytes([number + 1]) * 32_000)
    shutil.copy(place / DATABASE, place / f"{DATABASE}.before-restore")
    whole = said(place.folder)
    if act is unseal:
        seal(place)
    return whole


def ended(begun: Sealed, place: Sealed, how, act, what: float) -> int:
    """Do it with a copy, in a process that may be killed; return how it ended."""
    shutil.copytree(begun.folder, place.folder)
    program = PROCESSES.Process(target=how, args=(act, place.folder, what))
    program.start()
    program.join()
    return program.exitcode


def is_whole_after(place: Sealed, act, whole: list[tuple[str, bytes]]) -> bool:
    """Check that nothing is lost, and that a second try ends it; return whether it was done."""
    done = is_plain(place / DATABASE) is (act is unseal)
    assert said(place if done is (act is seal) else place.folder) == whole
    act(place)
    assert said(place.folder if act is unseal else place) == whole
    files = {path.suffix for path in (place / "recordings").rglob("*.*")}
    # What was being written goes in the night, as wherever a program is killed.
    assert files - {".part"} == ({".flac"} if act is unseal else {".sealed"})
    assert bool(legible(place.folder)) is (act is unseal)
    shutil.rmtree(place.folder)
    return done


@pytest.mark.parametrize("act", [seal, unseal])
def test_killed_at_every_step(tmp_path: Path, act):
    begun, place = Sealed(tmp_path / "begun", KEY), Sealed(tmp_path / "journal", KEY)
    whole, steps, killed, done = made(begun, act, 2), 0, True, set[bool]()
    while killed:
        steps += 1
        code = ended(begun, place, die, act, steps)
        killed = code == -signal.SIGKILL
        assert killed or code == 0
        done.add(is_whole_after(place, act, whole))
    assert done == {False, True}
    assert steps > 20


@pytest.mark.parametrize("act", [seal, unseal])
def test_killed_at_random_moments(tmp_path: Path, act):
    begun, place = Sealed(tmp_path / "begun", KEY), Sealed(tmp_path / "journal", KEY)
    whole, random = made(begun, act, 40), Random(2)
    started = time.perf_counter()
    assert ended(begun, place, die_after, act, 100) == 0
    took = time.perf_counter() - started
    assert is_whole_after(place, act, whole)
    codes = set[int]()
    for _ in range(20):
        codes.add(ended(begun, place, die_after, act, random.uniform(0.001, took)))
        is_whole_after(place, act, whole)
    assert -signal.SIGALRM in codes <= {-signal.SIGALRM, 0}
