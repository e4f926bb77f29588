"""Actions to sound: chimes and sentences, one after the other, into the player.

Little is made ahead of what is being played, so a long text is heard at once, and what is not yet
made can be dropped. A voice that fails costs `PATIENCE_SECONDS` of silence in a row, not more.
"""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from typing import TYPE_CHECKING, Protocol

from voice_glimmer.speaking import breath, prompts
from voice_glimmer.speaking.phrasing import phrases
from voice_glimmer.speaking.sound import Sound, read, silence
from voice_glimmer.speaking.voice import VoiceFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_glimmer.conversation.sentences import Kind
    from voice_glimmer.speaking.manner import Manner
    from voice_glimmer.speaking.player import Player

AHEAD_SECONDS = 2.0
"""How much sound the player has before what comes next is made: what keeps the program busy for a
moment is not heard as a gap."""

PATIENCE_SECONDS = 3.0
"""How long silence may last where a voice fails, whatever is still to be said."""

SILENCE_RATE = 16_000

QUIET_GAIN = 0.5
"""In the quiet hours, and when it whispers; 6 dB less."""

log = logging.getLogger(__name__)


class Speaks(Protocol):
    """Text to sound."""

    @property
    def at_once(self) -> int:
        """How many characters are made in one piece."""

    def sound(
        self,
        text: str,
        pace: float = 1.0,
        limit: float = PATIENCE_SECONDS,
        *,
        whispers: bool = False,
    ) -> Sound:
        """Return `text` spoken or whispered, at so many times the usual pace, within seconds.

        Raises:
            VoiceFailedError: It could not be.
        """

    def rest(self) -> None:
        """Make some of what may be said later."""


class Mouth:
    """Speaks through a player.

    What speaks returns whether it could be spoken, as far as that was made at once; when not, what
    was to be said is still shown, a chime tells that something is missing, and the conversation
    goes on.

    Args:
        voice: What makes words into sound.
        player: Where sound goes.
        manner: How fast and how loud.
        clock: Returns monotonic seconds.

    Attributes:
        quiet: Whether everything is spoken at half the volume, as it is when it whispers.
    """

    def __init__(
        self,
        voice: Speaks,
        player: Player,
        manner: Manner,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._voice = voice
        self._player = player
        self._manner = manner
        self._clock = clock
        self._chimes = {
            path.stem: read(path).louder(min(1.0, manner.loudest))
            for path in (prompts.AUDIO_PROMPTS / "chimes").glob("*.wav")
        }
        self._waiting: deque[str | Sound] = deque()
        self._said: list[str] = []
        self._patience = PATIENCE_SECONDS
        self._missing = False
        self.quiet = False

    @property
    def quiet_at(self) -> float:
        """When all has been spoken, in monotonic seconds; infinite while that is not known."""
        return math.inf if self._waiting else self._player.quiet_at

    def go_on(self) -> bool:
        """Make what comes next, if it is time; call this often while something is to be said."""
        spoken = True
        while self._waiting and self._player.ahead < AHEAD_SECONDS:
            spoken = self._make(self._waiting.popleft()) and spoken
        return spoken

    def rest(self) -> None:
        """Make some of what may be said later; call this while nobody speaks."""
        if not self._waiting and not self._player.ahead:
            self._voice.rest()

    def hush(self) -> None:
        """Fall silent at once, and drop what is still to be said."""
        self._waiting.clear()
        self._player.hush()

    def chime(self, name: str) -> None:
        """Play a chime."""
        self._queue(self._chimes[name])

    def say(self, text: str) -> bool:
        """Speak the program's words; `[1.5s]` in them is silence of that length."""
        return self._queue(*prompts.pieces(text))

    def quote(self, text: str) -> bool:
        """Speak a text as it stands."""
        return self._queue(text)

    def replay(self, sound: Sound) -> bool:
        """Play the person's own voice."""
        return self._queue(sound.levelled().louder(self._manner.gain))

    def breathe(self, inhale: str, exhale: str) -> bool:
        """Guide through a minute of breathing: these words over a tone that swells and fades."""
        words = [self._sound(inhale), self._sound(exhale)]
        self._said += [inhale, exhale]
        tones = (
            breath.swelling().louder(self._manner.gain),
            breath.fading().louder(self._manner.gain),
        )
        halves = [
            tone.under(said) if said else tone for tone, said in zip(tones, words, strict=True)
        ]
        self._queue(*halves * breath.BREATHS)
        return all(words)

    def said(self) -> str:
        """Return, once, what was to be spoken since this was last asked."""
        said, self._said = " ".join(self._said), []
        return said

    def adjust(self, how: Kind) -> bool:
        """Speak otherwise from now on; return False where it was as far as is still pleasant."""
        return self._manner.adjust(how)

    def _queue(self, *pieces: str | float | Sound) -> bool:
        if not self._waiting and not self._player.ahead:
            self._patience, self._missing = PATIENCE_SECONDS, False
        for piece in pieces:
            if isinstance(piece, float):
                self._waiting.append(silence(piece, SILENCE_RATE))
            elif isinstance(piece, str):
                self._said.append(piece)
                self._waiting.extend(
                    silence(part, SILENCE_RATE) if isinstance(part, float) else part
                    for part in phrases(piece, self._voice.at_once)
                )
            else:
                self._waiting.append(piece)
        return self.go_on()

    def _make(self, piece: str | Sound) -> bool:
        sound = self._sound(piece) if isinstance(piece, str) else piece
        if sound:
            self._play(sound)
        return sound is not None

    def _sound(self, words: str) -> Sound | None:
        """Return words spoken; None where the voice fails, which a chime tells."""
        began, manner = self._clock(), self._manner
        try:
            sound = self._voice.sound(words, manner.pace, self._patience, whispers=manner.whispers)
        except VoiceFailedError as error:
            # The words are not in the log: they may be the person's.
            log.warning("the voice failed and is restarted: %s", error)
            self._patience = max(0.0, self._patience - (self._clock() - began))
            if not self._missing:
                self._missing = True
                self._play(self._chimes["no"])
            return None
        self._patience, self._missing = PATIENCE_SECONDS, False
        return sound.levelled().louder(manner.gain)

    def _play(self, sound: Sound) -> None:
        hushed = self.quiet or self._manner.whispers
        self._player.play(sound.louder(QUIET_GAIN) if hushed else sound)
