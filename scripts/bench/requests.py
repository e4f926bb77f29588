#!/usr/bin/env python3
"""Requests, spoken: how many are understood as what they ask for, against plain Vosk.

    .venv/bin/python -m scripts.bench.requests [--sentences 240] [--json FILE]

A seeded sample of the sentences that are understood after the wake phrase, every kind among them,
and of the short answers and of what is said between two readings, spoken by six synthetic voices
that are not the program's own, in a quiet room. Each is heard as the program hears it there. Plain
Vosk hears the same sound with its full vocabulary, and its words are understood in the same way.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import jiwer
import numpy as np

from scripts.bench import dictation, material, report, waiting, ways
from scripts.bench.dictation import Way, transcribed
from scripts.bench.mixing import trimmed
from voice_glimmer.conversation import events, language, requests
from voice_glimmer.conversation.actions import Ear
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.hearing.ear import Dictated, Ears
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.settings import DEFAULT_SENSITIVITY
from voice_glimmer.speaking.prompts import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voice_glimmer.conversation.language import Language
    from voice_glimmer.conversation.requests import Request
    from voice_glimmer.hearing import models

VOICES = (*material.VOICES, "espeak en-us+m3")

TOPICS = (
    *("coffee", "the garden", "my sister", "the robin", "music", "the sea", "my daughter", "rain"),
    *("the park", "bread", "a stranger", "the river", "my friend", "birds", "the kitchen"),
    *("my mother", "the old house", "the morning light", "walking", "flowers"),
)
"""Everyday topics."""

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Europe/Berlin"))

HEARD_WITH = {
    Ear.OPEN: requests.REQUESTS - {Kind.UNCLEAR},
    Ear.ANSWER: requests.ANSWERS,
    Ear.GAP: requests.WHILE_HEARING,
}
"""What is asked for where; `UNCLEAR` stands for whatever else begins like a request."""

ABOUT_GLIMMERS = (Kind.READ, Kind.PLAY, Kind.COUNT)
"""What has by far the most wordings, and gets three fifths of the sentences."""

EACH = 2
"""How many of the voices say each sentence."""

LEAD = 0.4
"""Seconds of a quiet room before what is said."""

SILENCE = 11.0
"""Seconds of it afterwards: more than any ending takes."""

WORST = 15
"""How many confusions are shown."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said, to which ear, and what it asks for: of a glimmer, nothing."""

    text: str
    ear: Ear
    asks: Request | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sentence that one voice said.

    Attributes:
        sentence: What was said.
        voice: Who said it.
        ours: The words that this program heard.
        plain: Those of plain Vosk.
    """

    sentence: Sentence
    voice: str
    ours: str
    plain: str


GLIMMERS = (
    *(plain(glimmer) for glimmer in dictation.GLIMMERS),
    "i read a book to my son about the sea",
    "my last day at work was lovely",
    "i found one more thing to love about the garden",
    "my sister told me about the robin",
    "the neighbors played music last night",
    "i was listening to the rain this morning",
    "a stranger gave me her favorite seat",
    "i heard my favorite song on the radio yesterday",
    "there were so many birds in the garden today",
    "we played in the garden all afternoon",
    "my mother called me about the old house",
    "i was not busy today and had time to breathe",
    "my friend read to me in her own voice",
    "i woke up early and the sea was quiet",
    "a glimmer of light on the river this evening",
    "i kept a small stone from the beach last summer",
    "she played my favorite song last night",
    "my favorite one is the sea",
    "how many birds there are in the garden",
    "the last one was about the robin",
    "i heard the robin read to its young",
    "what my sister told me yesterday",
    "breathe in the morning light",
    "the next one was a robin",
    "i listened to the first birds of this year",
)
"""Glimmers; from the second line on with many words of requests."""


def sampled(english: Language, ear: Ear, count: int, random: Random) -> list[Sentence]:
    """Return about so many sentences to this ear, with every kind among them.

    Left out are digits, which nobody speaks, and what asks for nothing just now, such as the
    thirty-first of June.
    """
    by_kind = defaultdict(list)
    for sample in english.sentences.samples(HEARD_WITH[ear], TOPICS):
        if not any(letter.isdigit() for letter in sample.text):
            by_kind[sample.match.kind].append(sample.text)
    large = [kind for kind in ABOUT_GLIMMERS if kind in by_kind]
    small = [kind for kind in by_kind if kind not in large]
    share = {kind: count * 3 // 5 // len(large) for kind in large}
    rest = count - sum(share.values())
    share |= {kind: max(1, round(rest / len(small))) for kind in small}
    drawn = [
        text
        for kind, texts in by_kind.items()
        for text in random.sample(texts, min(share[kind], len(texts)))
    ]
    asking = [(text, asked(text, ear, english)) for text in drawn]
    return [Sentence(text, ear, request) for text, request in asking if request]


def asked(text: str, ear: Ear, english: Language) -> Request | None:
    """Return what words ask for at this ear; of a topic, only the words that are searched for."""
    if ear is Ear.OPEN:
        request = requests.understand(text, NOW, english)
    else:
        request = requests.answered(text, english, HEARD_WITH[ear])
    return replace(request, topic_said="") if request else None


def spoken(text: str, voice: str, rng: np.random.Generator) -> np.ndarray:
    """Return a text by a voice in a quiet room: int16 at 16 kHz."""
    lead, tail = (np.zeros(round(seconds * RATE)) for seconds in (LEAD, SILENCE))
    sound = np.concatenate([lead, trimmed(material.speak(text, voice)), tail])
    return material.to_int16(sound + material.coloured(len(sound) / RATE, 12, 1, rng))


def heard(ears: Ears, ear: Ear, samples: np.ndarray) -> str:
    """Return the words that the program hears."""
    ears.listen(ear)
    for frame in from_samples(samples):
        for each in ears.feed(frame):
            if isinstance(each, Dictated):
                return " ".join(word.text for word in each.words)
            if isinstance(each, events.Answered):
                return each.text
            if isinstance(each, events.FellSilent):
                return ""
    raise AssertionError("Every ending takes less than SILENCE.")


def shared_out(sentences: Sequence[Sentence]) -> list[tuple[Sentence, str]]:
    """Return each sentence with `EACH` of the voices, which take turns."""
    turn = cycle(VOICES)
    return [(sentence, next(turn)) for sentence in sentences for _ in range(EACH)]


def outcomes(
    model: models.Model, english: Language, said: Iterable[tuple[Sentence, str]]
) -> list[Outcome]:
    """Return what becomes of sentences that voices say."""
    rng = np.random.default_rng(1)
    ears = Ears(model, english, ["hey glimmer"], waiting.LIMITS, sensitivity=DEFAULT_SENSITIVITY)
    found = []
    for sentence, voice in said:
        samples = spoken(sentence.text, voice, rng)
        ours = heard(ears, sentence.ear, samples)
        bare = Way()
        speech = len(samples) - round((SILENCE - 0.5) * RATE)
        transcribed(model, samples[:speech], bare)
        words = " ".join(word.text for word in bare.heard[0])
        found.append(Outcome(sentence, voice, ours, words))
    return found


def shares(found: Sequence[Outcome], english: Language) -> dict[str, Any]:
    """Return of these outcomes the share whose intent, and whose slots too, are right."""
    figures: dict[str, Any] = {"sentences": len(found)}
    for way in ("ours", "plain"):
        understood = [asked(getattr(each, way), each.sentence.ear, english) for each in found]
        wanted = [each.sentence.asks for each in found]
        pairs = [*zip(understood, wanted, strict=True)]
        figures[way] = {
            "intent": np.mean([_kind(got) is _kind(want) for got, want in pairs]),
            "slots": np.mean([got == want for got, want in pairs]),
        }
    said = [each.sentence.text for each in found]
    figures["plain"]["word_error_rate"] = jiwer.wer(said, [each.plain for each in found])
    return figures


def _kind(request: Request | None) -> Kind | None:
    return request.kind if request else None


def confusions(found: Iterable[Outcome], english: Language) -> Counter[tuple[str, str]]:
    """Return what was said and what was heard, where that asks for something else, or nothing."""
    return Counter(
        (each.sentence.text, each.ours)
        for each in found
        if asked(each.ours, each.sentence.ear, english) != each.sentence.asks
    )


def main() -> None:
    """Measure, print the table, and write the figures as JSON if asked to."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sentences", type=report.number(30, 2_000), default=240)
    chosen = report.asked(options)
    english = language.load("en")
    random = Random(4)  # noqa: S311
    count = round(chosen.sentences)
    sentences = [
        *sampled(english, Ear.OPEN, count, random),
        *sampled(english, Ear.ANSWER, count // 6, random),
        *sampled(english, Ear.GAP, count // 6, random),
    ]
    glimmers = [Sentence(text, Ear.OPEN, None) for text in GLIMMERS]
    model = ways.bundled_model()
    said, workers = shared_out([*sentences, *glimmers]), os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        parts = [said[first::workers] for first in range(workers)]
        each = pool.map(lambda part: outcomes(model, english, part), parts)
        everything = [outcome for some in each for outcome in some]
    found = [outcome for outcome in everything if outcome.sentence.asks]
    groups = {voice: [o for o in found if o.voice == voice] for voice in VOICES}
    groups |= {ear.value: [o for o in found if o.sentence.ear is ear] for ear in HEARD_WITH}
    groups["all"] = found
    groups["glimmers"] = [o for o in everything if o.sentence.asks is None]
    results: dict[str, Any] = {name: shares(some, english) for name, some in groups.items()}
    print(f"{'':24} {'said':>5} {'intent':>7} {'slots':>7}   plain: {'intent':>7} {'slots':>7} WER")
    for name, got in results.items():
        ours, plain = got["ours"], got["plain"]
        print(
            f"{name:24} {got['sentences']:5} {ours['intent']:7.1%} {ours['slots']:7.1%}"
            f"          {plain['intent']:7.1%} {plain['slots']:7.1%} {plain['word_error_rate']:.1%}"
        )
    worst = confusions(everything, english).most_common()
    results["confusions"] = [[*pair, times] for pair, times in worst]
    print("Most often misheard:")
    for (said, words), times in worst[:WORST]:
        print(f'  {times} "{said}" as "{words}"')
    report.write(chosen, results)


if __name__ == "__main__":
    with report.plain_faults():
        main()
