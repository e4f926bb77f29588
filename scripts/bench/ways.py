"""Ways to hear a wake phrase: this program's, and those that people use.

Each is a function from samples to the seconds at which it wakes, for every setting it can have.
Where a setting only chooses among what was found anyway, one pass finds it for all of them.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import vosk

from voice_glimmer.faults import Fault
from voice_glimmer.hearing import models
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.hearing.recogniser import OTHER_SPEECH
from voice_glimmer.hearing.wake import WakeSpotter

Samples = npt.NDArray[np.int16]
Found = dict[float, list[float]]
Way = Callable[[Samples], Found]

OURS = "this program"
GUESSES = "usual loop, guesses"
FINALS = "usual loop, final words"
SPHINX = "PocketSphinx"

SENSITIVITIES = tuple(step / 10 for step in range(11))

CONFIDENCES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 1.0)
"""The least confidence of any word of the phrase with which the usual loop wakes."""

THRESHOLDS = tuple(10.0**power for power in range(-60, 5, 5))
"""PocketSphinx's, from eager to strict."""

USUAL_BLOCK = RATE // 4
"""Samples that the usual loop takes at a time: Vosk's own microphone example takes 4,000 or so."""

SPHINX_BLOCK = RATE // 20
SPHINX_LARGEST = 1500
"""What PocketSphinx subtracts of a score that it reports (KWS_MAX in its kws_search.c)."""

SPHINX_AHEAD = 6
"""Frames of 10 ms by which its front end looks ahead, measured on 14 phrases: always 6."""

SPHINX_SHIFT = 10
"""Bits by which it shifts the logarithms of thresholds and scores (SENSCR_SHIFT)."""


def bundled_model() -> models.Model:
    """Return the model that ships."""
    with tempfile.TemporaryDirectory() as stamps:
        return models.load(models.BUNDLED, Path(stamps))


def all_ways(phrase: str) -> dict[str, Way]:
    """Return every way, by name.

    Raises:
        Fault: PocketSphinx is missing, or a model does not know a word of the phrase.
    """
    hear_sphinx = sphinx(phrase)
    model = bundled_model()
    return {
        SPHINX: hear_sphinx,
        OURS: ours(model, phrase),
        GUESSES: guesses(model, phrase),
        FINALS: finals(model, phrase),
    }


def ours(model: models.Model, phrase: str) -> Way:
    """Return this program's way; its settings are the sensitivities."""
    models.require_words(model, [phrase], "the wake phrase")

    def at(sensitivity: float, samples: Samples) -> list[float]:
        spotter = WakeSpotter(model, [phrase], sensitivity)
        return [frame.end for frame in from_samples(samples) if spotter.feed(frame)]

    return lambda samples: at_every(SENSITIVITIES, lambda setting: at(setting, samples))


def at_every(settings: Sequence[float], hear: Callable[[float], list[float]]) -> Found:
    """Return what is heard at every setting, without hearing at most of them.

    Args:
        settings: From strict to eager, where each only lowers what a score has to reach.
        hear: Returns the seconds at which one setting wakes. Until its first one every setting
            has gone the same way, and a stricter one wakes no sooner. So two settings that wake
            at the same times have none between them that does not (but for Kaldi's own dither,
            which makes every run a little different).
    """
    first, last = settings[0], settings[-1]
    found = {last: hear(last)}
    found[first] = hear(first) if found[last] else []
    pending = [(0, len(settings) - 1)]
    while pending:
        low, high = pending.pop()
        if found[settings[low]] == found[settings[high]]:
            found |= dict.fromkeys(settings[low:high], found[settings[low]])
        elif high - low > 1:
            middle = (low + high) // 2
            found[settings[middle]] = hear(settings[middle])
            pending += [(low, middle), (middle, high)]
    return {each: found[each] for each in settings}


def usual_loop(model: models.Model, phrase: str) -> vosk.KaldiRecognizer:
    """Return what the usual loop hears with: a grammar of the phrase and other speech."""
    return vosk.KaldiRecognizer(model, RATE, json.dumps([phrase, OTHER_SPEECH]))


def blocks(samples: Samples, size: int) -> Iterator[tuple[float, bytes]]:
    """Yield samples in blocks, each with the second at which it ends."""
    for start in range(0, len(samples), size):
        block = samples[start : start + size]
        yield (start + len(block)) / RATE, block.tobytes()


def guesses(model: models.Model, phrase: str) -> Way:
    """Return the way people write most: any guess or result that holds the phrase wakes."""

    def hear(samples: Samples) -> Found:
        recogniser, woke = usual_loop(model, phrase), []
        for at, block in blocks(samples, USUAL_BLOCK):
            if recogniser.AcceptWaveform(block):
                text = json.loads(recogniser.Result())["text"]
            else:
                text = json.loads(recogniser.PartialResult())["partial"]
            if phrase in text:
                woke.append(at)
                recogniser.Reset()
        return {0.0: woke}

    return hear


def finals(model: models.Model, phrase: str) -> Way:
    """Return the careful way: final words only; its settings are least confidences."""

    def hear(samples: Samples) -> Found:
        recogniser = usual_loop(model, phrase)
        recogniser.SetWords(True)  # noqa: FBT003 - Vosk's own call
        heard = []
        for at, block in blocks(samples, USUAL_BLOCK):
            if recogniser.AcceptWaveform(block):
                heard += [(at, sure) for sure in confidences(recogniser.Result(), phrase)]
        end = len(samples) / RATE
        heard += [(end, sure) for sure in confidences(recogniser.FinalResult(), phrase)]
        return {least: [at for at, sure in heard if sure >= least] for least in CONFIDENCES}

    return hear


def confidences(result: str, phrase: str) -> list[float]:
    """Return the least confidence of each phrase in a result of Vosk's."""
    words: list[dict[str, Any]] = json.loads(result).get("result", [])
    said = phrase.split()
    stretches = [words[first : first + len(said)] for first in range(len(words))]
    return [
        min(word["conf"] for word in stretch)
        for stretch in stretches
        if [word["word"] for word in stretch] == said
    ]


def sphinx(phrase: str) -> Way:
    """Return PocketSphinx keyword spotting; its settings are its thresholds.

    One pass at the most eager threshold reports every score, and a stricter threshold only leaves
    some of them out. Its own loops begin a new utterance after each phrase, which changes scores a
    little; here one lasts as long as the file.

    Raises:
        Fault: It is not installed, or does not know a word of the phrase.
    """
    try:
        from pocketsphinx import Decoder  # noqa: PLC0415 - only this benchmark needs it
    except ImportError as error:
        raise Fault(
            "PocketSphinx is not installed. Please install it with: "
            ".venv/bin/python -m pip install pocketsphinx"
        ) from error
    decoder = Decoder(
        keyphrase=phrase, kws_threshold=min(THRESHOLDS), lm=None, samprate=RATE, loglevel="FATAL"
    )
    unknown = [word for word in phrase.split() if decoder.lookup_word(word) is None]
    if unknown:
        raise Fault(f'PocketSphinx does not know "{unknown[0]}". Please choose another phrase.')
    base, delay = math.log(decoder.config["logbase"]), decoder.config["kws_delay"]
    least = {each: int(math.log(each) / base) >> SPHINX_SHIFT for each in THRESHOLDS}
    rate, mean = decoder.config["frate"], decoder.get_cmn(False)  # noqa: FBT003 - its own call

    def hear(samples: Samples) -> Found:
        decoder.set_cmn(mean)  # else it goes on from whatever file this process heard before
        decoder.start_utt()
        for _, block in blocks(samples, SPHINX_BLOCK):
            decoder.process_raw(block, no_search=False, full_utt=False)
        decoder.end_utt()
        heard = [
            (told_at(segment.end_frame), round(math.log(segment.prob) / base) + SPHINX_LARGEST)
            for segment in decoder.seg() or ()
        ]
        return {each: [at for at, score in heard if score >= least[each]] for each in THRESHOLDS}

    def told_at(end_frame: int) -> float:
        # It tells of a phrase once `delay` frames have followed it, and is asked after each block.
        samples = (end_frame + delay + SPHINX_AHEAD) / rate * RATE
        return math.ceil(samples / SPHINX_BLOCK) * SPHINX_BLOCK / RATE

    return hear
