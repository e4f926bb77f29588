#!/usr/bin/env python3
"""The wake phrase: misses against false accepts an hour, and latency, for ways to hear it.

    .venv/bin/python -m scripts.bench.wake --phrase "hey glimmer" [--positives DIR --negatives DIR]
        [--snr 10 [--noise DIR]] [--json FILE]

The ways (see ways.py): this program; the usual Vosk loop with the grammar of the phrase and
`[unk]`, once as most write it and once with final words only; PocketSphinx keyword spotting. Same
audio, same run, one process for each core that this one may use. Folders hold WAV files of any
rate and width; without them, material is synthesised (see material.py). Every positive holds the
phrase once and nothing else. It is laid into noise at this ratio, the material's kitchen if no
other is given; without a ratio it is heard as it is, in a quiet room.

Misses at or under one false accept in ten hours say little unless the negatives last that long.
Needs PocketSphinx: .venv/bin/python -m pip install pocketsphinx
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile
from rich.console import Console
from rich.progress import track

from scripts.bench import curve, material, report, ways
from scripts.bench.mixing import laid_file
from voice_glimmer.hearing.files import from_file, wavs
from voice_glimmer.hearing.frames import RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOM_SECONDS = 300

LABELS = {
    ways.OURS: "sensitivity",
    ways.GUESSES: "",
    ways.FINALS: "confidence",
    ways.SPHINX: "threshold",
}


def hours(files: Sequence[Path]) -> float:
    """Return how long these files are.

    Raises:
        Fault: One of them is bad: better now than after hours.
    """
    return sum(len(from_file(path)) for path in files) / RATE / 3600


def mixed(
    said: Sequence[Path], noise: Path | None, snr: float | None, into: Path
) -> list[curve.Positive]:
    """Write each phrase, laid into a room, to `into`, by number; return where in it the phrase is.

    Raises:
        Fault: A file is bad or silent.
    """
    rng = np.random.default_rng(2)
    rooms = wavs(noise) if noise else []
    made = (material.quiet_room if snr is None else material.kitchen)(ROOM_SECONDS, rng)
    positives = []
    for number, path in enumerate(said):
        room = from_file(rooms[rng.integers(len(rooms))]) if rooms else made
        each = laid_file(path, room, snr, rng)
        soundfile.write(into / f"{number:06}.wav", each.samples, RATE)
        positives.append(curve.Positive(path.name, each.starts, each.ends))
    return positives


def synthesised(phrase: str, minutes: float, into: Path) -> tuple[list[Path], list[Path]]:
    """Write the phrase by every voice, and talk without it, to `into`; return their files."""
    positives, negatives = into / "said", into / "talk"
    positives.mkdir()
    negatives.mkdir()
    for number, said in enumerate(material.phrases(phrase)):
        soundfile.write(positives / f"{number:03}.wav", said, RATE)
    talk = material.talk(minutes * 60, np.random.default_rng(3))
    soundfile.write(negatives / "talk.wav", talk, RATE)
    return wavs(positives), wavs(negatives)


_ways: dict[str, ways.Way] = {}


def _begin(phrase: str) -> None:
    """Load every way once in each process."""
    _ways.update(ways.all_ways(phrase))


def _hear(job: tuple[str, Path]) -> ways.Found:
    name, path = job
    return _ways[name](from_file(path))


def measured(
    phrase: str,
    positives: Sequence[curve.Positive],
    files: Sequence[Path],
    negatives: Sequence[Path],
    lasting: float,
) -> dict[str, list[curve.Point]]:
    """Return every way's curve.

    Args:
        phrase: What to hear.
        positives: Where in `files` it is said.
        files: The files in which it is said.
        negatives: Those in which it is not.
        lasting: How many hours they last.
    """
    jobs = [(name, path) for name in LABELS for path in [*files, *negatives]]
    found: dict[str, list[ways.Found]] = {name: [] for name in LABELS}
    with ProcessPoolExecutor(
        len(os.sched_getaffinity(0)),
        # Forked, they would inherit this process's models and half of its threads.
        multiprocessing.get_context("spawn"),
        _begin,
        (phrase,),
    ) as processes:
        heard = processes.map(_hear, jobs)
        progress = track(heard, "Listening", len(jobs), console=Console(stderr=True))
        for (name, _), each in zip(jobs, progress, strict=True):
            found[name].append(each)
    count = len(files)
    return {
        name: curve.points(positives, each[:count], each[count:], lasting)
        for name, each in found.items()
    }


def show(curves: dict[str, list[curve.Point]]) -> None:
    """Print the table."""
    print(f"{'':38} {'miss':>7} {'false':>6} {'false/h':>8} {'median s':>9} {'95 % s':>7}")
    for name, points in curves.items():
        for point in points:
            label = f"{name}, {LABELS[name]} {point.setting:g}" if LABELS[name] else name
            median, most = point.latency() or (float("nan"), float("nan"))
            print(
                f"{label:38} {point.miss:7.1%} {point.false_accepts:6} {point.rate:8.2f} "
                f"{median:9.2f} {most:7.2f}"
            )


def compared(curves: dict[str, list[curve.Point]]) -> dict[str, curve.Point]:
    """Return each program's point, the usual loop's in whichever form does better there."""
    usual = curve.compared([*curves[ways.GUESSES], *curves[ways.FINALS]])
    form = ways.GUESSES if usual in curves[ways.GUESSES] else ways.FINALS
    return {
        ways.OURS: curve.compared(curves[ways.OURS]),
        form: usual,
        ways.SPHINX: curve.compared(curves[ways.SPHINX]),
    }


def figures(positives: int, lasting: float, curves: dict[str, list[curve.Point]]) -> dict[str, Any]:
    """Return what was found, for JSON."""
    return {
        "positives": positives,
        "hours_of_negatives": lasting,
        "curves": {name: [point.figures() for point in points] for name, points in curves.items()},
        "at_one_in_ten_hours": {name: point.figures() for name, point in compared(curves).items()},
    }


def main() -> None:
    """Measure, print the table, and write the figures as JSON if asked to."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--phrase", default="hey glimmer")
    options.add_argument("--positives", type=Path)
    options.add_argument("--negatives", type=Path)
    options.add_argument("--noise", type=Path)
    options.add_argument("--snr", type=report.decibels, help="in dB")
    options.add_argument("--minutes", type=report.minutes, default=20, help="of synthetic talk")
    chosen = report.asked(options)
    if (chosen.positives is None) != (chosen.negatives is None):
        report.stop("Please give both --positives and --negatives, or neither.")
    if chosen.noise and chosen.snr is None:
        report.stop("Please give the ratio with --snr, too, such as --snr 10.")
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "mixed"
        into.mkdir()
        if chosen.positives:
            said, negatives = wavs(chosen.positives), wavs(chosen.negatives)
        else:
            said, negatives = synthesised(chosen.phrase, chosen.minutes, Path(folder))
        lasting = hours(negatives)
        positives = mixed(said, chosen.noise, chosen.snr, into)
        ways.all_ways(chosen.phrase)  # a fault in one is told before there are processes
        curves = measured(chosen.phrase, positives, wavs(into), negatives, lasting)
    show(curves)
    print(curve.summary(ways.OURS, compared(curves)))
    report.write(chosen, figures(len(said), lasting, curves))


if __name__ == "__main__":
    with report.plain_faults():
        main()
