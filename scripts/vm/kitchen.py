"""A person who lives with the machine: what they say, and what they see and hear of it."""

from __future__ import annotations

import shlex
import subprocess
import wave
from typing import TYPE_CHECKING

import numpy as np

from scripts.vm.machine import CARD_RATE, FailedError, Machine
from tests.e2e.conftest import recognised
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.speaking.sound import Sound, read

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from voice_glimmer.hearing.models import Model

MICROPHONE = "hw:1,1"
"""Where the person is heard: a part of PortAudio's name for it."""

SERVICE = "voice-glimmer.service"
WAV_HEADER = 44

ROOM = """
[Unit]
After=sound.target
[Service]
ExecStart=/bin/sh -c 'while :; do aplay -q -D person /root/room.wav || sleep 1; done'
[Install]
WantedBy=multi-user.target
"""
"""A microphone that hears nothing at all is taken for a broken one."""

FOLLOWER = """
import socket, time
while True:
    try:
        with socket.socket(socket.AF_UNIX) as events:
            events.connect("/run/voice-glimmer/events.sock")
            for line in events.makefile():
                now = time.clock_gettime(time.CLOCK_BOOTTIME)
                print(f"{now:.1f} {line.strip()}", flush=True)
    except OSError:
        time.sleep(0.5)
"""
FOLLOWING = """
[Service]
ExecStart=/usr/bin/python3 -u /root/follow.py
StandardOutput=append:/run/followed
[Install]
WantedBy=multi-user.target
"""
"""What the light would show, with the machine's seconds."""


class Kitchen:
    """Somebody speaks to the machine, and hears what it says.

    Args:
        machine: The machine, which has been started.
        folder: A place for what is said.
        model: What hears, for the person, what the machine says.
    """

    def __init__(self, machine: Machine, folder: Path, model: Model) -> None:
        self.machine = machine
        self.folder = folder
        self._model = model

    def furnish(self) -> None:
        """Give the room its noise, the sound card its level, and the person eyes."""
        noise = np.random.default_rng(0).normal(0, 10, 60 * RATE).astype(np.int16)
        self._send(noise, "room")
        for path, text in {
            "/root/follow.py": FOLLOWER,
            "/etc/systemd/system/room.service": ROOM,
            "/etc/systemd/system/following.service": FOLLOWING,
        }.items():
            self.put(path, text)
        self.machine.run(
            "systemctl enable --quiet --now room following"
            " && for each in Master PCM; do amixer -q -c 0 sset $each 100% unmute; done"
            " && alsactl store && sync"
        )

    def say(self, text: str, until: float = 1.0) -> None:
        """Say something, as far as this fraction of it; return when it has been said."""
        wav = self.folder / "said.wav"
        subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", wav], check=True)
        said = read(wav).at_rate(RATE).samples
        self._send(said[: int(until * len(said))], "said")
        self.machine.run("aplay -q -D person /root/said.wav")

    def seen(self) -> int:
        """Return how many lines have been seen so far, of docs/events.md."""
        return int(self.machine.run("touch /run/followed; wc -l </run/followed"))

    def sees(self, what: str, after: int, seconds: float = 40) -> int:
        """Wait until this is seen; return how many lines there are up to it.

        Raises:
            FailedError: It is not, within so many of the machine's seconds.
        """
        look = f"tail -n +{after + 1} /run/followed | grep -n -m 1 {shlex.quote(what)}"
        self.waits(look, seconds, f"{what} was not seen")
        return after + int(self.machine.run(look).split(":")[0])

    def waits(self, look: str, seconds: float, otherwise: str) -> float:
        """Wait until a command succeeds; return how many of the machine's seconds that took."""
        until = f"until {{ {look}; }} >/dev/null 2>&1; do sleep 0.2; done"
        told = self.machine.run(
            "began=$(cut -d ' ' -f 1 /proc/uptime);"
            f" timeout {seconds} sh -c {shlex.quote(until)}"
            " && cut -d ' ' -f 1 /proc/uptime && echo $began",
            limit=seconds + 30,
            check=False,
        ).split()
        if len(told) != 2:
            seen = self.machine.run("tail -n 5 /run/followed", check=False)
            raise FailedError(f"{otherwise} within {seconds:.0f} s; the last was\n{seen}")
        return float(told[0]) - float(told[1])

    def tell(self, text: str) -> None:
        """Tell a glimmer and say yes to it, and see that it was kept."""
        seen = self.seen()
        self.say(f"hey glimmer {text}")
        seen = self.sees("speaking", self.sees("thinking", seen))
        seen = self.sees("listening", seen)
        self.say("yes")
        self.sees("resting", self.sees('"kept"', seen))

    def listens(self) -> None:
        """Wait until it listens, after a start."""
        self.sees("resting", 0, 120)

    def kept(self) -> str:
        """Return what `voice-glimmer list` shows to the person who owns the machine."""
        return self.machine.run("voice-glimmer list", user="pi")

    def mark(self) -> int:
        """Return up to where the loudspeaker has been listened to."""
        return (self.machine.heard.stat().st_size - WAV_HEADER) // 4 * 4 + WAV_HEADER

    def heard(self, since: int) -> str:
        """Return the words that were heard from the loudspeaker since then."""
        # QEMU writes the file's head when it ends.
        with self.machine.heard.open("rb") as file:
            file.seek(max(since, WAV_HEADER))
            data = file.read()
        stereo = np.frombuffer(data[: len(data) // 4 * 4], np.int16).reshape(-1, 2)
        mono = stereo.mean(axis=1).astype(np.int16)
        return recognised(self._model, Sound(mono, CARD_RATE).at_rate(RATE).samples)

    def put(self, path: str, text: str) -> None:
        """Write a file in the machine."""
        (self.folder / "text").write_text(text)
        self.machine.send(self.folder / "text", path)

    def _send(self, samples: npt.NDArray[np.int16], name: str) -> None:
        path = self.folder / f"{name}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(samples.tobytes())
        self.machine.send(path, f"/root/{name}.wav")
