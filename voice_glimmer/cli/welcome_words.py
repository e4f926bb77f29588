"""The first evening in five steps: their order, what is answered, and all words (pure).

[0.4s] is a pause where it is spoken.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.appliance.doctor_sound import CLIPPED, level_of
from voice_glimmer.hearing.health import QUIET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_glimmer.hearing.frames import Frame

FAINT = 20 * np.log10(QUIET / 32_768)
"""dBFS under which a voice is too quiet."""

STANDS_OUT = 10.0
"""dB by which a voice has to be above the room to be taken for one."""


class Step(Enum):
    """The five steps, in order."""

    MICROPHONE = "Microphone"
    LOUDSPEAKER = "Loudspeaker"
    WAKE_PHRASE = "Wake phrase"
    VOICE = "Voice"
    PRIVACY = "Privacy"


class Answer(Enum):
    """What a person can say to a step, by what they type."""

    GO = ""
    SKIP = "s"
    AGAIN = "a"
    LEAVE = "q"


STEPS = tuple(Step)

BEFORE = "Enter begins, s skips, q leaves."
AFTER = "Enter goes on, a does it again, q leaves."
UNKNOWN = "Please press one of these keys, and Enter."

WELCOME = (
    "Welcome.[0.3s] In five short steps we make sure that I hear you and you hear me. "
    "You can skip each of them, and come back whenever you like."
)
INTRODUCTIONS = {
    Step.MICROPHONE: "I listen for five seconds. Please say something then, such as: good morning.",
    Step.LOUDSPEAKER: "I play a chime and say a sentence.",
    Step.WAKE_PHRASE: (
        "I learn how you say the phrase that wakes me, from where you usually stand. "
        "It takes a minute."
    ),
    Step.VOICE: "You hear the voice that I speak with, and may choose another.",
    Step.PRIVACY: "What becomes of what you say.",
}
LEFT = "We can go on at any time, with: voice-glimmer welcome"
DONE = "That was all. I am glad that you are here."

SPEAK_NOW = "Now, please."
CAN_YOU_HEAR = "This is how I sound.[0.4s] Can you hear me?"
YES_OR_NO = "y if you heard it, n if not."
HEARD = "Good."
UNHEARD = (
    "Please look whether the loudspeaker is plugged in and turned up, and which one plays sound in "
    "the system's settings. A certain one is chosen with: voice-glimmer settings set output NAME"
)
TUNED = "The wake phrase is tuned."
NOT_TUNED = "The wake phrase is as it was. You can do that later, with: voice-glimmer wake tune"
KEPT_VOICE = "I keep this voice."

VOICES = {
    "en": {"1": "en-us+f3", "2": "en-us+m3", "3": "en-gb+f4"},
    "de": {"1": "de+f3", "2": "de+m3", "3": "de+f4"},
}
"""By language: voices of espeak-ng to choose from, by what is typed."""

VOICE_CHOICE = "1, 2 or 3 lets you hear another voice, Enter keeps it."
SAMPLE = "What small good thing did you notice today?"

PRIVACY = (
    "Nothing that you say leaves this machine, and I need no network.[0.4s] "
    "I keep the words, and your own voice with them. "
    "What you delete is gone for good after thirty days.[0.4s] "
    "Others who use this machine cannot read it. Whoever takes its disk can, unless you encrypt it."
)
VOICE_OR_WORDS = "Enter keeps your own voice, too, w keeps only the words."
ONLY_WORDS = "From now on I keep only the words."
WITH_VOICE = "I keep your own voice, too."


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a person is: before a step, or after it was done."""

    index: int = 0
    done: bool = False

    @property
    def step(self) -> Step:
        """The step."""
        return STEPS[self.index]

    @property
    def choice(self) -> str:
        """What can be answered here."""
        return AFTER if self.done else BEFORE


def understood(typed: str, walk: Walk) -> Answer | None:
    """Return what was typed as an answer; None where it is none here."""
    try:
        answer = Answer(typed.strip().lower())
    except ValueError:
        return None
    return None if answer is (Answer.SKIP if walk.done else Answer.AGAIN) else answer


def does(walk: Walk, answer: Answer) -> bool:
    """Tell whether the step is to be done now."""
    return answer is Answer.AGAIN or (answer is Answer.GO and not walk.done)


def after(walk: Walk, answer: Answer) -> Walk | None:
    """Return where the person is then; None where it is over."""
    if does(walk, answer):
        return Walk(walk.index, done=True)
    if answer is Answer.LEAVE or walk.index + 1 == len(STEPS):
        return None
    return Walk(walk.index + 1)


def title(step: Step) -> str:
    """Return what stands above a step."""
    return f"Step {STEPS.index(step) + 1} of {len(STEPS)}: {step.value}"


def beginning(phrase: str) -> str:
    """Return how to begin, at the end."""
    return f'To begin: voice-glimmer listen, then say "{phrase}".'


def details(folder: str) -> tuple[str, ...]:
    """Return what is shown beside `PRIVACY`, for it has commands and a folder in it."""
    return (
        f"The folder: {folder}",
        "To encrypt it: voice-glimmer seal --key FILE",
        "More: docs/privacy.md",
    )


def heard(frames: Sequence[Frame]) -> str:
    """Return what is said of a few seconds in which somebody was asked to speak."""
    level = level_of(frames)
    if level is None:
        return "No sound came from the microphone. Please look at its plug."
    if level.still:
        return "The microphone is muted. Please switch it on, and do this again."
    if level.clipped > CLIPPED:
        return "Your voice is too loud for the microphone. Please turn it down, or step back."
    levels = [20 * np.log10(max(frame.loudness[1], 1e-2) / 32_768) for frame in frames]
    room, voice = np.percentile(levels, [20, 95])
    if voice - room < STANDS_OUT:
        return "I heard no voice. Please come closer, or turn the microphone up, and do this again."
    if voice < FAINT:
        return "I hear you, but faintly. The step with the wake phrase can turn the microphone up."
    return "I hear you well."
