"""Which voice speaks for the program, and the usual one where that cannot."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.settings import VOICES, voices_folder
from voice_glimmer.speaking import voices
from voice_glimmer.speaking.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voice_glimmer.settings import Settings

log = logging.getLogger(__name__)


def chosen_voice(settings: Settings) -> str:
    """Return the person's voice; without a choice, Piper's of their own, or the default.

    Returns:
        The path of a Piper voice, or the name of one of espeak-ng's.
    """
    name = settings.voice
    if "voice" not in settings.model_fields_set:
        name = voices.of_language(settings.language, voices_folder()) or name
    return voices.called(name, voice_folders())


def voice_folders() -> tuple[Path, ...]:
    """Return where Piper's voices are; the person's own first."""
    return voices_folder(), voices.SYSTEM_FOLDER


def started(settings: Settings) -> Voice:
    """Return the person's voice, which starts meanwhile; `ready` waits for it."""
    return Voice(chosen_voice(settings), settings.rate)


def ready(voice: Voice, settings: Settings, note: Callable[[str], None]) -> Voice:
    """Return a voice that speaks: this one, or the default one where it cannot.

    Args:
        voice: One that was started; it is closed where another takes its place.
        settings: The person's settings.
        note: Is told why it is another.

    Raises:
        Fault: The default voice cannot speak either.
    """
    try:
        voice.check()
    except Fault as fault:
        voice.close()
        usual = VOICES[settings.language]
        if voice.name == usual:
            raise
        log.warning("another voice speaks: %s", fault)
        other = ready(Voice(usual, settings.rate), settings, note)
        note(f"{fault} I speak with {usual} meanwhile.")
        return other
    return voice
