#!/usr/bin/env python3
"""What waiting for the wake phrase costs, against the usual loop in the same run.

    .venv/bin/python -m scripts.bench.idle [--minutes 5] [--hours 24] [--json FILE]

"This program" is its own loop as it waits: ears, the microphone's health, and the conversation's
clock, frame by frame; only what opens devices is left out. The usual loop feeds every quarter
second to Vosk with the grammar of the wake phrase and `[unk]`. CPU is this process's own, in
seconds an hour of audio. They take turns of ten seconds, so that whatever else the machine does
burdens them alike.

With `--hours`, mixed audio goes through at full speed: three fifths quiet room, a fifth kitchen, a
fifth talk, a few minutes of each in ever new pieces, louder or softer and with noise of their own.
The queue is the microphone's in size and has the depth it would have in a real house on this
machine, where a frame comes every 50 ms and hearing it takes the CPU time it took. Depth is how
many frames wait beside the one being heard.
"""

from __future__ import annotations

import argparse
import itertools
import queue
import resource
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scripts.bench import material, report, waiting, ways
from voice_glimmer.hearing.frames import BLOCK, QUEUE_BLOCKS, RATE, Frame, from_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from voice_glimmer.hearing.models import Model
    from voice_glimmer.loop import Loop

PHRASE = "hey glimmer"
TURN = 10 * RATE

WARM_SECONDS = 30
"""Of talk, until the program has all the memory that it waits with."""

BANK_SECONDS = 240
"""Of each material that the mixed audio is made of: all that is held in memory of it."""

MIXED = ((material.quiet_room, 720), (material.kitchen, 240), (material.talk, 240))
"""What comes after what, and for how many seconds: twenty minutes, again and again."""

VARIED = 3.0
"""dB by which a piece of it is louder or softer than another, at most."""

HISS = 5.0
"""RMS in int16 steps of the noise that no two pieces share."""


@dataclass
class Backlog:
    """How far hearing fell behind the microphone.

    Attributes:
        depth: Frames that wait now, beside the one being heard.
        most: The most that ever did.
        lost: Frames that found the queue full.
    """

    depth: int = 0
    most: int = 0
    lost: int = 0


@dataclass
class Day:
    """What was found in hours of mixed audio: resident memory in MiB after each, and CPU."""

    resident: list[float] = field(default_factory=list)
    cpu_an_hour: float = 0.0
    backlog: Backlog = field(default_factory=Backlog)
    woken: int = 0


def usual(model: Model) -> Callable[[np.ndarray], None]:
    """Return what hears samples as the usual loop does."""
    recogniser = ways.usual_loop(model, PHRASE)

    def hear(samples: np.ndarray) -> None:
        for _, block in ways.blocks(samples, ways.USUAL_BLOCK):
            if recogniser.AcceptWaveform(block):
                recogniser.Result()
            else:
                recogniser.PartialResult()

    return hear


def costs(ours: Loop, theirs: Callable[[np.ndarray], None], samples: np.ndarray) -> dict[str, Any]:
    """Return the CPU seconds that both take for an hour of this audio, and their ratio."""
    spent = {"ours": 0.0, "usual": 0.0}

    def in_turns() -> Iterator[Frame]:
        for start in range(0, len(samples), TURN):
            piece = samples[start : start + TURN]
            began = time.process_time()
            theirs(piece)
            between = time.process_time()
            yield from from_samples(piece, start / RATE)
            spent["ours"] += time.process_time() - between
            spent["usual"] += between - began

    ours.run(in_turns())
    hours = len(samples) / RATE / 3600
    return {
        **{name: seconds / hours for name, seconds in spent.items()},
        "ratio": spent["ours"] / spent["usual"],
    }


def mixed(seconds: float, rng: np.random.Generator) -> Iterator[Frame]:
    """Yield frames of `MIXED`, one after the other, without holding more than a few minutes."""
    bank = [(make(BANK_SECONDS, rng), lasting) for make, lasting in MIXED]
    frames = 0
    for sound, lasting in itertools.cycle(bank):
        place, gain = rng.integers(len(sound)), 10 ** (rng.uniform(-VARIED, VARIED) / 20)
        for number in range(lasting * RATE // BLOCK):
            at = frames * BLOCK / RATE
            if at >= seconds:
                return
            here = np.arange(BLOCK) + place + number * BLOCK
            piece = sound.take(here, mode="wrap") * gain + rng.normal(0, HISS, BLOCK)
            yield Frame(material.to_int16(piece), at)
            frames += 1


def as_they_come(
    frames: Iterable[Frame], backlog: Backlog, clock: Callable[[], float]
) -> Iterator[Frame]:
    """Yield frames through a queue like the microphone's, at full speed.

    Time is that of the audio while nothing is to be done, and passes as `clock` does while a frame
    is being heard; a frame is in the queue from its end on.
    """
    coming = iter(frames)
    following = next(coming, None)
    line: queue.Queue[Frame] = queue.Queue(QUEUE_BLOCKS)
    now = 0.0
    while following or not line.empty():
        if following and line.empty():
            now = max(now, following.end)
        while following and following.end <= now:
            try:
                line.put_nowait(following)
            except queue.Full:
                backlog.lost += 1
            following = next(coming, None)
        frame = line.get_nowait()
        if following:  # what waits when the audio is over is what is told
            backlog.depth = line.qsize()
            backlog.most = max(backlog.most, backlog.depth)
        began = clock()
        yield frame
        now += clock() - began


def resident() -> float:
    """Return this process's resident memory in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def day(model: Model, hours: float, rng: np.random.Generator) -> Day:
    """Push hours of mixed audio through the program's loop."""
    ours, ears = waiting.loop(model, PHRASE)
    found = Day()
    frames = as_they_come(mixed(hours * 3600, rng), found.backlog, time.thread_time)
    spent = 0.0

    def watched() -> Iterator[Frame]:
        nonlocal spent
        for frame in frames:
            began = time.thread_time()
            yield frame
            spent += time.thread_time() - began
            if frame.end >= (len(found.resident) + 1) * 3600:
                found.resident.append(resident())

    ours.run(watched())
    found.resident.append(resident())
    found.cpu_an_hour, found.woken = spent / hours, ears.woken
    return found


def show_day(found: Day, hours: float) -> None:
    """Print what the hours of mixed audio came to."""
    first, last = found.resident[0], found.resident[-1]
    backlog = found.backlog
    print(
        f"{hours:g} h of mixed audio: {found.cpu_an_hour:.1f} CPU seconds an hour, "
        f"woken {found.woken} times\n"
        f"resident after {min(hours, 1):g} h {first:.1f} MiB, after {hours:g} h {last:.1f} MiB "
        f"({last - first:+.1f})\n"
        f"frames waiting at the end {backlog.depth}, at most {backlog.most} "
        f"of {QUEUE_BLOCKS}, lost {backlog.lost}"
    )


def main() -> None:
    """Measure, print the table, and write the figures as JSON if asked to."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=report.minutes, default=5, help="of each material")
    options.add_argument(
        "--hours", type=report.number(0, 1000), default=0, help="then push this much mixed audio"
    )
    chosen = report.asked(options)
    rng = np.random.default_rng(1)
    model = ways.bundled_model()
    alone, _ = waiting.loop(model, PHRASE)
    alone.run(from_samples(material.talk(WARM_SECONDS, rng)))
    figures: dict[str, Any] = {"resident_mib": resident(), "cpu_seconds_an_hour": {}}
    del alone
    theirs = usual(model)
    print(f"{'CPU seconds an hour':20} {'ours':>7} {'usual':>7} {'ratio':>7} {'woken':>6}")
    for make in (material.quiet_room, material.kitchen, material.small_talk, material.talk):
        ours, ears = waiting.loop(model, PHRASE)
        got = costs(ours, theirs, make(chosen.minutes * 60, rng)) | {"woken": ears.woken}
        figures["cpu_seconds_an_hour"][make.__name__] = got
        print(
            f"{make.__name__.replace('_', ' '):20} {got['ours']:7.2f} {got['usual']:7.2f} "
            f"{got['ratio']:7.3f} {got['woken']:6}"
        )
    print(f"resident, this program alone: {figures['resident_mib']:.1f} MiB")
    if chosen.hours:
        found = day(model, chosen.hours, rng)
        show_day(found, chosen.hours)
        figures["mixed"] = {
            "cpu_seconds_an_hour": found.cpu_an_hour,
            "resident_mib": found.resident,
            "queue": vars(found.backlog),
            "woken": found.woken,
        }
    report.write(chosen, figures)


if __name__ == "__main__":
    with report.plain_faults():
        main()
