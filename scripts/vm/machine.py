"""A machine with systemd, sound and a disk, in QEMU; its power can be cut.

Its seconds are its own: a thousand million instructions each, whatever else the computer does that
it runs on. So a limit in seconds means the same everywhere, and no KVM is needed. What it cannot
show is how long memory and vector instructions take.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

BOOT_SECONDS = 600.0
"""Of the computer's, not the machine's."""

SLOWER = 30
"""How many of the computer's seconds one of the machine's may take."""

CARD_RATE = 48_000
PAGE = 8377
OUTSIDE = "10.0.2.100"
"""An address on the machine's network, whose port 7 answers; nothing else can be reached."""


class FailedError(Exception):
    """A check has failed; the message says why."""


class Machine:
    """One processor, 1 GB, and a sound card that can be pulled out.

    What the card plays is in `heard.wav`. Its disk has a write cache, which a power cut empties:
    what the guest has not flushed is gone.

    Args:
        folder: With `disk.img`, `vmlinuz`, `initrd.img` and the key `ssh`; sockets come here, too.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heard = folder / "heard.wav"
        self._processes: list[subprocess.Popen[bytes]] = []
        self.ssh_port, self.page_port = _free_port(), _free_port()

    def start(self) -> float:
        """Switch it on; return after how many seconds one can log in."""
        began = time.monotonic()
        disk, monitor = self.folder / "disk.sock", self.folder / "qmp.sock"
        for path in (disk, monitor):
            path.unlink(missing_ok=True)
        self._begin(
            *("nbdkit", "--foreground", "--exit-with-parent", "--unix", str(disk)),
            *("--filter=cache", "file", str(self.folder / "disk.img"), "cache=writeback"),
        )
        _until(disk.exists, 10, "nbdkit did not start")
        self._begin(
            *("qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=single"),
            *("-icount", "shift=0,sleep=on", "-rtc", "clock=vm"),
            *("-cpu", "max", "-smp", "1", "-m", "1024", "-display", "none", "-nodefaults"),
            *("-serial", f"file:{self.folder / 'console.log'}"),
            *("-kernel", str(self.folder / "vmlinuz")),
            *("-initrd", str(self.folder / "initrd.img")),
            *("-append", "root=/dev/vda rw console=ttyS0 mitigations=off"),
            *("-blockdev", f"nbd,node-name=disk,server.type=unix,server.path={disk}"),
            *("-device", "virtio-blk-pci,drive=disk"),
            "-netdev",
            f"user,id=net,restrict=on,guestfwd=tcp:{OUTSIDE}:7-cmd:cat"
            f",hostfwd=tcp:127.0.0.1:{self.ssh_port}-:22"
            f",hostfwd=tcp:127.0.0.1:{self.page_port}-:{PAGE}",
            *("-device", "virtio-net-pci,netdev=net"),
            *("-audiodev", f"wav,id=sound,path={self.heard},out.frequency={CARD_RATE}"),
            *("-device", "pcie-root-port,id=plug,chassis=1"),
            *("-device", "AC97,id=card,bus=plug,audiodev=sound"),
            *("-qmp", f"unix:{monitor},server=on,wait=off"),
        )
        _until(monitor.exists, 10, "QEMU did not start")
        self._qmp = socket.socket(socket.AF_UNIX)
        self._qmp.connect(str(monitor))
        self._answers = self._qmp.makefile()
        self._answers.readline()
        self.control("qmp_capabilities")
        _until(self._answers_ssh, BOOT_SECONDS, "the machine did not boot; see console.log")
        return time.monotonic() - began

    def run(
        self, command: str, *, user: str = "root", limit: float = 60, check: bool = True
    ) -> str:
        """Run a command in it; return what it printed.

        Raises:
            FailedError: It did not succeed, though `check`, or not within `limit` seconds.
        """
        try:
            done = subprocess.run(
                [*self.ssh(user), command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=limit * SLOWER,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise FailedError(f"after {limit:.0f} s it has not ended: {command}") from error
        told = done.stdout.decode(errors="replace").strip()
        if check and done.returncode:
            raise FailedError(f"exit code {done.returncode} of {command}\n{told}")
        return told

    def uptime(self) -> float:
        """Return its seconds since its start."""
        return float(self.run("cat /proc/uptime").split()[0])

    def ssh(self, user: str = "root") -> list[str]:
        """Return the command that runs the next word in it."""
        options = {
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
            "LogLevel": "ERROR",
            "ConnectTimeout": "20",
        }
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        key = str(self.folder / "ssh")
        return ["ssh", *words, "-i", key, "-p", str(self.ssh_port), f"{user}@127.0.0.1"]

    def send(self, path: Path, to: str) -> None:
        """Copy a file into it."""
        with path.open("rb") as file:
            subprocess.run([*self.ssh(), f"cat >{to}"], stdin=file, timeout=120, check=True)

    def control(self, command: str, **arguments: Any) -> Any:  # noqa: ANN401
        """Tell QEMU something by its machine protocol; return the answer."""
        asked = {"execute": command, "arguments": arguments}
        self._qmp.sendall(json.dumps(asked).encode() + b"\n")
        while True:
            answer = json.loads(self._answers.readline())
            if "error" in answer:
                raise FailedError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def unplug(self) -> None:
        """Pull the sound card out."""
        self.control("device_del", id="card")

    def plug(self) -> None:
        """Put it in again."""
        self.control("device_add", driver="AC97", id="card", bus="plug", audiodev="sound")

    def written(self) -> int:
        """Return the bytes that were written to its disk so far, as QEMU counts them."""
        (disk,) = self.control("query-blockstats")
        return disk["stats"]["wr_bytes"]  # type: ignore[no-any-return]

    def cut(self) -> None:
        """Cut its power."""
        for process in self._processes:
            process.send_signal(signal.SIGKILL)
        for process in self._processes:
            process.wait()
        self._processes = []

    def stop(self) -> None:
        """Switch it off in good order."""
        self.run("poweroff", check=False)
        self._processes[-1].wait(60)
        self._processes[0].terminate()  # which writes its cache
        self._processes[0].wait(60)
        self._processes = []

    def _begin(self, *command: str) -> None:
        log = (self.folder / "processes.log").open("ab")
        self._processes.append(
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        )
        log.close()

    def _answers_ssh(self) -> bool:
        if self._processes[-1].poll() is not None:
            raise FailedError("QEMU has ended; see processes.log")
        tried = [*self.ssh(), "true"]
        return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _until(true: Any, seconds: float, otherwise: str) -> None:  # noqa: ANN401
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise FailedError(otherwise)
        time.sleep(0.1)
