"""What can happen in a conversation.

Hearing, the journal and the loop make these; `machine.step` takes them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word.

    Attributes:
        text: The word in lower case.
        start: Seconds from the beginning of the recording.
        end: Seconds from the beginning of the recording.
        confidence: The recogniser's own, 0 to 1.
    """

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A moment on the machine's own count, for the time was not known.

    Attributes:
        boot: Which start of the machine it is counted from.
        seconds: Seconds since then.
    """

    boot: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Draft:
    """A spoken glimmer that is not yet in the journal.

    Attributes:
        text: The words, joined by spaces.
        words: The same words with their times and confidences.
        spoken_at: When the first of them was said; aware of its time zone.
        recording: The name under which the spool holds the voice.
        duration: Seconds of recorded voice.
        prompt: What had been asked.
        before: The names of the recordings that come before this one, where it was added to.
        reckoning: When it was said on the machine's own count, where the time was not known.
    """

    text: str
    words: tuple[Word, ...]
    spoken_at: datetime
    recording: str
    duration: float
    prompt: str = ""
    before: tuple[str, ...] = ()
    reckoning: Reckoning | None = None

    @property
    def recordings(self) -> tuple[str, ...]:
        """All its recordings, in order; none where it was typed."""
        return tuple(filter(None, (*self.before, self.recording)))

    def followed_by(self, more: Draft) -> Draft:
        """Return this with what was said afterwards added to it."""
        later = (
            replace(word, start=word.start + self.duration, end=word.end + self.duration)
            for word in more.words
        )
        return replace(
            self,
            text=f"{self.text} {more.text}",
            words=(*self.words, *later),
            recording=more.recording,
            duration=self.duration + more.duration,
            before=(*self.before, self.recording, *more.before),
        )


@dataclass(frozen=True, slots=True)
class Memory:
    """A kept glimmer, as far as the conversation needs it.

    Attributes:
        id: Its number in the journal.
        text: Its words.
        spoken_at: When it was said; aware of its time zone.
        recorded: Whether the person's own voice was kept with it.
        uncertain: Whether the time was not known when it was said, and has not become known.
    """

    id: int
    text: str
    spoken_at: datetime
    recorded: bool = True
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Woke:
    """A wake phrase was said; more may follow it in one breath."""

    phrase: str


@dataclass(frozen=True, slots=True)
class Invited:
    """A prompt was chosen and is being spoken."""

    prompt: str


@dataclass(frozen=True, slots=True)
class TimeToInvite:
    """It is one of the moments at which the person wants to be invited, and they are there."""


@dataclass(frozen=True, slots=True)
class BackupFailing:
    """For some nights no backup could be made, and somebody is there to hear of it."""


@dataclass(frozen=True, slots=True)
class Partial:
    """Words as they are being heard; they may still change."""

    text: str


class Ending(Enum):
    """Why a dictation ended.

    The person paused; it had become as long as one can be; or they had not finished, but the
    microphone went or the program is leaving.
    """

    PAUSE = "pause"
    FULL = "full"
    CUT_SHORT = "cut short"


@dataclass(frozen=True, slots=True)
class Spoke:
    """The person said something after the wake phrase."""

    draft: Draft
    ending: Ending = Ending.PAUSE


@dataclass(frozen=True, slots=True)
class Answered:
    """The person answered a question, or spoke up during a reading; empty when not understood."""

    text: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The person said a stop word or a wake phrase while the program was speaking.

    After a wake phrase `Woke` follows, once it is known whether the person speaks on.
    """

    text: str


@dataclass(frozen=True, slots=True)
class FellSilent:
    """Nothing was said for as long as hearing was asked to wait."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft is in the journal, durably, as this memory."""

    draft: Draft
    memory: Memory


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """The draft could not be written; it is still in the spool."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was being said when an earlier run was cut off is kept now; `now` is the local time."""

    memories: tuple[Memory, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What the journal holds of what was asked for; `now` is the reader's time.

    `memories` are those to read, in that order; none when they were only to be counted. `total` is
    how many there are.
    """

    memories: tuple[Memory, ...]
    total: int
    now: datetime


@dataclass(frozen=True, slots=True)
class SearchFailed:
    """The journal could not be read."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A kept glimmer was altered, durably; or it was as it should be already, `changed` tells."""

    changed: bool = True


@dataclass(frozen=True, slots=True)
class AlterFailed:
    """It could not be altered, and is as it was."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """How it speaks was adjusted; `changed` is false where that was as far as it goes."""

    changed: bool = True


@dataclass(frozen=True, slots=True)
class MicrophoneLost:
    """No sound arrives any more."""


@dataclass(frozen=True, slots=True)
class MicrophoneBack:
    """Sound arrives again."""


class Ailment(Enum):
    """What can be wrong with a microphone that delivers sound.

    All samples are equal; speech is clipped; speech is too soft to be understood; sound is lost.
    """

    DEAD = "dead"
    TOO_LOUD = "too loud"
    TOO_QUIET = "too quiet"
    LOSING = "losing sound"


@dataclass(frozen=True, slots=True)
class MicrophoneAiling:
    """Something is wrong with the microphone.

    `comes_and_goes` tells that it was well shortly before: a noise gate between two words, a mute
    button, a voice in the next room.
    """

    ailment: Ailment
    comes_and_goes: bool = False


@dataclass(frozen=True, slots=True)
class MicrophoneWell:
    """That is over."""

    ailment: Ailment


@dataclass(frozen=True, slots=True)
class Muted:
    """The person has switched the microphone off; nothing is heard until they switch it on."""


@dataclass(frozen=True, slots=True)
class Unmuted:
    """They have switched it on again, and sound arrives."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The person pressed the button, which is as good as a wake phrase."""


@dataclass(frozen=True, slots=True)
class FallingBehind:
    """The machine understands more slowly than the person speaks."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The program was asked to end."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes; `at` is in monotonic seconds."""

    at: float


Event = (
    Woke
    | Invited
    | TimeToInvite
    | BackupFailing
    | Partial
    | Spoke
    | Answered
    | Interrupted
    | FellSilent
    | Saved
    | SaveFailed
    | Recovered
    | Found
    | SearchFailed
    | Altered
    | AlterFailed
    | Adjusted
    | MicrophoneLost
    | MicrophoneBack
    | MicrophoneAiling
    | MicrophoneWell
    | Muted
    | Unmuted
    | Pressed
    | FallingBehind
    | Leaving
    | Tick
)
