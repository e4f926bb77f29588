"""What speaks in the tests: a voice that notes what it is asked for, and whose time is ours."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from voice_glimmer.speaking.manner import Manner
from voice_glimmer.speaking.mouth import Mouth
from voice_glimmer.speaking.phrasing import AT_ONCE
from voice_glimmer.speaking.sound import Sound
from voice_glimmer.speaking.voice import VoiceFailedError

RATE = 16_000


@dataclass
class Home:
    """A voice that takes a second of speech for five words, a player, and their clock."""

    now: float = 0.0
    takes: float = 0.0
    fails: set[str] = field(default_factory=set)
    made: list[str] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    paces: list[float] = field(default_factory=list)
    whispered: list[str] = field(default_factory=list)
    played: list[Sound] = field(default_factory=list)
    ends_at: float = 0.0
    rested: int = 0

    at_once = AT_ONCE

    def sound(
        self, text: str, pace: float = 1.0, limit: float = 9.0, *, whispers: bool = False
    ) -> Sound:
        self.limits.append(limit)
        if whispers:
            self.whispered.append(text)
        self.paces.append(pace)
        if any(word in text for word in self.fails):
            self.now += limit
            raise VoiceFailedError("hung")
        self.now += self.takes
        self.made.append(text)
        return Sound(np.full(len(text.split()) * RATE // 5, 4_000, np.int16), RATE)

    def rest(self) -> None:
        self.rested += 1

    def play(self, sound: Sound) -> None:
        self.played.append(sound)
        self.ends_at = max(self.now, self.ends_at) + sound.seconds

    def hush(self) -> None:
        self.ends_at = min(self.now, self.ends_at)

    @property
    def ahead(self) -> float:
        return max(0.0, self.ends_at - self.now)

    @property
    def quiet_at(self) -> float:
        return self.ends_at


@pytest.fixture
def home() -> Home:
    return Home()


@pytest.fixture
def mouth(home: Home) -> Mouth:
    return Mouth(home, home, Manner(), lambda: home.now)


def spoken(mouth: Mouth, home: Home, step: float = 0.05) -> float:
    """Let time pass until all has been spoken; return the longest silence on the way."""
    silence = 0.0
    while mouth.quiet_at > home.now:
        home.now += step
        before = max(home.ends_at, home.now)
        mouth.go_on()
        silence = max(silence, home.now - before)
    return silence
