"""A kitchen with a virtual microphone and loudspeaker: real streams through PortAudio."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.conftest import Person, Speech, needs
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.hearing.models import Model
from voice_glimmer.hearing.recogniser import Recogniser

COMMAND = Path(sys.executable).parent / "voice-glimmer"
NOISE = np.random.default_rng(0).normal(0, 10, 300 * RATE).astype(np.int16)
"""Five minutes of a quiet room, -70 dBFS."""

NO_NETWORK = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]

AEC_ARGUMENTS = "analog_gain_control=0 digital_gain_control=0 noise_suppression=0"
"""As in docs/barge-in.md."""


class SoundServer:
    """A PulseAudio daemon of its own with null sinks; ended by its process, never by name."""

    def __init__(self, folder: Path, *sinks: str) -> None:
        self.socket = folder / "pulse.sock"
        self._environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
        self._sinks = sinks
        folder.mkdir()
        self.start()

    def start(self) -> None:
        loads = [f"module-native-protocol-unix socket={self.socket} auth-anonymous=1"]
        loads += [f"module-null-sink sink_name={sink} rate=48000" for sink in self._sinks]
        self.socket.unlink(missing_ok=True)
        self._daemon = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
            + [word for load in loads for word in ("-L", load)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._environment,
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.run("pactl", "info", check=False).returncode == 0:
                return
            self._daemon.poll()
        pytest.fail("PulseAudio did not start")

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        environment = {**self._environment, "PULSE_SERVER": f"unix:{self.socket}"}
        return subprocess.run(
            command, env=environment, check=check, capture_output=True, text=True, timeout=120
        )

    def signal(self, number: int) -> None:
        self._daemon.send_signal(number)

    def kill(self) -> None:
        self._daemon.kill()
        self._daemon.wait()


class Recorder:
    """Records what a sink plays, in the background, at 16 kHz."""

    def __init__(self, server: SoundServer, monitor: str = "speaker.monitor") -> None:
        self._recorder = subprocess.Popen(
            [
                "parec",
                f"--device={monitor}",
                "--raw",
                "--format=s16le",
                f"--rate={RATE}",
                "--channels=1",
                "--latency-msec=50",
            ],
            env={**os.environ, "PULSE_SERVER": f"unix:{server.socket}"},
            stdout=subprocess.PIPE,
        )
        self._samples = bytearray()
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._record, daemon=True)
        self._reader.start()

    def _record(self) -> None:
        while data := os.read(self._recorder.stdout.fileno(), 65_536):
            with self._more:
                self._samples += data
                self._more.notify_all()

    def mark(self) -> int:
        with self._more:
            return len(self._samples) // 2

    def reaches(self, mark: int, limit: float = 60.0) -> None:
        """Wait until so many samples have been played."""
        with self._more:
            if not self._more.wait_for(lambda: len(self._samples) // 2 >= mark, limit):
                pytest.fail("the loudspeaker stalled")

    def since(self, mark: int, quiet: float, limit: float = 60.0) -> Speech:
        """Return what was played since `mark`, once `quiet` seconds of silence have followed it."""
        deadline = time.monotonic() + limit
        with self._more:
            while True:
                heard = np.frombuffer(bytes(self._samples[mark * 2 :]), np.int16)
                loud = np.flatnonzero(np.abs(heard.astype(np.int32)) > 300)
                if len(loud) and len(heard) - loud[-1] > quiet * RATE:
                    return heard
                if not self._more.wait(timeout=deadline - time.monotonic()):
                    last = loud[-1] / RATE if len(loud) else None
                    pytest.fail(f"in {len(heard) / RATE:.1f} s the last sound was at {last} s")

    def is_quiet(self, seconds: float) -> bool:
        """Tell whether nothing was played for so long."""
        with self._more:
            last = np.frombuffer(bytes(self._samples[-2 * round(seconds * RATE) :]), np.int16)
        return not (np.abs(last.astype(np.int32)) > 300).any()

    def close(self) -> None:
        self._recorder.kill()
        self._recorder.wait()
        self._reader.join(timeout=10)
        self._recorder.stdout.close()


class Program:
    """`voice-glimmer`, without a network, and the lines it shows."""

    def __init__(
        self, environment: dict[str, str], *arguments: str, command: tuple[str, ...] = ("listen",)
    ) -> None:
        self.process = subprocess.Popen(
            [*NO_NETWORK, str(COMMAND), *command, *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self._more:
                self.lines.append(line.rstrip("\n"))
                self._more.notify_all()
        with self._more:
            self.lines.append("(ended)")
            self._more.notify_all()

    def shows(self, text: str, after: int = 0, limit: float = 30.0) -> int:
        """Wait for a line that contains `text`; return how many lines there are up to it."""
        deadline = time.monotonic() + limit
        with self._more:
            while True:
                for number in range(after, len(self.lines)):
                    if text in self.lines[number]:
                        return number + 1
                if not self._more.wait(timeout=deadline - time.monotonic()):
                    pytest.fail(f"{text!r} was not shown:\n" + "\n".join(self.lines))

    def type(self, line: str) -> None:
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(timeout=10)
        self.process.stdin.close()
        self.process.stdout.close()


def children(process: int) -> list[int]:
    """Return what a process has started, from whichever of its threads."""
    by_thread = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for thread in by_thread for child in thread.read_text().split()]


def recognised(model: Model, samples: Speech) -> str:
    """Return the words in 16 kHz samples, with silence before and after them."""
    recogniser = Recogniser(model)
    words = []
    for frame in from_samples(np.pad(samples, (RATE // 2, RATE))):
        words += recogniser.hear(frame) or ()
    return " ".join(word.text for word in [*words, *recogniser.finish()])


class Kitchen:
    """A person, a microphone, a loudspeaker and the program.

    The microphone and the loudspeaker have a sound server each, so that one can be pulled out.
    """

    source, sink = "mic.monitor", "speaker"
    room_options: tuple[str, ...] = ()

    def __init__(self, folder: Path, stack: ExitStack, person: Person, model: Model) -> None:
        self.folder, self._stack, self.person, self._model = folder, stack, person, model
        soundfile.write(folder / "room.wav", NOISE, RATE)
        self.microphone, self.server = self._servers()
        self.unmute()
        self.loudspeaker = Recorder(self.server)
        stack.callback(self.loudspeaker.close)
        devices = folder / "asound.conf"
        devices.write_text(
            "</usr/share/alsa/alsa.conf>\n"
            f"pcm.mic {self._device(self.microphone, self.source)}\n"
            f"pcm.speaker {self._device(self.server, self.sink)}\n"
            "pcm.!default { type asym playback.pcm speaker capture.pcm mic }\n"
        )
        self.journal = folder / "journal"
        self.environment = {
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "ALSA_CONFIG_PATH": str(devices),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def unmute(self) -> None:
        """Let the microphone hear the room: a null sink alone delivers exact zeros."""
        self._room = self._playing(self.folder / "room.wav", *self.room_options)
        self._stack.callback(self._room.wait)
        self._stack.callback(self._room.kill)

    def mute(self) -> None:
        """Let the microphone deliver exact zeros."""
        self._room.kill()
        self._room.wait()

    @staticmethod
    def _device(server: SoundServer, name: str) -> str:
        return f'{{ type pulse server "unix:{server.socket}" device {name} }}'

    def _servers(self) -> tuple[SoundServer, SoundServer]:
        servers = SoundServer(self.folder / "m", "mic"), SoundServer(self.folder / "s", "speaker")
        for server in servers:
            self._stack.callback(server.kill)
        return servers

    def start(self, *arguments: str) -> Program:
        program = Program(self.environment, "--journal", str(self.journal), *arguments)
        self._stack.callback(program.close)
        program.shows("Resting")
        return program

    def say(self, text: str, voice: str = "slt", until: float = 1.0) -> None:
        """Speak into the microphone, as far as this fraction; return when that has been said."""
        said = self.person(text, voice)
        self.play(said[: int(until * len(said))])

    def play(self, samples: Speech) -> None:
        """Play 16 kHz samples into the microphone, and return when they have been played."""
        path = self.folder / "said.wav"
        soundfile.write(path, samples, RATE)
        self.microphone.run("paplay", "--device=mic", str(path))

    @contextmanager
    def saying(self, text: str, voice: str = "slt") -> Iterator[None]:
        """Speak into the microphone meanwhile, and break off where that ends first."""
        path = self.folder / "said.wav"
        soundfile.write(path, self.person(text, voice), RATE)
        with self._playing(path) as speaking:
            yield
            speaking.kill()

    def _playing(self, path: Path, *options: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["paplay", *options, "--device=mic", str(path)],
            env={**os.environ, "PULSE_SERVER": f"unix:{self.microphone.socket}"},
            stderr=subprocess.DEVNULL,
        )

    def recognised(self, samples: Speech) -> str:
        """Return the words in these samples, as the bundled model hears them."""
        return recognised(self._model, samples)


class EchoingKitchen(Kitchen):
    """One whose microphone hears the loudspeaker, 12 dB softer and some 60 ms later."""

    def _servers(self) -> tuple[SoundServer, SoundServer]:
        server = SoundServer(self.folder / "s", "mic", "speaker")
        self._stack.callback(server.kill)
        server.run(
            *("pactl", "load-module", "module-loopback", "source=speaker.monitor", "sink=mic"),
            # A room does not move: unless told not to, the module adjusts the delay all the time.
            *("latency_msec=60", "adjust_time=0"),
        )
        (echo,) = (
            line.split()[0]
            for line in server.run("pactl", "list", "short", "sink-inputs").stdout.splitlines()
        )
        server.run("pactl", "set-sink-input-volume", echo, "-12dB")
        return server, server


class CancellingKitchen(EchoingKitchen):
    """One whose sound server takes the echo out again, as the docs say."""

    source, sink = "heard", "spoken"

    def _servers(self) -> tuple[SoundServer, SoundServer]:
        servers = super()._servers()
        servers[0].run(
            *("pactl", "load-module", "module-echo-cancel", "aec_method=webrtc"),
            *("source_name=heard", "source_master=mic.monitor"),
            *("sink_name=spoken", "sink_master=speaker"),
            f'aec_args="{AEC_ARGUMENTS}"',
        )
        return servers


@pytest.fixture
def kitchen(person: Person, model: Model) -> Iterator[Kitchen]:
    yield from _built(Kitchen, person, model)


@pytest.fixture
def echoing_kitchen(person: Person, model: Model) -> Iterator[EchoingKitchen]:
    yield from _built(EchoingKitchen, person, model)


@pytest.fixture
def cancelling_kitchen(person: Person, model: Model) -> Iterator[CancellingKitchen]:
    yield from _built(CancellingKitchen, person, model)


def _built(kind: type[Kitchen], person: Person, model: Model) -> Iterator[Kitchen]:
    for command, package in [
        ("pulseaudio", "pulseaudio"),
        ("parec", "pulseaudio-utils"),
        ("unshare", "util-linux"),
    ]:
        needs(command, package)
    # A Unix socket's path has to be short, so not pytest's own folder.
    with tempfile.TemporaryDirectory(prefix="vg-") as folder, ExitStack() as stack:
        yield kind(Path(folder), stack, person, model)
