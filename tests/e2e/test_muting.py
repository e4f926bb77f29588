"""End to end: a long press, as the sound server sees it."""

import subprocess
import sys
import time

import pytest

from tests.e2e.conftest import NO_NETWORK, Kitchen

HELD = """
import sys, threading
from pathlib import Path
from voice_glimmer.appliance.button import Button, Change
from voice_glimmer.cli.fittings import Switch
from voice_glimmer.hearing.frames import Microphone
from voice_glimmer.note import Note

microphone = Microphone(None)
threading.Thread(target=lambda: [None for _ in microphone.frames()], daemon=True).start()
switch = Switch(microphone, Note(Path(sys.argv[1]), bool, nothing=False), list)
button = Button(switch.pressed)
for line in sys.stdin:
    button.change(Change[line.strip().upper()])
"""
"""A real microphone and the button's own code; the contact's changes are read from stdin."""


def listeners(kitchen: Kitchen) -> int:
    """Return how many streams the sound server delivers the microphone to."""
    told = kitchen.microphone.run("pactl", "list", "short", "source-outputs").stdout
    return len(told.splitlines())


def becomes(kitchen: Kitchen, count: int) -> None:
    deadline = time.monotonic() + 20
    while listeners(kitchen) != count:
        if time.monotonic() > deadline:
            pytest.fail(f"the microphone has {listeners(kitchen)} listeners, not {count}")


def test_a_long_press_closes_the_stream_and_another_opens_it(kitchen: Kitchen):
    before = listeners(kitchen)
    with subprocess.Popen(
        [*NO_NETWORK, sys.executable, "-c", HELD, str(kitchen.folder / "muted.json")],
        env=kitchen.environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as held:
        becomes(kitchen, before + 1)
        for then in (before, before + 1):
            held.stdin.write("down\n")
            held.stdin.flush()
            becomes(kitchen, then)
            held.stdin.write("up\n")
            held.stdin.flush()
        held.kill()
