"""A machine on the shelf, measured: how soon it listens, what it costs, and what it survives.

.venv/bin/python -m scripts.bench.appliance [--starts 5] [--minutes 5] [--cycles 20]

The real program listens on a virtual microphone, under a stand-in for systemd that does what the
unit asks for: it starts anew after a second, and ends what has not fed the watchdog for eight.
Needs pulseaudio, pulseaudio-utils, flite and root.

With each cycle one misfortune comes: a crash, SIGKILL, a hang, the death and return of the sound
server, a jump of the clock by ten years. In every third one somebody is telling a glimmer just
then. Counted is the time until it listens again, and that every glimmer is there in the end.
"""

from __future__ import annotations

import argparse
import os
import resource
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.bench import report
from tests.conftest import kept
from tests.e2e.conftest import NO_NETWORK, Kitchen, children
from tests.e2e.test_muting import HELD
from voice_glimmer.appliance.button import LONG_SECONDS
from voice_glimmer.hearing import models
from voice_glimmer.speaking.sound import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Speech

WATCHDOG = 8.0
RESTART = 1.0
LIMIT = 60.0
"""Seconds after which a cycle has failed; the bar is 15."""

LOADING = """
import sys
import vosk
vosk.SetLogLevel(-1)
model = vosk.Model(sys.argv[1])
print(open("/proc/self/statm").read().split()[1])
"""
"""Loading the model alone, as anybody would."""
SHIFTED = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from voice_glimmer import clock
from voice_glimmer.__main__ import main

off = Path(sys.argv.pop(1))
clock.Linux.wall = lambda _: datetime.now(UTC) + timedelta(days=int(off.read_text()))
main()
"""
"""The program, with a wall clock that jumps: faketime's own makes the voice's engine fail."""

TOLD = "my neighbor waved at me and smiled"


class Shelf(Kitchen):
    """A kitchen whose microphone delivers within 50 ms of being opened, as one that is real does.

    A virtual one delivers once what its sound server made ahead for the room's noise has been
    played, which may be a second.
    """

    def unmute(self) -> None:
        """Let the microphone hear the room."""
        self._room = subprocess.Popen(
            ["paplay", "--latency-msec=50", "--device=mic", str(self.folder / "room.wav")],
            env={**os.environ, "PULSE_SERVER": f"unix:{self.microphone.socket}"},
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(self._room.wait)
        self._stack.callback(self._room.kill)


class Manager:
    """Does what systemd does for the unit."""

    def __init__(self, kitchen: Kitchen) -> None:
        self.clock = kitchen.folder / "clock"
        self._log = (kitchen.folder / "log").open("w")
        self.shift(0)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = str(kitchen.folder / "notify")
        self._socket.bind(address)
        program = [sys.executable, "-c", SHIFTED, str(self.clock)]
        self._command = [*NO_NETWORK, *program, "listen", "--journal", str(kitchen.journal)]
        self.environment = kitchen.environment | {
            "NOTIFY_SOCKET": address,
            "WATCHDOG_USEC": str(int(WATCHDOG * 1e6)),
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._start_at = 0.0
        self._fed_at = 0.0

    def shift(self, days: int) -> None:
        """Let the program's clock be off by so many days."""
        self.clock.write_text(str(days))

    def until(self, word: str, limit: float = LIMIT) -> float:
        """Do systemd's work until this word is told; return how many seconds that took."""
        began = time.monotonic()
        while time.monotonic() < began + limit:
            self._manage()
            readable, _, _ = select.select([self._socket], [], [], 0.05)
            if readable:
                told = self._socket.recv(4_096).decode().splitlines()
                self._fed_at = time.monotonic()
                if word in told:
                    return time.monotonic() - began
        return float("inf")

    def forget(self) -> None:
        """Pass over what was told by now."""
        while select.select([self._socket], [], [], 0)[0]:
            self._socket.recv(4_096)

    def send(self, number: int) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def end(self) -> None:
        """End the program as systemd does."""
        if self.process:
            self.process.terminate()
            self.process.wait()

    def _manage(self) -> None:
        now = time.monotonic()
        if self.process and self.process.poll() is not None:
            self.process, self._start_at = None, now + RESTART
        if self.process is None and now >= self._start_at:
            self.process = subprocess.Popen(
                self._command, env=self.environment, stdout=self._log, stderr=self._log
            )
            self._fed_at = now + LIMIT  # until it is ready, the time limit of a start counts
        if self.process and now - self._fed_at > WATCHDOG:
            self.process.send_signal(signal.SIGABRT)
            self.process.send_signal(signal.SIGCONT)
            self._fed_at = now


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
    manager.process, manager._start_at = None, 0.0
    manager.forget()
    return took, cpu


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def idle(manager: Manager, minutes: float) -> dict[str, float]:
    """Return what quiet costs the program: CPU, bytes written, resident memory; and the voice."""
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
    told = dict(line.split(": ") for line in (proc / "io").read_text().splitlines())
    resident = int((proc / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return cpu, float(told["write_bytes"]), resident


def cycles(kitchen: Kitchen, manager: Manager, many: int) -> dict[str, Any]:
    """Return how long each misfortune kept it from listening, and what was told and kept."""
    server = kitchen.microphone

    def die(number: int) -> Callable[[], str]:
        def inflict() -> str:
            manager.send(number)
            return "READY=1"

        return inflict

    def lose() -> str:
        server.kill()
        manager.until("STATUS=I cannot hear the microphone.")
        server.start()
        kitchen.unmute()
        return "STATUS=I listen."

    def jump() -> str:
        manager.shift(next(years) * 3_652)
        return "WATCHDOG=1"

    years = cycle([10, 0, -10, 0])
    misfortunes = {
        "crash": die(signal.SIGSEGV),
        "killed": die(signal.SIGKILL),
        "hang": die(signal.SIGSTOP),
        "device": lose,
        "clock": jump,
    }
    took: dict[str, list[float]] = {name: [] for name in misfortunes}
    told = 0
    for number, name in enumerate(islice(cycle(misfortunes), many)):
        manager.until("WATCHDOG=1")
        if number % 3 == 0:
            told += 1
            kitchen.say(f"hey glimmer {TOLD}")
        manager.forget()
        began = time.monotonic()
        manager.until(misfortunes[name]())
        took[name].append(time.monotonic() - began)
        print(f"{number + 1:3} {name:7} {took[name][-1]:5.1f} s", flush=True)
    manager.until("", 20)  # what was told last is read back, and kept
    manager.end()
    return {
        "seconds": {name: [round(each, 2) for each in every] for name, every in took.items()},
        "told": told,
        "woke": (kitchen.folder / "log").read_text().count("You: hey glimmer"),
        "kept": len(kept(kitchen.journal)),
    }


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
            "idle": lambda: idle(manager, chosen.minutes),
            "cycles": lambda: cycles(kitchen, manager, chosen.cycles),
        }.items():
            figures[name] = measure()
            print(name, figures[name], flush=True)
    report.write(chosen, figures)


if __name__ == "__main__":
    main()
