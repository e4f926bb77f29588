"""The wake phrase."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.hearing import models
from voice_glimmer.hearing.frames import BLOCK, RATE, Frame
from voice_glimmer.hearing.gate import SpeechOnly
from voice_glimmer.hearing.recogniser import OTHER_SPEECH, Recogniser
from voice_glimmer.hearing.verification import AROUND, Verifier, threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from voice_glimmer.conversation.events import Word

log = logging.getLogger(__name__)

BATCH = 4
"""Frames heard at once, 0.2 s: asking Vosk for a guess at each one costs a quarter more."""

STEADY = 2
"""Batches for which the phrase must stand before it is taken, where no second look is."""

LOOKS = 2
"""How often the second look is taken while a guess stands: the first may come too early."""

LETTER_SECONDS = 0.12
"""What a letter takes at most: in 181 phrases by three speakers all words lay under 0.112."""

BESIDE_SECONDS = 0.5
"""How much more than the phrase the second look sees, before it and after."""

LEAST_CONFIDENCE = 0.9
"""Below this a word of the phrase is taken for other speech, where no second look is.

With the bundled model, four voices' "hey glimmer" scored 1.00 down to 10 dB of white noise.
"""

SETTLE_SECONDS = AROUND
"""Heard after the phrase: for the last comparison, and to tell whether the person speaks on."""

SPEAKING_ON = 0.2
"""A voice still heard this many seconds after the phrase is more than its last word fading."""

RECENT_SECONDS = 4.0
"""How much of what was heard is at hand when the phrase has been understood."""

LEAD_SECONDS = 0.3
"""What is handed on from before the phrase, so that its first word is whole."""


@dataclass(frozen=True, slots=True)
class Wake:
    """A wake phrase was said.

    Attributes:
        phrase: Which one.
        frames: What was heard from shortly before the phrase until now.
        starts: Where in them the phrase begins, in seconds.
        ends: Where in them it ends.
        speaking_on: Whether the person went on speaking after it, in one breath.
    """

    phrase: str
    frames: tuple[Frame, ...]
    starts: float
    ends: float
    speaking_on: bool

    @property
    def samples(self) -> npt.NDArray[np.int16]:
        """What the frames hold, in one piece: int16, shape (n,)."""
        return np.concatenate([frame.samples for frame in self.frames])


class WakeSpotter:
    """Hears one of a few phrases, and nothing else.

    Args:
        model: A loaded model.
        phrases: What to hear, in lower case.
        sensitivity: 0 to 1, how readily the second look agrees; None: there is none, and the first
            has to be confident. That is quicker, for words said over the program's own voice.

    Raises:
        Fault: The model lacks a word of a phrase.
    """

    def __init__(
        self, model: models.Model, phrases: Sequence[str], sensitivity: float | None
    ) -> None:
        models.require_words(model, phrases, "the wake phrase")
        self._phrases = list(phrases)
        self._verifier = None if sensitivity is None else Verifier(model, phrases)
        self._least = threshold(sensitivity or 0.0)
        # The phrases' own words compete with them: "glimmer" by itself is none, at no cost.
        words = [word for phrase in phrases for word in phrase.split()] if self._verifier else []
        self._recogniser = Recogniser(model, dict.fromkeys([*phrases, *words]))
        self._speech = SpeechOnly()
        self._batch: list[Frame] = []
        self._recent: deque[tuple[float, Frame]] = deque(
            maxlen=round(RECENT_SECONDS * RATE / BLOCK)
        )
        self._heard = 0.0
        self._steady = 0
        self._looks = 0
        self._asked = self._near = False
        self._proposed: str | None = None
        self._waking: Wake | None = None

    @property
    def waking(self) -> Wake | None:
        """A phrase that was heard, while it is not yet known whether the person speaks on."""
        return self._waking

    @property
    def voice_until(self) -> float:
        """When a voice was last heard, in monotonic seconds."""
        return self._speech.voice_until

    def reset(self) -> None:
        """Forget what was heard so far."""
        self._recogniser.reset()
        self._batch.clear()
        self._recent.clear()
        self._steady = self._looks = 0
        self._proposed = None
        self._waking = None

    def feed(self, frame: Frame) -> Wake | None:
        """Hear a frame; return the wake phrase that it completes, if it does."""
        was_open = self._speech.open
        # The first look goes on here, should the phrase come to nothing.
        self._batch += self._speech.feed(frame)
        if self._waking:
            return self._settle(self._waking, frame)
        if was_open and not self._speech.open:
            self._waking = self._hear() or self._closed()
        elif len(self._batch) >= BATCH:
            self._waking = self._hear()
        # At a gate that has just closed the phrase ended long ago.
        return self._settle(self._waking) if self._waking else None

    def _settle(self, wake: Wake, *more: Frame) -> Wake | None:
        """Return the wake once enough has been heard after it, or None until then."""
        self._waking = wake = replace(wake, frames=(*wake.frames, *more))
        ended_at = wake.frames[0].at + wake.ends
        if wake.frames[-1].end < ended_at + SETTLE_SECONDS:
            return None
        if not self._possible(wake):
            self._waking = None
            return None
        self.reset()
        return replace(wake, speaking_on=self._speech.voice_until >= ended_at + SPEAKING_ON)

    def _possible(self, wake: Wake) -> bool:
        if self._verifier is None:
            return True
        first = max(0, round((wake.starts - AROUND) * RATE))
        last = round((wake.ends + AROUND) * RATE)
        return self._verifier.possible(wake.phrase, wake.samples[first:last])

    def _hear(self) -> Wake | None:
        """Hear the batch; return the phrase that has come to an end in it or the one before."""
        if not self._batch:
            return None
        for frame in self._batch:
            self._recent.append((self._heard, frame))
            self._heard += len(frame.samples) / RATE
        samples = np.concatenate([frame.samples for frame in self._batch])
        at = self._batch[0].at
        self._batch.clear()
        if self._verifier is None:
            words = self._recogniser.hear(Frame(samples, at))
            return self._confident() if words is None else self._confident_in(words)
        due, self._proposed = self._proposed, self._guessed(over=self._recogniser.take(samples))
        if due is None:
            self._looks = 0
        return self._looked_at(due)

    def _guessed(self, *, over: bool) -> str | None:
        """Return the phrase that the guess holds, if one is asked for, at a segment's end for sure.

        A guess comes as early as 0.2 s before the phrase's end: it is looked at a batch later.
        """
        # Asking costs a thirtieth of hearing: at every other batch will do until a word is near.
        self._asked = over or self._near or not self._asked
        if not self._asked:
            return None
        guess = self._recogniser.guess().split()
        self._near = not over and guess[-1:] not in ([], [OTHER_SPEECH])
        if over:
            # Its words say no more of a phrase than the guess, and cost far more.
            self._recogniser.reset()
        return self._standing_in(guess)

    def _closed(self) -> Wake | None:
        if self._verifier is None:
            self._steady = 0
            return self._confident_in(self._recogniser.finish())
        # To finish costs as much as a second look, and a guess says the same.
        self._recogniser.reset()
        due, self._proposed = self._proposed, None
        return self._looked_at(due)

    def _standing_in(self, guess: Sequence[str]) -> str | None:
        return next((phrase for phrase in self._phrases if through(phrase, guess)), None)

    def _looked_at(self, phrase: str | None) -> Wake | None:
        if phrase is None or self._verifier is None or self._looks == LOOKS:
            return None
        self._looks += 1
        seconds = BESIDE_SECONDS + LETTER_SECONDS * sum(map(str.isalpha, phrase))
        recent = list(self._recent)[-round(seconds * RATE / BLOCK) :]
        found = self._verifier.look(phrase, np.concatenate([frame.samples for _, frame in recent]))
        log.debug("a second look at the wake phrase: %s", found)
        if found is None or found.margin < self._least:
            return None
        return self._woke(phrase, recent[0][0] + found.start, recent[0][0] + found.end)

    def _confident(self) -> Wake | None:
        """Return a phrase that has stood in the guess for long enough, and whose words are sure."""
        if self._standing_in(self._recogniser.guess().split()) is None:
            self._steady = 0
            return None
        self._steady += 1
        if self._steady < STEADY:
            return None
        self._steady = 0
        return self._confident_in(self._recogniser.finish())

    def _confident_in(self, words: Sequence[Word]) -> Wake | None:
        for phrase in self._phrases:
            end = through(phrase, [word.text for word in words])
            said = words[max(0, end - len(phrase.split())) : end]
            if said and all(word.confidence >= LEAST_CONFIDENCE for word in said):
                return self._woke(phrase, said[0].start, said[-1].end)
        return None

    def _woke(self, phrase: str, start: float, end: float) -> Wake:
        # Vosk counts the seconds that it was given; each frame knows which of them are its own.
        recent = [(heard, frame) for heard, frame in self._recent if heard >= start - LEAD_SECONDS]
        first, frames = recent[0][0], tuple(frame for _, frame in recent)
        return Wake(phrase, frames, start - first, end - first, speaking_on=False)


def through(phrase: str, words: Sequence[str]) -> int:
    """Return how many words there are up to the phrase's end; 0 where it did not come last.

    What the person says on in one breath may follow it: as other speech, or as another first word
    of the phrase where only the beginning of a sound like it has been heard.
    """
    said, end = phrase.split(), len(words)
    while list(words[max(0, end - len(said)) : end]) != said:
        if not end or words[end - 1] not in {OTHER_SPEECH, said[0]}:
            return 0
        end -= 1
    return end
