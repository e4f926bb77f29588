"""No word is lost or heard twice at a seam: after the wake phrase, and around a pause.

The synthetic speech is recognised with errors of its own; so each piece is first heard by itself,
with silence around it, and every piece used here is then heard right.
"""

from itertools import cycle, product

import numpy as np
import pytest

from tests.conftest import Person, Speech, pause, trimmed
from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.actions import Ear
from voice_glimmer.conversation.language import Language
from voice_glimmer.hearing.dictation import Limits, transcribed
from voice_glimmer.hearing.ear import Dictated, Ears
from voice_glimmer.hearing.frames import BLOCK, Frame, from_samples
from voice_glimmer.hearing.models import Model
from voice_glimmer.hearing.recogniser import Recogniser
from voice_glimmer.settings import DEFAULT_SENSITIVITY

LIMITS = Limits(pause=2.5, patience=10.0, longest=180.0, quick_pause=1.0)
VOICES = ("slt", "rms", "awb", "kal16")
PHRASE = "hey glimmer"

AFTER_PHRASE = (
    "read my last glimmer",
    "my neighbor waved at me",
    "i felt at home",
    "she smiled at me",
    "cancel",
)
GAPS = (0.0, 0.1, 0.2, 0.35, 0.6)

AROUND_PAUSE = (
    ("my neighbor waved at me", "and i felt at home"),
    ("my friend called me", "someone held the door for me"),
    ("she told me a story", "friend smiled at me"),
    ("morning light was golden", "it was so quiet"),
)
PAUSES = (0.3, 0.7, 1.2, 1.8, 2.4)

AROUND_THOUGHT = (
    ("my neighbor waved at me and", "i felt at home"),
    ("my friend called me because", "it was so quiet"),
    ("she smiled at me when", "we sat down"),
    ("my brother and i", "laughed about the weather"),
    ("this morning", "my brother called me"),
)
THOUGHT = (3.0,)

OFFSETS = range(0, BLOCK, 37)
"""Samples by which speech is shifted against the frames; the cases take one after the other."""


def cases(*dimensions):
    shifts = cycle(OFFSETS)
    return [(*case, next(shifts)) for case in product(*dimensions)]


def name(case) -> str:
    return ", ".join("|".join(each) if isinstance(each, tuple) else str(each) for each in case)


@pytest.fixture(scope="module")
def alone(model: Model, person: Person):
    """Return a function that tells what is heard of a text that nothing precedes or follows."""
    heard: dict[tuple[str, str], list[str]] = {}

    def words(text: str, voice: str) -> list[str]:
        if (text, voice) not in heard:
            around = np.concatenate([pause(0.5), trimmed(person(text, voice)), pause(1)])
            heard[text, voice] = transcribed(Recogniser(model), from_samples(around)).text.split()
        return heard[text, voice]

    return words


@pytest.fixture
def ears(model: Model, language: Language) -> Ears:
    return Ears(model, language, [PHRASE], LIMITS, sensitivity=DEFAULT_SENSITIVITY)


def dictated(ears: Ears, sound: Speech) -> list[str]:
    """Return the words of what is dictated, having listened as the loop does."""
    over: list[Dictated | ev.FellSilent] = []

    def hear(frame: Frame) -> None:
        for heard in ears.feed(frame):
            if isinstance(heard, ev.Woke):
                ears.listen(Ear.OPEN)
            elif not isinstance(heard, ev.Partial):
                over.append(heard)
        for unheard in ears.unheard():
            hear(unheard)

    frames = from_samples(sound)
    while not over and (frame := next(frames, None)):
        hear(frame)
    assert over, "it did not wake, or did not end"
    assert isinstance(over[0], Dictated), "it took the person to be silent"
    return [word.text for word in over[0].words]


@pytest.mark.parametrize("case", cases(AFTER_PHRASE, GAPS, VOICES), ids=name)
def test_in_one_breath(ears: Ears, person: Person, alone, case):
    text, gap, voice, shift = case
    words = text.split()
    assert alone(text, voice) == words
    phrase, said = trimmed(person(PHRASE, voice)), trimmed(person(text, voice))
    lead = np.concatenate([pause(1), np.zeros(shift, np.int16)])
    ears.listen(Ear.WAKE)
    heard = dictated(ears, np.concatenate([lead, phrase, pause(gap), said, pause(7)]))
    assert heard[:2] == words[:2]
    for word in {*PHRASE.split(), *words[:2]}:
        assert heard.count(word) == words.count(word), heard


@pytest.mark.parametrize(
    "case",
    cases(AROUND_PAUSE, PAUSES, VOICES) + cases(AROUND_THOUGHT, THOUGHT, VOICES),
    ids=name,
)
def test_around_a_pause(ears: Ears, person: Person, alone, case):
    pieces, silence, voice, shift = case
    before, after = (piece.split() for piece in pieces)
    assert [alone(piece, voice) for piece in pieces] == [before, after]
    first, second = (trimmed(person(piece, voice)) for piece in pieces)
    lead = np.concatenate([pause(0.5), np.zeros(shift, np.int16)])
    ears.listen(Ear.OPEN)
    heard = dictated(ears, np.concatenate([lead, first, pause(silence), second, pause(7)]))
    at = len(before)
    assert heard[at - 1 : at + 1] == [before[-1], after[0]], heard
    for word in {before[-1], after[0]}:
        assert heard.count(word) == [*before, *after].count(word), heard
