"""`voice-glimmer device test`: the room, a voice in it, and what to turn."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

from voice_glimmer.cli.microphones import microphone_of
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.levels import Level, heard, judged
from voice_glimmer.speaking.player import Loudspeaker
from voice_glimmer.speaking.sound import Sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_glimmer.settings import Settings

ROOM_SECONDS = 3.0
VOICE_SECONDS = 5.0

QUIETEST = -60
"""dBFS at which the meter begins; under it nothing of a voice is made out (`health.py`)."""

WIDTH = 30

ADVICE = {
    Level.DEAD: "I hear nothing at all from this microphone. Is it muted?",
    Level.NO_VOICE: "I heard the room, but no voice. Please come closer, "
    "or turn the microphone up in the system's sound settings.",
    Level.LOW: "That is too low. Please come closer, or turn the microphone up in the system's "
    "sound settings. Where that ends, voice-glimmer wake tune amplifies.",
    Level.GOOD: "That is good.",
    Level.CLIPS: "That is clipping. Please move away a little, "
    "or turn the microphone down in the system's sound settings.",
    Level.AMPLIFIED: "With your setting gain that is clipping. "
    "voice-glimmer wake tune finds a better one.",
}


def test(settings: Settings, console: Console) -> bool:
    """Listen, play back and say what to turn; return whether the level is good.

    Raises:
        Fault: A device is missing or cannot be opened.
    """
    with ExitStack() as open_things:
        microphone = open_things.enter_context(closing(microphone_of(settings)))
        loudspeaker = open_things.enter_context(
            closing(Loudspeaker(settings.output, settings.lead_in))
        )
        frames = microphone.frames()
        _say(console, f"Please be quiet for {ROOM_SECONDS:.0f} seconds. I listen to the room.")
        with _meter() as meter:
            room = heard(frames, ROOM_SECONDS, meter)
        _say(console, f"Now please speak as you would to me, for {VOICE_SECONDS:.0f} seconds.")
        with _meter() as meter:
            voice = heard(frames, VOICE_SECONDS, meter)
        _say(console, "This is how I hear you.")
        loudspeaker.play(Sound(voice, RATE))
        for frame in frames:
            if frame.at > loudspeaker.quiet_at:
                break
    level, measured = judged(room, voice, settings.gain)
    known = "" if measured is None else f"Your voice is at {measured:.0f} dBFS. "
    _say(console, known + ADVICE[level])
    return level is Level.GOOD


@contextmanager
def _meter() -> Iterator[Callable[[float], None]]:
    """Show a level on a living last line; piped, nothing is shown."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _level: None
        return
    with Live(console=console, transient=True, refresh_per_second=10) as live:

        def show(level: float) -> None:
            filled = round(WIDTH * (level - QUIETEST) / -QUIETEST)
            bar = "━" * min(max(filled, 0), WIDTH)
            live.update(Text(f"{bar:┄<{WIDTH}} {level:4.0f} dBFS"))

        yield show


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, soft_wrap=True, markup=False, highlight=False)
