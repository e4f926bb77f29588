"""Actions to sound: chimes and sentences, one after the other, into the player."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.speaking import prompts
from voice_glimmer.speaking.sound import read, silence
from voice_glimmer.speaking.voice import VoiceFailedError

if TYPE_CHECKING:
    from voice_glimmer.speaking.player import Player
    from voice_glimmer.speaking.sound import Sound
    from voice_glimmer.speaking.voice import Voice

SILENCE_RATE = 16_000

PACE_STEP, SLOWEST, FASTEST = 1.2, 0.6, 1.6
"""How much "slower" and "faster" are, as factors of the words a minute."""

GAIN_STEP, SOFTEST, LOUDEST = 10 ** (4 / 20), 10 ** (-16 / 20), 10 ** (12 / 20)
"""How much "louder" and "softer" are: 4 dB is plainly heard, and five steps stay in a room."""

log = logging.getLogger(__name__)


class Mouth:
    """Speaks through a player.

    Every method returns whether it could be spoken; when not, what was to be said is still
    shown, and the conversation goes on.
    """

    def __init__(self, voice: Voice, player: Player) -> None:
        self._voice = voice
        self._player = player
        self._chimes = {p.stem: read(p) for p in (prompts.AUDIO_PROMPTS / "chimes").glob("*.wav")}
        self._said: list[str] = []
        self._pace = self._gain = 1.0

    @property
    def quiet_at(self) -> float:
        """When all has been spoken, in monotonic seconds; infinite while that is not known."""
        return self._player.quiet_at

    def said(self) -> str:
        """Return, once, what was to be spoken since this was last asked."""
        said, self._said = " ".join(self._said), []
        return said

    def hush(self) -> None:
        """Fall silent at once, and drop what is still to be said."""
        self._player.hush()

    def chime(self, name: str) -> None:
        """Play a chime."""
        self._player.play(self._chimes[name])

    def say(self, text: str) -> bool:
        """Speak the program's words; `[1.5s]` in them is silence of that length."""
        spoken = True
        for piece in prompts.pieces(text):
            if isinstance(piece, float):
                self._player.play(silence(piece, SILENCE_RATE))
            else:
                spoken = self.quote(piece) and spoken
        return spoken

    def replay(self, sound: Sound) -> bool:
        """Play the person's own voice."""
        self._player.play(sound.louder(self._gain))
        return True

    def adjust(self, how: Kind) -> None:
        """Speak slower, faster, louder or softer from now on, as far as that is still pleasant."""
        match how:
            case Kind.SLOWER:
                self._pace = max(self._pace / PACE_STEP, SLOWEST)
            case Kind.FASTER:
                self._pace = min(self._pace * PACE_STEP, FASTEST)
            case Kind.LOUDER:
                self._gain = min(self._gain * GAIN_STEP, LOUDEST)
            case Kind.SOFTER:
                self._gain = max(self._gain / GAIN_STEP, SOFTEST)
            case _:
                raise ValueError(how)

    def quote(self, text: str) -> bool:
        """Speak a text as it stands."""
        self._said.append(text)
        try:
            self._player.play(self._voice.sound(text, self._pace).louder(self._gain))
        except VoiceFailedError as error:
            # The words are not in the log: they may be the person's.
            log.warning("the voice failed and is restarted: %s", error)
            return False
        return True
