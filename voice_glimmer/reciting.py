"""Glimmers spoken one after the other, where nobody answers in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from voice_glimmer.speaking.prompts import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from voice_glimmer.journal.glimmers import Glimmer
    from voice_glimmer.speaking.sound import Sound

PAUSE = "[1.5s]"
"""After each: as long as a breath, and the prompts' own pauses."""


class Speaker(Protocol):
    """What speaks, as `turns.Speaker` does. Each method tells whether it could be spoken."""

    def say(self, text: str) -> bool:
        """Speak the program's words; `[1.5s]` in them is a pause."""

    def quote(self, text: str) -> bool:
        """Speak the person's words."""

    def replay(self, sound: Sound) -> bool:
        """Play the person's own voice."""


def recited(
    glimmers: Iterable[Glimmer],
    speaker: Speaker,
    introduce: Callable[[Glimmer], str],
    voice_of: Callable[[Glimmer], Sound | None],
    only_words: str = "",
) -> Iterator[tuple[str, bool]]:
    """Speak glimmers; yield each thing that was begun, without pauses, and whether it is heard.

    Args:
        glimmers: Which, in their order.
        speaker: What speaks.
        introduce: Returns what is said before a glimmer.
        voice_of: Returns the person's own voice; where that is None, the words are read.
        only_words: What is said before these words, since a voice was asked for; may be empty.
    """
    for glimmer in glimmers:
        sound = voice_of(glimmer)
        words = introduce(glimmer) + ("" if sound else only_words)
        yield from said(words, speaker)
        yield glimmer.text, speaker.replay(sound) if sound else speaker.quote(glimmer.text)
        speaker.say(PAUSE)


def said(text: str, speaker: Speaker) -> Iterator[tuple[str, bool]]:
    """Speak the program's words; yield them like a glimmer's."""
    yield plain(text), speaker.say(text)
