#!/usr/bin/env python3
"""Dictation: word error rate, speed and lost words, against plain Vosk in the same run.

    .venv/bin/python -m scripts.bench.dictation [--audio DIR --transcripts TSV] [--json FILE]

Every line of the TSV holds a file's name in DIR, a tab, and what is said in it. Each file is one
glimmer, dictated from its first sample until this program takes it to be over; what is said after
that counts as lost. Plain Vosk gets the whole file. Without arguments, sentences in the manner of a
journal are synthesised, with the pauses of someone who is thinking (see material.py).
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import jiwer
import numpy as np
import vosk

from scripts.bench import material, report, waiting, ways
from scripts.bench.mixing import trimmed
from voice_glimmer.conversation import language
from voice_glimmer.conversation.actions import Ear
from voice_glimmer.conversation.events import FellSilent, Partial, Word
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.ear import Dictated, Ears
from voice_glimmer.hearing.files import from_file
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.settings import DEFAULT_SENSITIVITY
from voice_glimmer.speaking.prompts import pieces, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_glimmer.hearing import models

GLIMMERS = (
    "this morning the robin sang[0.6s] outside my window and[3s] i felt at home",
    "my neighbor waved at me and smiled[1.5s] and i waved back",
    "i sat on the bench in the garden[2s] and listened to the birds",
    "the bread was still warm[0.4s] and the kitchen smelled of butter",
    "an old friend called me[1s] and we talked for[3s] an hour about the sea",
    "the rain stopped[1.8s] and the light on the river was golden",
    "a stranger held the door for me[0.8s] and we laughed about the weather",
    "my daughter fell asleep on my arm[2.2s] while i was reading to her",
    "i walked home through the park[0.3s] and the[3s] air smelled of summer",
    "the cat came to sit with me[1.2s] and for a moment everything was quiet",
)
"""With pauses up to 2.4 s where a sentence may end, and of 3 s where it cannot."""

LEAD, TAIL = 0.7, 1.0
"""Seconds of a quiet room around a synthesised glimmer."""

BLOCK = RATE // 4
"""What plain Vosk is fed at a time, as in its own examples."""

SILENCE = 20
"""Seconds of silence after each recording: more than any ending takes."""

LONG_WORD, PAUSE = 0.35, 0.25
"""Seconds: a gap where words are lost is a pause if it is this much longer than long words are."""

PLACES = ("beginning", "pause", "end", "elsewhere")


class Recording(NamedTuple):
    """What is said in a file: int16 at 16 kHz, and its words in lower case."""

    samples: np.ndarray
    words: list[str]


@dataclass
class Way:
    """What one way to hear made of all recordings.

    Attributes:
        heard: The words of each recording.
        cpu: CPU seconds spent.
        seconds: Seconds of audio heard.
        late: For each word, seconds from its end until it was shown.
    """

    heard: list[tuple[Word, ...]] = field(default_factory=list)
    cpu: float = 0.0
    seconds: float = 0.0
    late: list[float] = field(default_factory=list)


def normal(text: str) -> list[str]:
    """Return the words of a transcript as a recogniser writes them."""
    return re.findall(r"[\w']+", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def recordings(folder: Path, transcripts: Path) -> list[Recording]:
    """Return what the TSV names.

    Raises:
        Fault: Something is missing or broken.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        raise Fault(f"There is nothing in {folder}. Please give a folder of recordings.")
    try:
        lines = transcripts.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"I cannot read {transcripts}: {error}.") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name, _, text = line.partition("\t")
        if not normal(text):
            raise Fault(f"Line {number} of {transcripts} should be a file's name, a tab and words.")
        if not (folder / name).is_file():
            raise Fault(f'Line {number} of {transcripts} names "{name}", which is not in {folder}.')
        found.append(Recording(from_file(folder / name), normal(text)))
    if not found:
        raise Fault(f"{transcripts} names no recordings.")
    return found


def synthesised() -> list[Recording]:
    """Return `GLIMMERS`, spoken by every voice in a quiet room."""
    rng = np.random.default_rng(3)
    made = []
    for glimmer in GLIMMERS:
        for voice in material.VOICES:
            said = [
                np.zeros(round(piece * RATE))
                if isinstance(piece, float)
                # Without the silence around it, so that pauses are as long as they say.
                else trimmed(material.speak(piece, voice))
                for piece in [LEAD, *pieces(glimmer), TAIL]
            ]
            sound = np.concatenate(said)
            room = material.coloured(len(sound) / RATE, 12, 1, rng)
            made.append(Recording(material.to_int16(sound + room), normal(plain(glimmer))))
    return made


def dictated(ears: Ears, samples: np.ndarray, way: Way) -> None:
    """Add what this program hears until it takes the glimmer to be over."""
    shown: list[tuple[float, list[str]]] = []
    over: Dictated | FellSilent | None = None
    ears.listen(Ear.OPEN)
    began = time.process_time()
    frames = from_samples(np.concatenate([samples, np.zeros(SILENCE * RATE, np.int16)]))
    while over is None:
        frame = next(frames)
        for heard in ears.feed(frame):
            if isinstance(heard, Partial):
                shown.append((frame.end, heard.text.split()))
            else:
                over = heard
    way.cpu += time.process_time() - began
    way.seconds += frame.end
    words = over.words if isinstance(over, Dictated) else ()
    way.heard.append(words)
    shown.append((frame.end, [word.text for word in words]))
    for index, word in enumerate(words):
        at = next(at for at, text in shown if text[index : index + 1] == [word.text])
        way.late.append(at - word.end)


def transcribed(model: models.Model, samples: np.ndarray, way: Way) -> None:
    """Add what plain Vosk hears in the whole recording."""
    began = time.process_time()
    recogniser = vosk.KaldiRecognizer(model, RATE)
    recogniser.SetWords(True)  # noqa: FBT003 - Vosk's own call
    blocks = [samples[start : start + BLOCK] for start in range(0, len(samples), BLOCK)]
    results = [
        recogniser.Result() for block in blocks if recogniser.AcceptWaveform(block.tobytes())
    ]
    results.append(recogniser.FinalResult())
    way.cpu += time.process_time() - began
    way.seconds += len(samples) / RATE
    way.heard.append(
        tuple(
            Word(word["word"], word["start"], word["end"], word["conf"])
            for result in results
            for word in json.loads(result).get("result", [])
        )
    )


def places(said: Sequence[str], heard: Sequence[Word]) -> Counter[str]:
    """Return how many of the words said were not heard, by the place where they are missing."""
    if not heard:
        return Counter({"beginning": len(said)})
    lost: Counter[str] = Counter()
    aligned = jiwer.process_words(" ".join(said), " ".join(word.text for word in heard))
    for chunk in aligned.alignments[0]:
        if chunk.type != "delete":
            continue
        count, at = chunk.ref_end_idx - chunk.ref_start_idx, chunk.hyp_start_idx
        if chunk.ref_start_idx == 0:
            place = "beginning"
        elif chunk.ref_end_idx == len(said):
            place = "end"
        else:
            gap = heard[at].start - heard[at - 1].end
            place = "pause" if gap - count * LONG_WORD >= PAUSE else "elsewhere"
        lost[place] += count
    return lost


def figures(way: Way, found: Sequence[Recording]) -> dict[str, Any]:
    """Return the numbers for one way to hear."""
    lost = sum((places(each.words, way.heard[n]) for n, each in enumerate(found)), Counter())
    said = [" ".join(each.words) for each in found]
    return {
        "word_error_rate": jiwer.wer(said, [" ".join(w.text for w in each) for each in way.heard]),
        "real_time_factor": way.cpu / way.seconds,
        "lost": {place: lost[place] for place in PLACES},
    }


def main() -> None:
    """Measure, print the table, and write the figures as JSON if asked to."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--audio", type=Path)
    options.add_argument("--transcripts", type=Path)
    chosen = report.asked(options)
    if (chosen.audio is None) != (chosen.transcripts is None):
        report.stop("Please give both --audio and --transcripts, or neither.")
    found = recordings(chosen.audio, chosen.transcripts) if chosen.audio else synthesised()
    model = ways.bundled_model()
    ears = Ears(
        model, language.load("en"), ["hey glimmer"], waiting.LIMITS, sensitivity=DEFAULT_SENSITIVITY
    )
    for _ in range(3):
        ears.rest()
    ours, bare = Way(), Way()
    for each in found:
        dictated(ears, each.samples, ours)
        transcribed(model, each.samples, bare)
    results: dict[str, Any] = {
        "recordings": len(found),
        "words": sum(len(each.words) for each in found),
        "this program": figures(ours, found),
        "plain Vosk": figures(bare, found),
    }
    print(f"{results['recordings']} recordings, {results['words']} words. Lost words by place:")
    print(f"{'':14} {'WER':>6} {'RTF':>6}" + "".join(f"{place:>11}" for place in PLACES))
    for name in ("this program", "plain Vosk"):
        got = results[name]
        lost = "".join(f"{got['lost'][place]:11}" for place in PLACES)
        print(f"{name:14} {got['word_error_rate']:6.1%} {got['real_time_factor']:6.3f}{lost}")
    if ours.late:
        median, most = np.percentile(ours.late, [50, 95])
        results["shown_after"] = {"median": float(median), "p95": float(most)}
        print(f"A word is shown {median:.2f} s after its end (median), {most:.2f} s (95 %).")
    report.write(chosen, results)


if __name__ == "__main__":
    with report.plain_faults():
        main()
