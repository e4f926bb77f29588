"""A microphone for a command, which another Voice Glimmer may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import Microphone
from voice_glimmer.journal.presence import Present, another_listens, present

if TYPE_CHECKING:
    from voice_glimmer.settings import Settings


def microphone_of(settings: Settings, gain: float = 0.0) -> Microphone:
    """Open the person's microphone, and amplify by so many dB.

    Raises:
        Fault: It cannot be opened, and whether that is since the service listens: PortAudio does
            not even list what that one holds.
    """
    try:
        return Microphone(settings.input, gain)
    except Fault as fault:
        if present(settings.journal) is not Present.AWAY:
            raise another_listens(settings.journal) from fault
        raise
