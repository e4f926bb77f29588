#!/usr/bin/env python3
"""The page under load while the kitchen records: listeners, requests, and frames that are missed.

    .venv/bin/python -m scripts.bench.serving [--seconds 60] [--rate 200] [--listeners 50]

The real `voice-glimmer listen` hears a synthetic person through a virtual microphone (PulseAudio),
and records one long glimmer; the real `voice-glimmer serve` shows the same journal. Requests are
sent at fixed moments whatever became of those before, and a request's time counts from its moment.
What the microphone lost, or the loop could not take in time, `listen` tells in its log.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
from rich.progress import Progress

from scripts.bench import report
from scripts.bench.journal import NOW, made
from scripts.bench.material import speak
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.journal.glimmers import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = Path(sys.executable).parent / "voice-glimmer"
GLIMMERS = 10_000
RECORDED = GLIMMERS + 1
CONNECTIONS = 16
PATHS = ("/", "/timeline", "/glimmers/{}", "/search?words=robin", "/sound/{}", "/static/page.css")
SENTENCE = "my neighbor waved at me and smiled and the light lay warm upon the kitchen table and"
"""Ends as no sentence does, so that what follows after a breath belongs to it."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

READY_SECONDS = 60.0
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Load:
    """What became of the requests and of the live streams."""

    times: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    seconds: float = 0.0


@contextmanager
def process(
    log: Path, environment: dict[str, str], *command: str | Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command until the end, with all it prints in a file."""
    with log.open("wb") as file:
        running = subprocess.Popen(command, stdout=file, stderr=file, env=environment)
        try:
            yield running
        finally:
            running.send_signal(signal.SIGINT)
            try:
                running.wait(READY_SECONDS)
            except subprocess.TimeoutExpired:
                running.kill()


def await_line(log: Path, text: str, limit: float = READY_SECONDS) -> None:
    """Wait until a command has printed this."""
    until = time.monotonic() + limit
    while text not in log.read_text("utf-8", "replace"):
        if time.monotonic() > until:
            report.stop(f'"{text}" was not printed in {limit:g} s; see {log.read_text()[-2000:]}')
        time.sleep(0.1)


def cpu_seconds(running: subprocess.Popen[bytes]) -> float:
    """Return the CPU time that a process has used."""
    fields = Path(f"/proc/{running.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def person(path: Path, seconds: float) -> None:
    """Write somebody who wakes the program and speaks on in the same breath for so long."""
    said = [speak("hey glimmer", "flite slt")]
    sentence = speak(SENTENCE, "flite slt")
    while sum(map(len, said)) < seconds * RATE:
        said += [sentence, np.zeros(RATE // 2, np.int16)]
    soundfile.write(path, np.concatenate(said), RATE)


def address(number: int) -> str:
    """Return what is asked for, the one after the other."""
    path = PATHS[number % len(PATHS)]
    return path.format(RECORDED if path.startswith("/sound") else 1 + number % GLIMMERS)


async def get(connection: Connection, path: str, host: str) -> str:
    """Ask for a page on an open connection; return the first line of the answer."""
    reader, writer = connection
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lengths = [line for line in head.lower().splitlines() if line.startswith("content-length:")]
    await reader.readexactly(int(lengths[0].split(":")[1]))
    return head.splitlines()[0]


async def listen(port: int, load: Load) -> None:
    """Listen to what happens until the end, and count the glimmers that are told."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    number = len(load.told)
    load.told.append(0)
    try:
        async for line in reader:
            load.told[number] += line.startswith(b"event: journal")
    finally:
        writer.close()


async def press(port: int, chosen: argparse.Namespace, progress: Progress) -> Load:
    """Listen and ask as often as was chosen."""
    load, host = Load(), f"127.0.0.1:{port}"
    listening = [asyncio.create_task(listen(port, load)) for _ in range(int(chosen.listeners))]
    idle: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    total = round(chosen.seconds * chosen.rate)
    task = progress.add_task("Asking", total=total)
    began = time.monotonic()

    async def ask(number: int) -> None:
        moment = began + number / chosen.rate
        await asyncio.sleep(max(0.0, moment - time.monotonic()))
        connection = await idle.get()
        path = address(number)
        try:
            answer = await get(connection, path, host)
        except (OSError, EOFError):
            # As browsers do where a connection had ended meanwhile (RFC 9112, 9.3.1).
            connection = await asyncio.open_connection("127.0.0.1", port)
            answer = await get(connection, path, host)
        if " 200 " not in answer:
            load.refused.append(f"{path}: {answer}")
        load.times.append(time.monotonic() - moment)
        idle.put_nowait(connection)
        progress.advance(task)

    await asyncio.gather(*map(ask, range(total)))
    load.seconds = time.monotonic() - began
    await asyncio.sleep(max(0.0, began + chosen.seconds - time.monotonic()))
    load.refused += ["a live stream ended" for each in listening if each.done()]
    for each in listening:
        each.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return load


def sound_server(folder: Path, stack: ExitStack) -> dict[str, str]:
    """Start a sound server with a quiet room; return the environment in which it is used."""
    alone = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    pipe = folder / "pulse.sock"
    loads = [f"module-native-protocol-unix socket={pipe} auth-anonymous=1"]
    loads += [f"module-null-sink sink_name={name} rate=48000" for name in ("speaker", "mic")]
    options = [word for load in loads for word in ("-L", load)]
    command = ("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no")
    stack.enter_context(process(folder / "pulse.log", alone, *command, *options))
    served = {**alone, "PULSE_SERVER": f"unix:{pipe}"}
    until = time.monotonic() + READY_SECONDS
    while subprocess.run(
        ["pactl", "info"], capture_output=True, env=served, check=False
    ).returncode:
        if time.monotonic() > until:
            report.stop("PulseAudio did not start.")
        time.sleep(0.1)
    for what in (("set-default-sink", "speaker"), ("set-default-source", "mic.monitor")):
        subprocess.run(["pactl", *what], check=True, env=served)
    room = np.random.default_rng(0).normal(0, 3e-4, 300 * RATE)
    soundfile.write(folder / "room.wav", room, RATE)
    play(folder, "room.wav", served, stack)
    return served


def play(folder: Path, name: str, environment: dict[str, str], stack: ExitStack) -> None:
    """Begin to play a file into the microphone."""
    command = ("paplay", "--device=mic", folder / name)
    stack.enter_context(process(folder / f"{name}.log", environment, *command))


def filled(journal: Path) -> None:
    """Make a journal of many glimmers, the last of them with a recording of 20 s."""
    made(journal, GLIMMERS)
    noise = np.random.default_rng(1).integers(-3_000, 3_000, 20 * RATE, "<i2").tobytes()
    with closing(Journal(journal)) as opened:
        kept = opened.keep(
            *("a robin sang", [], NOW),
            **{"duration": 20.0, "prompt": "", "name": "robin", "voice": noise, "rate": RATE},
        )
    if kept != RECORDED:
        report.stop(f"The glimmer with a recording has the number {kept}.")


def run(folder: Path, chosen: argparse.Namespace, stack: ExitStack) -> dict[str, float]:
    """Measure in this folder."""
    filled(folder / "journal")
    person(folder / "person.wav", chosen.seconds + 8)
    environment = sound_server(folder, stack)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    at = ("--journal", folder / "journal")
    pages, kitchens = folder / "page.log", folder / "kitchen.log"
    serve = (COMMAND, "serve", "--port", str(port), *at)
    page = stack.enter_context(process(pages, environment, *serve))
    kitchen = stack.enter_context(process(kitchens, environment, COMMAND, "-v", "listen", *at))
    await_line(pages, "Your page is at")
    await_line(kitchens, "Resting")
    progress = stack.enter_context(Progress())
    play(folder, "person.wav", environment, stack)
    await_line(kitchens, "You:")
    before = cpu_seconds(page), cpu_seconds(kitchen)
    load = asyncio.run(press(port, chosen, progress))
    print(*load.refused[:5], sep="\n", file=sys.stderr)
    used = cpu_seconds(page) - before[0], cpu_seconds(kitchen) - before[1]
    await_line(kitchens, "Kept", limit=chosen.seconds + 120)
    with closing(Journal(folder / "journal")) as opened:
        recorded = opened.newest(1)[0].duration
    times = np.array(load.times) * 1_000
    return {
        "requests": len(times),
        "answered a second": len(times) / load.seconds,
        "error answers": len(load.refused),
        "median, ms": float(np.median(times)),
        "95 %, ms": float(np.percentile(times, 95)),
        "longest, ms": float(times.max()),
        "listeners": len(load.told),
        "seconds of sound recorded": recorded,
        "times that sound was lost": kitchens.read_text("utf-8", "replace").count("sound was lost"),
        "CPU of the page, ms a request": used[0] * 1_000 / len(times),
        "CPU of the loop, s": used[1],
    }


def main() -> None:
    """Measure, and print a table."""
    told = argparse.RawTextHelpFormatter
    options = argparse.ArgumentParser(description=__doc__, formatter_class=told)
    options.add_argument("--seconds", type=report.number(5, 160), default=60.0)
    options.add_argument(
        "--rate", type=report.number(1, 1_000), default=200.0, help="requests a second"
    )
    options.add_argument("--listeners", type=report.number(0, 64), default=50.0)
    chosen = report.asked(options)
    with (
        report.plain_faults(),
        tempfile.TemporaryDirectory(prefix="vg-") as folder,
        ExitStack() as stack,
    ):
        figures = run(Path(folder), chosen, stack)
    for what, figure in figures.items():
        print(f"| {what} | {figure:.4g} |")
    report.write(chosen, figures)


if __name__ == "__main__":
    main()
