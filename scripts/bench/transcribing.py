#!/usr/bin/env python3
"""What `add --audio` costs for a long recording, against plain Vosk in the same run.

    .venv/bin/python -m scripts.bench.transcribing [--minutes 60] [--json FILE]

"This program" reads the file, hears it and writes the recording into a journal; plain Vosk reads
the same file in quarter seconds, as its own example does, and has each segment's words with times.
They take turns of ten seconds, so that whatever else the machine does burdens them alike. CPU is
this process's own. Memory is the most that the real command, and plain Vosk in a process of its
own, ever held: for a tenth of the recording and for all of it.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import wave
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile
import vosk

from scripts.bench import material, report, ways
from voice_glimmer.hearing import transcribing
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.recogniser import Recogniser
from voice_glimmer.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_glimmer.hearing.models import Model

BANK_SECONDS = 300
"""Of talk, all that is held of the recording while it is made."""

QUARTER = RATE // 4

TOLD = """
sys.stderr.write(Path("/proc/self/status").read_text())
"""
"""What was held tells the process itself: what `wait4` tells begins with what its parent held."""

OURS = f"""
import sys
from pathlib import Path
from voice_glimmer.cli.app import main
try:
    main()
finally:
    {TOLD.strip()}
"""

PLAIN = f"""
import sys
from pathlib import Path
from scripts.bench.transcribing import alone
alone(Path(sys.argv[1]))
{TOLD.strip()}
"""


class Plain:
    """Plain Vosk, on a WAV at 16 kHz.

    Attributes:
        words: How many it has heard.
    """

    def __init__(self, model: Model, path: Path) -> None:
        self._vosk = vosk.KaldiRecognizer(model, RATE)
        self._vosk.SetWords(True)  # noqa: FBT003 - Vosk's own call
        self._file = wave.open(str(path))  # noqa: SIM115 - closed at its end
        self.words = 0

    def hear(self, samples: int) -> None:
        """Hear the next samples of the file."""
        for start in range(0, samples, QUARTER):
            if self._vosk.AcceptWaveform(self._file.readframes(min(QUARTER, samples - start))):
                self._count(self._vosk.Result())

    def finish(self) -> None:
        """Hear what is left unsaid."""
        self._count(self._vosk.FinalResult())
        self._file.close()

    def _count(self, result: str) -> None:
        self.words += len(json.loads(result).get("result", []))


def made(path: Path, minutes: float) -> None:
    """Write a recording of people talking, in ever new pieces of what is at hand."""
    rng = np.random.default_rng(1)
    bank = material.small_talk(BANK_SECONDS, rng)
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16") as file:
        for _ in range(round(minutes * 6)):
            start = rng.integers(len(bank) - 10 * RATE)
            file.write(bank[start : start + 10 * RATE])


def compared(path: Path, folder: Path) -> dict[str, Any]:
    """Return the CPU and the wall seconds that both take for a recording, and their words."""
    model = ways.bundled_model()
    theirs = Plain(model, path)
    spent = np.zeros(2)

    def now() -> np.ndarray:
        return np.array([time.process_time(), time.perf_counter()])

    def in_turns() -> Iterator[np.ndarray]:
        nonlocal spent
        for piece in transcribing.sound(path):
            began = now()
            theirs.hear(len(piece))
            spent += now() - began
            yield piece

    with closing(Journal(folder)) as journal, closing(journal.growing(RATE)) as growing:
        began = now()
        heard = transcribing.transcribed(
            Recogniser(model), in_turns(), lambda piece: growing.add(piece.tobytes())
        )
        growing.finish()
        ours = now() - began - spent
    began = now()
    theirs.finish()
    spent += now() - began
    return {
        "ours": {"cpu": ours[0], "wall": ours[1], "words": len(heard.words)},
        "plain": {"cpu": spent[0], "wall": spent[1], "words": theirs.words},
        "ratio": {"cpu": ours[0] / spent[0], "wall": ours[1] / spent[1]},
    }


def alone(path: Path) -> None:
    """Hear a recording with plain Vosk."""
    theirs = Plain(ways.bundled_model(), path)
    theirs.hear(soundfile.info(path).frames)
    theirs.finish()


def memory(program: str, *arguments: str) -> float:
    """Return the most MiB that a program held at once."""
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        report.stop(done.stderr)
    return int(re.search(r"VmHWM:\s*(\d+) kB", done.stderr)[1]) / 1024


def main() -> None:
    """Measure, print, and write the figures as JSON if asked to."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=report.number(1, 600), default=60, help="of talk")
    chosen = report.asked(options)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        made(folder / "all.wav", chosen.minutes)
        made(folder / "tenth.wav", chosen.minutes / 10)
        figures = compared(folder / "all.wav", folder / "compared")
        for name in ("tenth", "all"):
            file = str(folder / f"{name}.wav")
            figures["ours"][f"{name}, MiB"] = memory(
                OURS, "add", "--audio", file, "--journal", str(folder / "journal")
            )
            figures["plain"][f"{name}, MiB"] = memory(PLAIN, file)
    for name in ("ours", "plain"):
        found = figures[name]
        print(
            f"{name:5} {found['cpu']:7.1f} CPU s {found['wall']:7.1f} s in all, "
            f"{found['tenth, MiB']:.0f} MiB for {chosen.minutes / 10:g} minutes, "
            f"{found['all, MiB']:.0f} MiB for {chosen.minutes:g}"
        )
    print(f"ratio {figures['ratio']['cpu']:7.3f}       {figures['ratio']['wall']:7.3f}")
    report.write(chosen, figures)


if __name__ == "__main__":
    with report.plain_faults():
        main()
