"""A stand-in for systemd: does what the unit asks for, and has a clock that can be set."""

from __future__ import annotations

import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.conftest import NO_NETWORK

if TYPE_CHECKING:
    from tests.e2e.conftest import Kitchen

WATCHDOG = 8.0
RESTART = 1.0
LIMIT = 60.0
"""Seconds after which a cycle has failed; the bar is 15."""

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


def written(pid: int) -> int:
    """Return how many bytes a process has had written to the disk."""
    told = Path(f"/proc/{pid}/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in told)["write_bytes"])


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
        new = self.clock.with_suffix(".new")
        new.write_text(str(days))
        new.replace(self.clock)  # it is read at any moment

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

    def written(self) -> int:
        """Return how many bytes the program has had written to the disk, without its voice's."""
        return written(self.process.pid)

    def end(self) -> None:
        """End the program as systemd does; it is started anew when something is waited for."""
        if self.process:
            self.process.terminate()
            self.process.wait()
        self.process, self._start_at = None, 0.0
        self.forget()

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
