"""How soon the program speaks, how it stops, and what becomes of it when its voice breaks.

    .venv/bin/python -m scripts.bench.speaking

The loudspeaker is a null sink of a PulseAudio of its own. Times up to the first sound are the
program's own: until the output stream takes the first sample, without what the sound system holds.
Another voice is measured with `--voice`, a Piper voice's file with `--only first --only many`.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scripts.bench import report
from tests.e2e.conftest import SoundServer
from voice_glimmer.cli.parts import fixed_words
from voice_glimmer.conversation import language
from voice_glimmer.speaking import prompts
from voice_glimmer.speaking.manner import Manner
from voice_glimmer.speaking.mouth import Mouth
from voice_glimmer.speaking.player import Loudspeaker
from voice_glimmer.speaking.rendered import Rendered
from voice_glimmer.speaking.sound import Sound, read
from voice_glimmer.speaking.voice import Voice, VoiceFailedError
from voice_glimmer.speaking.voices import is_piper

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

RATE = 48_000
SOME_WORDS = [
    *("morning", "robin", "window", "garden", "neighbor", "kettle", "light"),
    *("walked", "smiled", "with", "the", "and", "a"),
]
VOICE, WORDS_A_MINUTE = "en-us+f3", 145
PARTS = ("first", "stream", "broken", "many")

BREAKABLE = """
import os, runpy, signal
said = os.dup(1)
signal.signal(signal.SIGUSR1, lambda *_: os.write(said, b'{"id": 3}\\x00\\xff garbage\\n'))
runpy.run_module("voice_glimmer.speaking.espeak", run_name="__main__")
"""
"""The synthesis process, which also says garbage when told to."""

FAULTS = (signal.SIGSTOP, signal.SIGKILL, signal.SIGUSR1)


class Nowhere:
    """A player that plays into nothing, as many times faster than life.

    Attributes:
        silence: The longest time for which nothing was played before something was, in seconds.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._ends_at = 0.0
        self.silence = 0.0
        self.asked_at = 0.0

    def play(self, sound: Sound) -> None:
        """Play it."""
        now = time.monotonic()
        self.silence = max(self.silence, now - max(self._ends_at, self.asked_at))
        self._ends_at = max(now, self._ends_at) + sound.seconds / self._speed

    def hush(self) -> None:
        """Fall silent."""
        self._ends_at = 0.0

    @property
    def ahead(self) -> float:
        """How many seconds are still queued."""
        return max(0.0, self._ends_at - time.monotonic()) * self._speed

    @property
    def quiet_at(self) -> float:
        """When all has been played."""
        return self._ends_at


def calm() -> str:
    """Return a calming prompt, with its pauses."""
    return random.choice(prompts.load(prompts.AUDIO_PROMPTS / "en.toml")).words  # noqa: S311


def readback(words: int) -> str:
    """Return a glimmer of so many words that was never said before."""
    return " ".join(random.choices(SOME_WORDS, k=words))  # noqa: S311


def milliseconds(taken: Sequence[float]) -> tuple[float, float]:
    """Return median and 95 %."""
    ordered = sorted(taken)
    return statistics.median(ordered) * 1e3, ordered[round(0.95 * (len(ordered) - 1))] * 1e3


def pace(voice: Voice, texts: Sequence[str]) -> float:
    """Return how many seconds it takes to make one of speech."""
    began = time.monotonic()
    made = sum(voice.sound(text, limit=60).seconds for text in texts)
    taken = (time.monotonic() - began) / made
    print(f"makes a second of speech in {taken:.3f} s")
    return taken


def first(times: int, speaker: str) -> dict[str, Any]:  # noqa: C901 - one way after another
    """Measure how soon the first sample is there: of a prompt, and of readbacks."""
    found: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Voice(speaker, WORDS_A_MINUTE)) as voice,
        closing(Loudspeaker(None)) as loudspeaker,
    ):
        voice.check()
        fixed = list(fixed_words("en", language.load("en"), voice.at_once))
        found["seconds for one of speech"] = pace(voice, fixed[:20])
        began = time.monotonic()
        rendered = Rendered(voice, Path(folder), fixed)
        for _ in fixed:
            rendered.rest()
        print(f"rendered {len(fixed)} fixed texts in {time.monotonic() - began:.1f} s")
        mouth = Mouth(rendered, loudspeaker, Manner())

        def took(say: Callable[[], object]) -> tuple[float, float]:
            """Return the seconds until it was queued, and until the stream took of it."""
            time.sleep(0.05 + random.random() / 10)  # noqa: S311 - not in step with the stream
            began = time.monotonic()
            say()
            queued, ahead = time.monotonic(), loudspeaker.ahead
            while loudspeaker.ahead == ahead:
                time.sleep(0.0005)
            taken = time.monotonic()
            mouth.hush()
            return queued - began, taken - began

        def whole(text: str) -> None:
            loudspeaker.play(voice.sound(text, limit=60))

        def program(text: str) -> None:
            path = Path(folder) / "whole.wav"
            subprocess.run(["espeak-ng", "-w", str(path), text], check=True)
            loudspeaker.play(read(path))

        ways: dict[str, Callable[[], object]] = {
            "a rendered prompt": lambda: mouth.say(calm()),
            "a prompt by espeak-ng, a process for each": lambda: program(calm()),
        }
        for words in (60, 240, 960):
            ways[f"a readback of {words} words"] = lambda n=words: mouth.quote(readback(n))
            if not is_piper(speaker):  # which takes minutes and gigabytes for that
                ways[f"{words} words, made whole first"] = lambda n=words: whole(readback(n))
        gathered: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(times):
            for name, way in ways.items():
                gathered[name].append(took(way))
        for name, each in gathered.items():
            queued = milliseconds([one for one, _ in each])
            taken = milliseconds([one for _, one in each])
            found[name] = {"queued": queued, "taken": taken}
            print(
                f"{name}: queued after {queued[0]:.1f} ms (95 %: {queued[1]:.1f}),"
                f" taken by the stream after {taken[0]:.1f} ms (95 %: {taken[1]:.1f})"
            )
    return found


def stream(server: SoundServer, times: int, *, prompt: bool) -> dict[str, Any]:
    """Listen to the loudspeaker: gaps between queued pieces, and what a stop sounds like."""
    tone = 12_000 * np.sin(np.arange(6 * RATE) * 2 * np.pi * 440 / RATE)
    samples = tone.astype(np.int16)
    natural = int(np.abs(np.diff(samples.astype(int))).max())
    with (
        tempfile.TemporaryFile() as heard,
        closing(Loudspeaker(None, prompt=prompt)) as loudspeaker,
    ):
        recorder = subprocess.Popen(
            [
                *("parec", "--device=speaker.monitor", "--raw", "--format=s16le"),
                *(f"--rate={RATE}", "--channels=1", "--latency-msec=10"),
            ],
            env={**os.environ, "PULSE_SERVER": f"unix:{server.socket}"},
            stdout=heard,
        )
        time.sleep(1)

        def recorded() -> int:
            return os.fstat(heard.fileno()).st_size // 2

        marks = [recorded()]
        for size in (RATE // 10, len(samples)):
            for start in range(0, len(samples), size):
                while loudspeaker.ahead > 0.5:
                    time.sleep(0.01)
                loudspeaker.play(Sound(samples[start : start + size], RATE))
            while loudspeaker.quiet_at + 0.5 > time.monotonic():
                time.sleep(0.01)
            marks.append(recorded())
        stops = []
        for _ in range(times):
            loudspeaker.play(Sound(samples, RATE))
            time.sleep(0.5 + random.random() / 2)  # noqa: S311
            stops.append(recorded())
            loudspeaker.hush()
            time.sleep(0.5)
        recorder.kill()
        recorder.wait()
        heard.seek(0)
        sound = np.frombuffer(heard.read(), "<i2").astype(int)
    pieces, whole = (_gaps(sound[start:end]) for start, end in pairwise(marks))
    after, click = [], 0
    for stop in stops:
        tail = sound[stop : stop + round(0.45 * RATE)]
        after.append(float(np.flatnonzero(tail)[-1] + 1) / RATE)
        click = max(click, int(np.abs(np.diff(tail)).max()))
    figures = {
        "in pieces": pieces,
        "in one piece": whole,
        "largest jump at a stop": click,
        "natural": natural,
        "silent after, ms": milliseconds(after),
    }
    print("; ".join(f"{name}: {value}" for name, value in figures.items()))
    return figures


def _gaps(tone: npt.NDArray[np.int_]) -> dict[str, float]:
    """Return the longest silence within a tone, in ms, and the largest step between samples."""
    loud = np.flatnonzero(np.abs(tone) > 100)
    gap = round(float(np.diff(loud).max()) / RATE * 1e3, 2)
    return {"longest gap, ms": gap, "jump": int(np.abs(np.diff(tone[loud[0] : loud[-1]])).max())}


def broken(times: int) -> dict[str, Any]:
    """Break the synthesis process at random moments of a conversation; return what was heard."""
    random.seed(1)
    silences, unspoken = dict.fromkeys(FAULTS, 0.0), 0
    command = [sys.executable, "-P", "-c", BREAKABLE]
    with closing(Voice(VOICE, WORDS_A_MINUTE, command)) as voice:
        voice.check()
        for number in range(times):
            fault, player = FAULTS[number % len(FAULTS)], Nowhere(speed=60)
            mouth = Mouth(voice, player, Manner())
            child = voice._child
            assert child is not None  # noqa: S101
            with threading_timer(random.random() * 0.8, child.pid, fault):  # noqa: S311
                for text in (readback(60), "Shall I keep it?", readback(120), "Kept."):
                    player.asked_at = time.monotonic()
                    unspoken += not mouth.quote(text)
                    while mouth.quiet_at > time.monotonic():
                        unspoken += not mouth.go_on()
                        time.sleep(0.01)
            silences[fault] = max(silences[fault], player.silence)
    named = {fault.name: round(longest, 2) for fault, longest in silences.items()}
    print(f"{times} faults; longest silence {named} s; {unspoken} pieces were not spoken")
    return {"silences": named, "unspoken": unspoken}


def threading_timer(seconds: float, process: int, fault: signal.Signals) -> Any:  # noqa: ANN401
    """Return what sends this signal after so many seconds, and is waited for."""

    class Timer(threading.Timer):
        def __enter__(self) -> None:
            self.start()

        def __exit__(self, *_: object) -> None:
            self.join()

    def send() -> None:
        with suppress(ProcessLookupError):
            os.kill(process, fault)

    return Timer(seconds, send)


def many(times: int, speaker: str) -> dict[str, Any]:
    """Speak so many sentences, and look at what that leaves behind."""

    def held() -> dict[str, int]:
        status = Path("/proc/self/status").read_text()
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        kib = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")]
        child = Path(f"/proc/{voice._child.pid}/status").read_text() if voice._child else ""
        kib += [int(line.split()[1]) for line in child.splitlines() if line.startswith("VmRSS")]
        return {
            "MiB": kib[0] // 1024,
            "MiB of the voice": kib[1] // 1024,
            "files": len(list(Path("/proc/self/fd").iterdir())),
            "processes": len(children),
        }

    figures = {}
    with closing(Voice(speaker, WORDS_A_MINUTE)) as voice:
        mouth = Mouth(voice, Nowhere(speed=1_000), Manner())
        for number in range(1, times + 1):
            with suppress(VoiceFailedError):
                mouth.quote(readback(12))
            while mouth.quiet_at > time.monotonic():
                mouth.go_on()
            if number in {times // 10, times}:
                figures[str(number)] = held()
                print(f"after {number} sentences: {figures[str(number)]}")
    return figures


def main() -> None:
    """Measure what was asked for, and print it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", choices=PARTS, action="append", help="measure only this")
    options.add_argument("--times", type=int, default=50, help="first sounds, and stops")
    options.add_argument("--faults", type=int, default=200)
    options.add_argument("--sentences", type=int, default=5_000)
    options.add_argument("--voice", default=VOICE)
    chosen = report.asked(options)
    parts, figures = chosen.only or PARTS, dict[str, Any]()
    with tempfile.TemporaryDirectory(prefix="vg-") as folder:
        server = SoundServer(Path(folder) / "s", "speaker")
        try:
            devices = Path(folder) / "asound.conf"
            devices.write_text(
                "</usr/share/alsa/alsa.conf>\n"
                f'pcm.!default {{ type pulse server "unix:{server.socket}" device speaker }}\n'
            )
            os.environ["ALSA_CONFIG_PATH"] = str(devices)
            if "first" in parts:
                figures["first"] = first(chosen.times, chosen.voice)
            if "stream" in parts:
                for name, prompt in (("barge-in", True), ("usual", False)):
                    print(name, end=": ")
                    figures[name] = stream(server, chosen.times, prompt=prompt)
        finally:
            server.kill()
    if "broken" in parts:
        figures["broken"] = broken(chosen.faults)
    if "many" in parts:
        figures["many"] = many(chosen.sentences, chosen.voice)
    report.write(chosen, figures)


if __name__ == "__main__":
    main()
