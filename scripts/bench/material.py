"""Sounds for the benchmarks: a quiet room, a kitchen without speech, and people talking.

All of it is synthetic. The talking voices are flite's and espeak-ng's, which the bundled model was
trained on too: word error rates and misses measured with them flatter it, ratios less so.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.hearing.frames import RATE
from voice_glimmer.speaking.sound import read

if TYPE_CHECKING:
    import numpy.typing as npt

    Speech = npt.NDArray[np.int16]

PLAIN = (
    "did you remember to buy milk and bread on the way home",
    "we could take the early train and walk along the river",
    "the kettle is boiling and the toast is nearly done",
    "please close the window before it starts to rain again",
    "they say the winter will be long and cold this year",
    "i will call her in the evening when the children are asleep",
    "put the lid on the pot and turn the heat down a little",
    "How often each of the voices says a phrase, in noise of its own each time.",
)
NEAR_MISSES = (
    "there was a glimmer of hope in her eyes when she said it",
    "he grinned and said nothing for a long while",
    "hey you, come here and look at the moon for a moment",
    "the hay is glimmering in the sun behind the barn",
    "hey jimmy, dinner is ready in about five minutes",
)
"""Sentences that sound like "hey glimmer" here and there."""

REPEATS = 8
"""How often each of the voices says a phrase, in noise of its own each time."""

VOICES = ("flite slt", "flite rms", "flite awb", "espeak en-us+f4", "espeak en-gb-scotland+m5")


def speak(text: str, voice: str) -> Speech:
    """Return a text spoken by one of `VOICES`: int16, 16 kHz."""
    engine, name = voice.split()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        if engine == "flite":
            command = ["flite", "-voice", name, "-t", text, "-o", str(path)]
        else:
            command = ["espeak-ng", "-v", name, "-s", "150", "-w", str(path), text]
        subprocess.run(command, check=True)
        return read(path).at_rate(RATE).samples


def phrases(phrase: str) -> list[Speech]:
    """Return a phrase by each of `VOICES`, `REPEATS` times over."""
    return [speak(phrase, voice) for voice in VOICES] * REPEATS


def coloured(seconds: float, level: float, slope: float, rng: np.random.Generator) -> np.ndarray:
    """Return noise of this RMS level (int16 steps) whose power falls with frequency^slope."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(rng.normal(0, 1, count))
    frequencies = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20)
    noise = np.fft.irfft(spectrum * frequencies ** (-slope / 2), count)
    return noise * level / np.sqrt(np.mean(noise**2))


def quiet_room(seconds: float, rng: np.random.Generator) -> Speech:
    """Return a room at night: soft noise and a far mains hum."""
    t = np.arange(round(seconds * RATE)) / RATE
    hum = 6 * np.sin(2 * np.pi * 50 * t) + 3 * np.sin(2 * np.pi * 150 * t)
    return to_int16(coloured(seconds, 12, 1, rng) + hum)


def kitchen(seconds: float, rng: np.random.Generator) -> Speech:
    """Return a kitchen without speech: hood, fridge, water now and then, and dishes."""
    t = np.arange(round(seconds * RATE)) / RATE
    sound = coloured(seconds, 250, 1, rng)
    sound += sum(120 / n * np.sin(2 * np.pi * 50 * n * t) for n in (1, 2, 3, 4))
    water = coloured(seconds, 500, 0, rng)
    sound += water * np.clip(np.sin(2 * np.pi * t / 40 + rng.uniform(0, 6)), 0, 1) ** 4
    for at in rng.uniform(0, seconds - 1, round(seconds / 4)):
        ring = np.arange(RATE // 2) / RATE
        tones = rng.uniform(900, 6_000, 4)
        dish = sum(np.sin(2 * np.pi * f * ring) for f in tones) * np.exp(-rng.uniform(8, 40) * ring)
        start = int(at * RATE)
        sound[start : start + len(dish)] += dish * rng.uniform(500, 3_000)
    return to_int16(sound)


def small_talk(seconds: float, rng: np.random.Generator) -> Speech:
    """Return people talking with short pauses, and nothing that is much like "hey glimmer"."""
    return _spoken(PLAIN, seconds, rng)


def talk(seconds: float, rng: np.random.Generator) -> Speech:
    """Return the same, but two sentences in five are near misses: far more than in any house."""
    return _spoken(PLAIN + NEAR_MISSES, seconds, rng)


def _spoken(sentences: tuple[str, ...], seconds: float, rng: np.random.Generator) -> Speech:
    spoken = [speak(text, voice) for text in sentences for voice in VOICES]
    order = rng.permutation(len(spoken))
    gap = np.zeros(RATE * 3 // 10, np.int16)
    once = np.concatenate([part for index in order for part in (spoken[index], gap)])
    noisy = np.resize(once, round(seconds * RATE)) + coloured(seconds, 12, 1, rng)
    return to_int16(noisy)


def to_int16(sound: np.ndarray) -> Speech:
    """Return samples clipped to int16."""
    return np.clip(sound, -32_768, 32_767).astype(np.int16)
