"""A machine on the shelf, measured: how soon it listens, what it costs, and what it survives.

.venv/bin/python -m scripts.bench.appliance [--starts 5] [--minutes 5] [--cycles 20]

The real program listens on a virtual microphone, under a stand-in for systemd that does what the
unit asks for: it starts anew after a second, and ends what has not fed the watchdog for eight.
Needs pulseaudio, pulseaudio-utils, flite and root.

With each cycle one misfortune comes: a crash, SIGKILL, a hang, the death and return of the sound
server, a jump of the clock by ten years. In every other one somebody is telling a glimmer just
then, or is asked about it. Counted is the time until it listens again, and whether every glimmer
whose wake phrase was heard is there in the end.
"""

from __future__ import annotations

import argparse
import os
import resource
import select
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile

from scripts.bench import report
from scripts.bench.day import day
from scripts.bench.manager import Manager, written
from scripts.bench.misfortunes import cycles
from tests.e2e.conftest import NO_NETWORK, NOISE, Kitchen, children
from tests.e2e.test_muting import HELD
from voice_glimmer.appliance.button import LONG_SECONDS
from voice_glimmer.hearing import models
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.speaking.sound import read

if TYPE_CHECKING:
    from tests.conftest import Speech

LOADING = """
import sys
import vosk
vosk.SetLogLevel(-1)
model = vosk.Model(sys.argv[1])
print(open("/proc/self/statm").read().split()[1])
"""
"""Loading the model alone, as anybody would."""


class Shelf(Kitchen):
    """A kitchen whose microphone delivers within 50 ms of being opened, as one that is real does.

    A virtual one delivers once what its sound server made ahead for the room's noise has been
    played, which may be a second.
    """

    room_options = ("--latency-msec=50",)


def starts(manager: Manager, times: int) -> dict[str, float]:
    """Return the seconds until it is ready, and until the model alone is loaded, in turns.

    Beside them, how much of a processor each took. The first start of all, which checks the model,
    does not count.
    """
    ready, ready_cpu, alone, alone_cpu, resident = [], [], [], [], 0.0
    _restarted(manager)
    for _ in range(times):
        began, cpu = time.monotonic(), _of_children()
        done = subprocess.run(
            [sys.executable, "-c", LOADING, str(models.BUNDLED)],
            capture_output=True,
            text=True,
            check=True,
        )
        alone.append(time.monotonic() - began)
        alone_cpu.append(_of_children() - cpu)
        resident = int(done.stdout) * os.sysconf("SC_PAGE_SIZE") / 2**20
        took, cpu = _restarted(manager)
        ready.append(took)
        ready_cpu.append(cpu)
    return {
        "ready_s": statistics.median(ready),
        "ready_cpu_s": statistics.median(ready_cpu),
        "model_alone_s": statistics.median(alone),
        "model_alone_cpu_s": statistics.median(alone_cpu),
        "model_resident_mib": resident,
    }


def _restarted(manager: Manager) -> tuple[float, float]:
    """Start the program, and end it once it is ready; return the seconds, and the processor's."""
    took = manager.until("READY=1")
    cpu = _used(manager.process.pid)[0]
    manager.end()
    return took, cpu


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def idle(kitchen: Kitchen, manager: Manager, minutes: float) -> dict[str, float]:
    """Return what quiet costs the program: CPU, bytes written, resident memory; and the voice."""
    kitchen.mute()
    # A room that fell silent would be a fault of the microphone, told and logged.
    hours = np.tile(NOISE, 3 + round(minutes / 5))
    soundfile.write(kitchen.folder / "room.wav", hours, RATE)
    kitchen.unmute()
    manager.until("READY=1")
    speech = Path(manager.environment["XDG_CACHE_HOME"]) / "voice-glimmer" / "speech"
    prepared, ago = -1, 0  # the voice prepares what it says often, once
    while (count := len(list(speech.glob("*")))) != prepared or ago < 3:
        ago = ago + 1 if count == prepared else 0
        prepared = count
        manager.until("", 5)
    pid = manager.process.pid
    before = _used(pid)
    manager.until("", minutes * 60)
    cpu, written, resident = (after - was for after, was in zip(_used(pid), before, strict=True))
    (voice,) = children(pid)
    return {
        "cpu_percent_of_a_core": 100 * cpu / (minutes * 60),
        "written_bytes": written,
        "resident_mib": resident + before[2],
        "voice_resident_mib": _used(voice)[2],
    }


def _used(pid: int) -> tuple[float, float, float]:
    proc = Path(f"/proc/{pid}")
    fields = (proc / "stat").read_text().rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    resident = int((proc / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return cpu, float(written(pid)), resident


def long_presses(kitchen: Kitchen, times: int) -> list[float]:
    """Return the milliseconds from a press being long to the stream's end at the sound server."""
    environment = os.environ | {"PULSE_SERVER": f"unix:{kitchen.microphone.socket}"}
    found = []
    with (
        subprocess.Popen(["pactl", "subscribe"], env=environment, stdout=subprocess.PIPE) as server,
        subprocess.Popen(
            [*NO_NETWORK, sys.executable, "-c", HELD, str(kitchen.folder / "muted.json")],
            env=kitchen.environment,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as held,
    ):
        events, contact = server.stdout.fileno(), held.stdin.fileno()

        def settle() -> None:
            """Wait until streams neither come nor go: each device is tried in several ways."""
            while select.select([events], [], [], 3.0)[0]:
                os.read(events, 65_536)

        for _ in range(times):
            settle()
            began = time.monotonic()
            os.write(contact, b"down\n")
            told = b""
            while b"'remove' on source-output" not in told:
                told = os.read(events, 65_536)
            found.append((time.monotonic() - began - LONG_SECONDS) * 1_000)
            settle()
            os.write(contact, b"up\ndown\n")
            settle()
            os.write(contact, b"up\n")
        held.kill()
        server.kill()
    return found


def main() -> None:
    """Measure, print, and write the figures as JSON if asked to."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--starts", type=int, default=5)
    options.add_argument("--minutes", type=report.minutes, default=5, help="of quiet")
    options.add_argument("--cycles", type=int, default=20)
    chosen = report.asked(options)
    with tempfile.TemporaryDirectory(prefix="vg-", dir="/var/tmp") as folder, ExitStack() as stack:
        said = Path(folder) / "flite.wav"

        def person(text: str, voice: str = "slt") -> Speech:
            subprocess.run(["flite", "-voice", voice, "-t", text, "-o", said], check=True)
            return read(said).at_rate(16_000).samples

        kitchen = Shelf(Path(folder), stack, person, models.load(models.BUNDLED, Path(folder)))
        manager = Manager(kitchen)
        stack.callback(manager.end)
        presses = long_presses(kitchen, 10)
        print(f"long press to closed: {sorted(round(each) for each in presses)} ms", flush=True)
        figures: dict[str, Any] = {"long_press_ms": presses}
        for name, measure in {
            "start": lambda: starts(manager, chosen.starts),
            "idle": lambda: idle(kitchen, manager, chosen.minutes),
            "day": lambda: day(kitchen, manager),
            "cycles": lambda: cycles(kitchen, manager, chosen.cycles),
        }.items():
            figures[name] = measure()
            print(name, figures[name], flush=True)
    report.write(chosen, figures)


if __name__ == "__main__":
    main()
