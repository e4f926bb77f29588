"""Killed at every step of sealing and unsealing: the journal is whole, and a second try ends it."""

import multiprocessing
import os
import shutil
import signal
import sys
from contextlib import closing
from pathlib import Path

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


def said(place) -> list[tuple[str, bytes]]:
    """Return every glimmer with its voice."""
    with closing(Journal(place)) as journal:
        found = journal.newest(9)
        return [(each.text, journal.voice_of(each.id)[0].tobytes()) for each in found]


@pytest.mark.parametrize("act", [seal, unseal])
def test_killed_at_every_step(tmp_path: Path, act):
    begun = Sealed(tmp_path / "begun", KEY)
    with closing(Journal(begun.folder)) as journal:
        for number in range(2):
            keep(journal, f"robin {number}", name=str(number), voice=bytes([number + 1]) * 32_000)
    shutil.copy(begun / DATABASE, begun / f"{DATABASE}.before-restore")
    whole = said(begun.folder)
    if act is unseal:
        seal(begun)
    steps, killed, switched = 0, True, set[bool]()
    while killed:
        steps += 1
        place = Sealed(tmp_path / f"journal{steps}", KEY)
        shutil.copytree(begun.folder, place.folder)
        program = PROCESSES.Process(target=die, args=(act, place.folder, steps))
        program.start()
        program.join()
        killed = program.exitcode == -signal.SIGKILL
        assert killed or program.exitcode == 0
        plain = is_plain(place / DATABASE)
        switched.add(plain is (act is unseal))
        assert said(place.folder if plain else place) == whole
        act(place)
        assert said(place.folder if act is unseal else place) == whole
        files = {path.suffix for path in (place / "recordings").rglob("*.*")}
        # What was being written goes in the night, as wherever a program is killed.
        assert files - {".part"} == ({".flac"} if act is unseal else {".sealed"})
        assert bool(legible(place.folder)) is (act is unseal)
        shutil.rmtree(place.folder)
    assert switched == {False, True}
    assert steps > 20
