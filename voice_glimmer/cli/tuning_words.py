"""What `wake tune` says. Short, calm, never a judgement; [0.4s] is a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_glimmer.hearing.takes import Progress
from voice_glimmer.hearing.tuning import GOOD, LEEWAY, NEAR_NOISE, TAKES, Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_glimmer.hearing.tuning import Findings, Tuning

COUNTS = ("none", "one", "two", "three", "four", "five")
OFTEN = {1: "once", 2: "twice"}

OFTEN_MISSED = 2
"""Times from which on a miss is no accident."""

WELCOME = (
    "First I listen to the kitchen as it is, for twenty seconds.[0.3s] "
    "Please do not say the phrase yet."
)
UNCHANGED = "I changed nothing."
UNDO = "voice-glimmer wake tune --undo"

AGAIN = {
    Progress.NOTHING: "I heard nothing.[0.3s] Once more, please.",
    Progress.OTHER: "I did not make that out.[0.3s] Once more, please.",
}

TROUBLES = {
    Trouble.NO_VOICE: (
        "I heard no voice that stood out from the kitchen.[0.4s] "
        "Please come closer, or turn the microphone up in the system's sound settings."
    ),
    Trouble.UNCLEAR: (
        'I heard a voice, but could not make out "{phrase}".[0.4s] '
        "Another phrase may be easier for me, or a better speech model."
    ),
    Trouble.NOISY: (
        'I could not make out "{phrase}": the kitchen is nearly as loud as you are.[0.4s] '
        "It helps to bring the microphone closer to you, away from the noise."
    ),
    Trouble.CLIPS: (
        "Your voice is too loud for the microphone itself, and I cannot mend that.[0.4s] "
        "Please move it away a little, or turn it down in the system's sound settings."
    ),
    Trouble.KITCHEN_WAKES: (
        'Something in the kitchen sounded like "{phrase}".[0.4s] '
        "If somebody said it, please tune me again. If not, another phrase will serve you better."
    ),
}

DEAD = f"I hear nothing at all from the microphone.[0.4s] It may be muted.[0.4s] {UNCHANGED}"
SILENT = (
    "The loudspeaker is gone, so you could not hear me. Please look at its plug, and at what plays "
    f"sound in the system's settings. {UNCHANGED}"
)
LOST = f"I cannot hear the microphone any more.[0.4s] Please look at its plug.[0.4s] {UNCHANGED}"


def invitation(phrase: str) -> str:
    """Return how the person is asked for the takes."""
    return (
        "Thank you.[0.3s] Now, from where you usually stand, please say: "
        f"{phrase},[0.2s] once after each of five chimes."
    )


def counted(takes: int) -> str:
    """Return how a take is heard back."""
    count = f"{COUNTS[takes].capitalize()}."
    return count if takes < TAKES else f"{count}[0.3s] Thank you. One moment."


def trouble(why: Trouble, phrase: str) -> str:
    """Return why nothing was set, and what would help."""
    return f"{TROUBLES[why].format(phrase=phrase)}[0.4s] {UNCHANGED}"


def levels(found: Findings) -> str:
    """Return the levels, for the screen."""
    return (
        f"your voice {found.voice:.0f} dBFS, the kitchen {found.kitchen:.0f} dBFS, "
        f"{found.snr:.0f} dB between"
    )


def report(
    found: Findings,
    tuning: Tuning,
    *,
    gain: float,
    sensitivity: float,
    missed: int,
    overriding: Sequence[str],
) -> str:
    """Return what was found and set.

    Args:
        found: What was found.
        tuning: What was chosen.
        gain: What the gain was, in dB.
        sensitivity: What the sensitivity was.
        missed: How often a voice was heard, but not the phrase.
        overriding: The environment variables that win over what was set.
    """
    said = [
        _heard(tuning, missed),
        _gain(found, tuning.gain, gain),
        _sensitivity(tuning.sensitivity, sensitivity, gained=tuning.gain != gain),
    ]
    if found.snr < NEAR_NOISE:
        said.append("The kitchen is nearly as loud as you are; a closer microphone would help.")
    elif missed >= OFTEN_MISSED:
        said.append("A closer microphone would help, or another phrase.")
    if overriding:
        names = " and ".join(overriding)
        said.append(f"But {names} in the environment will win over it.")
    return "[0.4s] ".join(said)


def _heard(tuning: Tuning, missed: int) -> str:
    if missed:
        often = OFTEN.get(missed, f"{missed} times")
        return f"I heard you {COUNTS[tuning.woken]} times, and {often} I did not make you out."
    if tuning.woken == TAKES:
        return "I heard all five."
    return f"I heard {COUNTS[tuning.woken]} of the five."


def _gain(found: Findings, gain: float, before: float) -> str:
    change = f"by {abs(gain - before):.0f} decibels"
    faint = found.voice + gain < GOOD - LEEWAY
    if gain > before:
        rest = "; a closer microphone would help, too" if faint else ""
        return f"You are a little quiet from there, so I turned the microphone up {change}{rest}."
    if gain < before:
        return f"You are a little loud from there, so I turned the microphone down {change}."
    if faint:
        return "You are very quiet from there, and I cannot turn the microphone up any further."
    return "You are loud enough, so I left the microphone as it was."


def _sensitivity(chosen: float, before: float, *, gained: bool) -> str:
    if chosen > before:
        return f"To hear you more surely, I raised the sensitivity to {chosen}."
    if chosen < before:
        return f"To be disturbed less by other talk, I lowered the sensitivity to {chosen}."
    return f"I left the sensitivity as it was{'.' if gained else ', too.'}"
