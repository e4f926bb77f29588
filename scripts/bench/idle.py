#!/usr/bin/env python3
"""What waiting for the wake phrase costs, against the usual loop in the same run.

    .venv/bin/python -m scripts.bench.idle [--minutes 5] [--hours 24]

The usual ("bare") loop feeds every quarter second to Vosk with the grammar of the wake phrase and
`[unk]`. CPU is this process's own, in seconds an hour of audio.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import vosk

from scripts.bench import material
from voice_glimmer.hearing import models
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.hearing.wake import WakeSpotter
from voice_glimmer.settings import DEFAULT_SENSITIVITY

if TYPE_CHECKING:
    from collections.abc import Callable

BARE_BLOCK = RATE // 4
PHRASE = "hey glimmer"


def cpu_an_hour(samples: np.ndarray, *works: Callable[[np.ndarray], None]) -> list[float]:
    """Return the CPU seconds that each of `works` takes for an hour of this audio.

    They take turns of ten seconds, so that whatever else the machine does burdens them alike.
    """
    spent = [0.0] * len(works)
    for start in range(0, len(samples), 10 * RATE):
        for number, work in enumerate(works):
            began = time.process_time()
            work(samples[start : start + 10 * RATE])
            spent[number] += time.process_time() - began
    return [each * 3600 * RATE / len(samples) for each in spent]


def resident() -> float:
    """Return this process's resident memory in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    """Measure, print the table, and print the figures as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=5)
    options.add_argument("--hours", type=float, default=0, help="then push this much mixed audio")
    chosen = options.parse_args()
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as stamps:
        model = models.load(models.BUNDLED, Path(stamps))

    recogniser = vosk.KaldiRecognizer(model, RATE, json.dumps([PHRASE, "[unk]"]))
    spotter = WakeSpotter(model, [PHRASE], DEFAULT_SENSITIVITY)

    def bare(samples: np.ndarray) -> None:
        for start in range(0, len(samples), BARE_BLOCK):
            if recogniser.AcceptWaveform(samples[start : start + BARE_BLOCK].tobytes()):
                recogniser.Result()
            else:
                recogniser.PartialResult()

    def ours(samples: np.ndarray) -> None:
        for frame in from_samples(samples):
            spotter.feed(frame)

    figures = {}
    print(f"{'':20} {'ours s/h':>9} {'bare s/h':>9} {'ratio':>7}")
    for make in (material.quiet_room, material.kitchen, material.talk):
        samples = make(chosen.minutes * 60, rng)
        mine, theirs = cpu_an_hour(samples, ours, bare)
        figures[make.__name__] = {"ours": mine, "bare": theirs, "ratio": mine / theirs}
        print(f"{make.__name__:20} {mine:9.2f} {theirs:9.2f} {mine / theirs:7.3f}")

    if chosen.hours:
        mixed = [material.quiet_room(720, rng)] * 3
        mixed += [material.kitchen(720, rng), material.talk(720, rng)]
        hour = np.concatenate(mixed)
        memory = []
        for _ in range(round(chosen.hours)):
            ours(hour)
            memory.append(resident())
        figures["resident_mib"] = memory
        print(
            f"resident after 1 h: {memory[0]:.1f} MiB, after {len(memory)} h: {memory[-1]:.1f} MiB"
        )
    print(json.dumps(figures))


main()
