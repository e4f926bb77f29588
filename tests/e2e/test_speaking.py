"""The synthesis process breaks while a long glimmer is read, and nobody is left waiting."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from tests.e2e.conftest import Kitchen, Program, children
from tests.e2e.test_interruption import PLAIN, remember
from tests.e2e.test_kitchen import wake
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.speaking.mouth import PATIENCE_SECONDS

LONG = " and ".join(PLAIN)


def synthesis(program: Program) -> int:
    """Return the process that makes the program's speech."""
    (voice,) = [
        child
        for child in children(program.process.pid)
        if b"speaking.espeak" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    return voice


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
def test_a_long_glimmer_is_read_to_its_end_though_the_voice_breaks(
    kitchen: Kitchen, fault: signal.Signals
):
    remember(kitchen, [LONG])
    program = kitchen.start()
    wake(kitchen)
    kitchen.say("read my last glimmer")
    mark = kitchen.loudspeaker.mark()
    shown = program.shows(f"Glimmer: {LONG}")
    kitchen.loudspeaker.reaches(kitchen.loudspeaker.mark() + RATE)
    broken = synthesis(program)
    os.kill(broken, fault)
    heard = kitchen.loudspeaker.since(mark, PATIENCE_SECONDS + 0.5)
    assert synthesis(program) != broken
    loud = np.flatnonzero(np.abs(heard.astype(int)) > 300)
    assert np.diff(loud).max() / RATE <= PATIENCE_SECONDS
    words = kitchen.recognised(heard).split()
    assert words.count("garden") == len(PLAIN)
    program.shows("Now: Resting", shown)
    wake(kitchen)
    program.shows("Chime: woke", shown)
    assert list((kitchen.folder / "cache/voice-glimmer/speech").glob("*.flac"))
