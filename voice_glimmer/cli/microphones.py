"""A microphone for a command, which another Voice Glimmer may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import Microphone
from voice_glimmer.journal.presence import must_be_alone

if TYPE_CHECKING:
    from voice_glimmer.settings import Settings


def microphone_of(settings: Settings, gain: float = 0.0) -> Microphone:
    """Open the person's microphone, and amplify by so many dB.

    Raises:
        Fault: It cannot be opened, or another Voice Glimmer has it.
    """
    try:
        return Microphone(settings.input, gain)
    except Fault as fault:
        must_be_alone(settings.journal, fault)
        raise
