#!/usr/bin/env python3
"""The wake phrase: miss rate against false accepts an hour, and latency, for three ways to hear it.

    .venv/bin/python -m scripts.bench.wake --phrase "hey glimmer" [--positives DIR --negatives DIR]
        [--noise DIR] [--snr 10]

The three: this program; the usual ("bare") Vosk loop with the grammar of the phrase and `[unk]`;
PocketSphinx keyword spotting. Same audio, same run. Folders hold WAV files of any rate; without
them, material is synthesised (see material.py). Every positive holds the phrase once, at its end.
Needs PocketSphinx: .venv/bin/pip install pocketsphinx
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import vosk

from scripts.bench import material
from voice_glimmer.faults import Fault
from voice_glimmer.hearing import models
from voice_glimmer.hearing.files import from_folder
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.hearing.wake import WakeSpotter

LEAD, TAIL = 11.0, 2.0
"""Seconds of noise before each positive, in which the noise floor settles, and after it."""

SENSITIVITIES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

THRESHOLDS = (1e-40, 1e-30, 1e-20, 1e-15, 1e-10, 1e-5, 1e-2, 1.0)
"""PocketSphinx's, from eager to strict."""

REPEATS = 8

Spotter = Callable[[np.ndarray], list[float]]


def ours(model: models.Model, phrase: str, sensitivity: float) -> Spotter:
    """Return a function from samples to the seconds at which this program wakes."""

    def hear(samples: np.ndarray) -> list[float]:
        spotter = WakeSpotter(model, [phrase], sensitivity)
        return [frame.end for frame in from_samples(samples) if spotter.feed(frame)]

    return hear


def bare(model: models.Model, phrase: str) -> Spotter:
    """Return the same for the usual loop, which wakes when a result or a guess holds the phrase."""

    def hear(samples: np.ndarray) -> list[float]:
        recogniser = vosk.KaldiRecognizer(model, RATE, json.dumps([phrase, "[unk]"]))
        woke = []
        for start in range(0, len(samples), RATE // 4):
            if recogniser.AcceptWaveform(samples[start : start + RATE // 4].tobytes()):
                text = json.loads(recogniser.Result())["text"]
            else:
                text = json.loads(recogniser.PartialResult())["partial"]
            if phrase in text:
                woke.append((start + RATE // 4) / RATE)
                recogniser.Reset()
        return woke

    return hear


def sphinx(phrase: str, threshold: float) -> Spotter:
    """Return the same for PocketSphinx keyword spotting at this threshold."""
    from pocketsphinx import Decoder  # noqa: PLC0415 - only this benchmark needs it

    decoder = Decoder(
        keyphrase=phrase, kws_threshold=threshold, lm=None, samprate=RATE, loglevel="FATAL"
    )

    def hear(samples: np.ndarray) -> list[float]:
        woke = []
        decoder.start_utt()
        for start in range(0, len(samples), RATE // 20):
            block = samples[start : start + RATE // 20].tobytes()
            decoder.process_raw(block, no_search=False, full_utt=False)
            if decoder.hyp() is not None:
                woke.append((start + RATE // 20) / RATE)
                decoder.end_utt()
                decoder.start_utt()
        decoder.end_utt()
        return woke

    return hear


def in_noise(said: np.ndarray, noise: np.ndarray, snr: float, rng: np.random.Generator) -> tuple:
    """Return `said` in noise at this SNR in dB, and the second at which it ends."""
    loud = np.flatnonzero(np.abs(said.astype(int)) > 200)
    said = said[loud[0] : loud[-1] + 1].astype(float)
    length = round(LEAD * RATE) + len(said) + round(TAIL * RATE)
    start = rng.integers(0, len(noise) - length)
    mixed = noise[start : start + length].astype(float)
    here = slice(round(LEAD * RATE), round(LEAD * RATE) + len(said))
    power = np.mean(mixed[here] ** 2)
    mixed[here] += said * np.sqrt(power * 10 ** (snr / 10) / np.mean(said**2))
    scale = min(1.0, 30_000 / np.abs(mixed).max())
    return material.to_int16(mixed * scale), here.stop / RATE


def measure(hear: Spotter, positives: list, negatives: list) -> dict[str, float]:
    """Return miss rate, false accepts an hour, and latency in seconds of audio."""
    late, missed = [], 0
    for samples, ends in positives:
        woke = [at for at in hear(samples) if ends - 0.5 <= at <= ends + 1.5]
        missed += not woke
        late += woke[:1] and [woke[0] - ends]
    hours = sum(map(len, negatives)) / RATE / 3600
    accepts = sum(len(hear(samples)) for samples in negatives)
    return {
        "miss": missed / len(positives),
        "false_accepts_an_hour": accepts / hours,
        "median": float(np.median(late)) if late else float("nan"),
        "p95": float(np.percentile(late, 95)) if late else float("nan"),
    }


def main() -> None:
    """Measure, print the table, and print the figures as JSON."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--phrase", default="hey glimmer")
    options.add_argument("--positives", type=Path)
    options.add_argument("--negatives", type=Path)
    options.add_argument("--noise", type=Path)
    options.add_argument("--snr", type=float, default=10)
    options.add_argument("--minutes", type=float, default=20, help="of synthetic talk")
    chosen = options.parse_args()
    rng = np.random.default_rng(2)
    said = (
        from_folder(chosen.positives)
        if chosen.positives
        else [material.speak(chosen.phrase, voice) for voice in material.VOICES] * REPEATS
    )
    noise = (
        np.concatenate(from_folder(chosen.noise)) if chosen.noise else material.kitchen(300, rng)
    )
    talk = (
        from_folder(chosen.negatives)
        if chosen.negatives
        else [material.talk(chosen.minutes * 60, rng)]
    )
    positives = [in_noise(each, noise, chosen.snr, rng) for each in said]
    with tempfile.TemporaryDirectory() as stamps:
        model = models.load(models.BUNDLED, Path(stamps))
    ways = {
        f"this program {sensitivity:.1f}": ours(model, chosen.phrase, sensitivity)
        for sensitivity in SENSITIVITIES
    }
    ways |= {
        "bare Vosk loop": bare(model, chosen.phrase),
    }
    for threshold in THRESHOLDS:
        ways[f"PocketSphinx {threshold:g}"] = sphinx(chosen.phrase, threshold)
    figures = {}
    print(f"{'':20} {'miss':>7} {'false/h':>8} {'median s':>9} {'95 % s':>7}")
    for name, hear in ways.items():
        got = figures[name] = measure(hear, positives, talk)
        print(
            f"{name:20} {got['miss']:7.1%} {got['false_accepts_an_hour']:8.1f} "
            f"{got['median']:9.2f} {got['p95']:7.2f}"
        )
    print(json.dumps(figures))


try:
    main()
except Fault as fault:
    sys.exit(str(fault))
