"""Commands from start to end, beside sqlite-utils doing the same on the same file in the same run.

python -m scripts.bench.commands [--glimmers 100000] [--rounds 20]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from uuid import uuid4

from scripts.bench import report
from scripts.bench.journal import NOW, made
from voice_glimmer.journal.opening import DATABASE

BAR = 1.5
VENV = Path(sys.executable).parent

Command = tuple[list[str], str]
"""What is run, and what it reads."""


def commands(folder: Path) -> dict[str, tuple[Command, Command]]:
    """Return what each is called, with ours and the other's; a row as new as it is run."""
    file = str(folder / DATABASE)
    at = ["--journal", str(folder)]
    ours, other = str(VENV / "voice-glimmer"), str(VENV / "sqlite-utils")
    row = {
        **{"uid": uuid4().hex, "text": "the sun on my tea", "spoken_at": NOW.isoformat()},
        **{"utc_offset_minutes": 60, "zone": "", "source": "typed", "duration": 0.0, "prompt": ""},
    }
    newest = ["--order", "spoken_at desc, id desc", "--limit", "20"]
    return {
        "--help": (([ours, "--help"], ""), ([other, "--help"], "")),
        "list": (([ours, "list", *at], ""), ([other, "rows", file, "glimmers", *newest], "")),
        "add": (
            ([ours, "add", "the sun on my tea", *at], ""),
            ([other, "insert", file, "glimmers", "-"], json.dumps(row)),
        ),
    }


def timed(command: Command) -> tuple[float, float]:
    """Return the seconds that a command takes, on the wall and of the processor."""
    words, typed = command
    before, begun = os.times(), time.perf_counter()
    done = subprocess.run(words, input=typed, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - begun, os.times()
    if done.returncode:
        report.stop(f"{' '.join(words)} failed: {done.stderr.strip()[-300:]}")
    return wall, sum(after[2:4]) - sum(before[2:4])


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--glimmers", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=20)
    chosen = report.asked(options)
    figures = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made(folder, chosen.glimmers)
        for name in commands(folder):
            rounds = []
            for _ in range(chosen.rounds):
                both = commands(folder)[name]
                rounds.append([took for each in both for took in timed(each)])
            ours, cpu, other, other_cpu = (median(column) for column in zip(*rounds, strict=True))
            ratio = median(mine / theirs for mine, _, theirs, _ in rounds)
            figures[name] = {"ours": ours, "sqlite-utils": other, "ratio": ratio}
            print(
                f"{name:8} {ours:.2f} s, sqlite-utils {other:.2f} s: {ratio:.2f} times, at most"
                f" {BAR}; of the processor {cpu:.2f} s and {other_cpu:.2f} s"
            )
    report.write(chosen, figures)


if __name__ == "__main__":
    main()
