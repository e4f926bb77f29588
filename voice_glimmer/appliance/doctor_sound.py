"""Whether what hears and what speaks is well (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.appliance.doctor import Finding, note, to_mend, well
from voice_glimmer.hearing.frames import BLOCK, RATE, Frame, Outage
from voice_glimmer.hearing.health import STILL, clipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voice_glimmer.faults import Fault

DEAF = "I could not hear you."
MUTE = "You could not hear me. What I say is only shown."

NOISY = -35.0
"""dBFS. A voice is heard best at -25 (`hearing/health.py`); 10 dB below that a room is loud."""

PATIENCE_SECONDS = 3.0
"""How long a microphone may deliver nothing before it is given up."""

CLIPPED = 0.02
"""The share of clipped frames from which words get lost; a door that falls shut is less."""

SLOW = 1.0
"""Seconds of work for a second of sound from which the program falls ever further behind."""

BUSY = 0.6
"""Likewise, from which it is late as soon as the machine has other work."""


@dataclass(frozen=True, slots=True)
class Level:
    """How loud it was.

    Attributes:
        dbfs: The median of the frames' levels, in dBFS.
        still: Whether nothing but silence was delivered.
        clipped: The share of the frames that were too loud for the microphone.
    """

    dbfs: float
    still: bool
    clipped: float


def level_of(frames: Sequence[Frame]) -> Level | None:
    """Return how loud these frames were; None where there are none."""
    if not frames:
        return None
    levels = np.array([frame.loudness[1] for frame in frames])
    return Level(
        dbfs=float(20 * np.log10(max(float(np.median(levels)), 1e-2) / 32_768)),
        still=bool((levels < STILL).all()),
        clipped=sum(clipped(frame.samples) for frame in frames) / len(frames),
    )


def gathered(source: Iterable[Frame | Outage], seconds: float) -> list[Frame]:
    """Return the frames of so many seconds; fewer where none comes for `PATIENCE_SECONDS`."""
    frames: list[Frame] = []
    for heard in source:
        if isinstance(heard, Outage):
            if heard.lasting >= PATIENCE_SECONDS:
                break
        else:
            frames.append(heard)
            if len(frames) * BLOCK >= seconds * RATE:
                break
    return frames


def microphone(fault: Fault | None, *, listening: bool) -> Finding:
    """Judge a microphone by why it could not be opened.

    Args:
        fault: Why; None where it could.
        listening: Whether another Voice Glimmer listens just now.
    """
    if fault is None:
        return well("Microphone", "I can open it.")
    if listening:
        return note("Microphone", "The Voice Glimmer that listens just now has it.")
    return to_mend("Microphone", str(fault), DEAF, "voice-glimmer device list")


def switched_off() -> Finding:
    """Return that the person has closed the microphone; nobody opens it then."""
    return note(
        "Microphone",
        "You have switched it off.",
        "I hear nothing until you switch it on.",
        "hold the button for a second",
    )


def level(heard: Level | None) -> Finding:
    """Judge what a microphone delivered in a few seconds."""
    if heard is None:
        return to_mend(
            "Level",
            "No sound arrived from the microphone.",
            DEAF,
            "unplug the microphone and plug it in again",
        )
    if heard.still:
        return to_mend("Level", "The microphone is muted.", DEAF, "alsamixer -V capture")
    if heard.clipped > CLIPPED:
        return to_mend(
            "Level",
            "The microphone is too loud, and clips.",
            "Words get lost.",
            "alsamixer -V capture, and turn it down",
        )
    if heard.dbfs > NOISY:
        return note(
            "Level",
            f"It is loud here, {heard.dbfs:.0f} dBFS.",
            "I hear you better from a microphone that is closer to you than to the noise.",
            "voice-glimmer wake tune",
        )
    return well("Level", f"The microphone delivers, and the room is at {heard.dbfs:.0f} dBFS.")


def loudspeaker(fault: Fault | None, *, listening: bool) -> Finding:
    """Judge a loudspeaker, as `microphone` does."""
    if fault is None:
        return well("Loudspeaker", "I can open it.")
    if listening:
        return note("Loudspeaker", "The Voice Glimmer that listens just now has it.")
    return to_mend("Loudspeaker", str(fault), MUTE, "voice-glimmer device list")


def model(name: str, fault: Fault | None, *, bundled: bool) -> Finding:
    """Judge the speech model.

    Args:
        name: Its folder's name.
        fault: Why it cannot be used; None where it can.
        bundled: Whether it is the small one that ships.
    """
    if fault is not None:
        return to_mend("Speech model", str(fault), DEAF, "voice-glimmer model list")
    if bundled:
        return note(
            "Speech model",
            "It is the small one that I bring along.",
            "It hears human voices only roughly. The recommended one hears them well.",
            "voice-glimmer model get small-en-us",
        )
    return well("Speech model", f"It is {name}.")


def vocabulary(fault: Fault | None) -> Finding:
    """Judge the wake phrases by what the model lacks of them."""
    if fault is None:
        return well("Wake phrase", "The speech model knows all its words.")
    return to_mend(
        "Wake phrase",
        str(fault),
        "You could never wake me.",
        'voice-glimmer wake check "hey glimmer", with words of your own',
    )


def requests(missing: Sequence[str]) -> Finding:
    """Judge the speech model by the words of requests and answers that it lacks."""
    if not missing:
        return well("Requests", "The speech model knows all their words.")
    some = ", ".join(f'"{word}"' for word in sorted(missing)[:3])
    return to_mend(
        "Requests",
        f"The speech model lacks {len(missing)} of their words, such as {some}.",
        "It is for another language, or too small. I do not start to listen with it.",
        "voice-glimmer model list",
    )


def voice(fault: Fault | None) -> Finding:
    """Judge the voice."""
    if fault is None:
        return well("Voice", "I can speak with it.")
    return to_mend("Voice", str(fault), MUTE, "voice-glimmer settings unset voice")


def speed(factor: float | None) -> Finding:
    """Judge the processor by the seconds in which it hears a second of speech; None if unknown."""
    if factor is None:
        return note("Speed", "Without a voice and a model I could not measure it.")
    told = f"A second of speech takes {factor:.2f} s to be heard"
    if factor >= SLOW:
        return to_mend(
            "Speed",
            f"{told}.",
            "I fall behind while you speak, and answer late.",
            "voice-glimmer model list, and choose a smaller model",
        )
    if factor >= BUSY:
        return note("Speed", f"{told}.", "With other work, this machine may answer late.")
    return well("Speed", f"{told}.")
