#!/usr/bin/env python3
"""What the program says, heard by a machine: how many of its words are understood.

    .venv/bin/python -m scripts.bench.understandable [--json FILE]

Every English prompt, and every reply without places to fill in, spoken by the program's own voice
as shipped, with its pauses, in a quiet room, and heard by the bundled model with its full
vocabulary. What a small model hears is no proof that a tired person does, but what it mishears is
likely to be hard for people, too.
"""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING, Any

import jiwer
import numpy as np

from scripts.bench import material, report, ways
from scripts.bench.dictation import Way, normal, transcribed
from voice_glimmer.conversation import language
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.settings import VOICES, Settings
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, load, pieces, plain
from voice_glimmer.speaking.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_glimmer.hearing import models

BAR = 0.9
"""The share of its words that is to be understood of every prompt."""

LEAD = 0.7
"""Seconds of a quiet room around what is said."""


SPELT = {"favourite": "favorite", "any more": "anymore", "all right": "alright"}
"""What the model spells in another way, or in two."""


def understood(said: str, heard: str) -> float:
    """Return the share of what was said that was heard, in its order."""
    alike = []
    for text in (said, heard):
        words = " ".join(normal(text))
        for one, other in SPELT.items():
            words = words.replace(one, other)
        alike.append(words)
    return jiwer.process_words(*alike).hits / len(alike[0].split())


def spoken(text: str, voice: Voice, rng: np.random.Generator) -> np.ndarray:
    """Return what the program says, with its pauses, in a quiet room: int16 at 16 kHz."""
    said = [
        np.zeros(round(piece * RATE))
        if isinstance(piece, float)
        else voice.sound(piece).at_rate(RATE).samples
        for piece in [LEAD, *pieces(text), LEAD]
    ]
    sound = np.concatenate(said)
    return material.to_int16(sound + material.coloured(len(sound) / RATE, 12, 1, rng))


def measured(texts: Mapping[str, str], voice: Voice, model: models.Model) -> list[dict[str, Any]]:
    """Return what was heard of these texts, by name, the least understood first."""
    rng = np.random.default_rng(1)
    found = []
    for name, text in texts.items():
        way = Way()
        transcribed(model, spoken(text, voice, rng), way)
        heard = " ".join(word.text for word in way.heard[0])
        share = understood(plain(text), heard)
        found.append({"name": name, "said": plain(text), "heard": heard, "share": share})
    return sorted(found, key=lambda each: each["share"])


def replies(english: language.Language) -> dict[str, str]:
    """Return what is said as it stands, by its name and number."""
    return {
        f"{name} {number}": wording
        for name, wordings in english.replies.items()
        for number, wording in enumerate(wordings, 1)
        if "{" not in wording and plain(wording).endswith((".", "?"))
    }


def main() -> None:
    """Measure, print the table, and write the figures as JSON if asked to."""
    chosen = report.asked(argparse.ArgumentParser(description=__doc__.splitlines()[0]))
    model = ways.bundled_model()
    prompts = {prompt.id: prompt.words for prompt in load(AUDIO_PROMPTS / "en.toml")}
    said = {"prompts": prompts, "replies": replies(language.load("en"))}
    results: dict[str, Any] = {"bar": BAR}
    with closing(Voice(VOICES["en"], Settings.model_fields["rate"].default)) as voice:
        voice.check()
        for what, texts in said.items():
            found = measured(texts, voice, model)
            shares = [each["share"] for each in found]
            words = [len(normal(each["said"])) for each in found]
            share, below = np.average(shares, weights=words), sum(each < BAR for each in shares)
            print(
                f"{what}: {len(found)} of {sum(words)} words, {share:.1%} of them understood; "
                f"of the least understood {shares[0]:.0%}; {below} below {BAR:.0%}"
            )
            for each in found:
                if each["share"] < 1:
                    print(f"  {each['share']:4.0%} {each['name']}: {each['said']}")
                    print(f"       {each['heard']}")
            results[what] = {"words": sum(words), "understood": float(share), "table": found}
    report.write(chosen, results)


if __name__ == "__main__":
    with report.plain_faults():
        main()
