"""The spoken glimmer, and short answers: pauses, endings, words with times and confidences."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from itertools import dropwhile
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.gate import AMONG, OPENS, Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

    from voice_glimmer.conversation.events import Word
    from voice_glimmer.hearing.frames import Frame
    from voice_glimmer.hearing.recogniser import Recogniser


SETTLED = 0.8
"""Seconds without a voice after which no word is on its way: Vosk guesses 0.4 s after it."""

SELDOM = 5
"""Frames from one guess to the next on a machine that has to spare itself: a quarter second."""

LATE_WORDS = 3.0
"""Seconds for which a voice that begins at the end of the patience holds off the silence."""

GUESS_LAG = 0.4
"""Seconds from a word's end until it is in Vosk's guess (`scripts/bench/dictation.py`)."""

WORDLESS = 5.0
"""Seconds after the newest word for which a voice without another one, "hmm", holds off the end.

A thinker finds the next word sooner; dishes and a far radio can sound like a voice for hours.
"""

PHRASE_END_ERROR = 0.25
"""Seconds by which Vosk's grammar and its full vocabulary may differ on where a phrase ends."""

ECHO = 0.15
"""A word this short, in seconds, between a wake phrase and a pause as long is the phrase's tail."""

FAINT = 10 ** (-18 / 20)
"""A word that much softer than the phrase before it is the phrase's fading, or an echo's rest.

The words that Vosk made of it after four phrases said over the program's voice were 28 to 35 dB
softer than the phrase; what four voices really went on with, at most 8 dB.
"""

PHRASE_SECONDS = 0.5
"""What of a phrase is measured, up to its end."""

BEGINNING_SECONDS = 6.0
"""How much sound is at hand until it is known what follows the phrase."""

UNFINISHED_FACTOR = 2.0
"""How many times `Limits.pause` is waited at most: after "and", or for one who thinks slowly."""

HABIT_FACTOR = 1.5
"""How many times the longest pause so far is waited: the next may well be longer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds of audio.

    Attributes:
        pause: Silence that ends a sentence after which nothing need follow.
        patience: Silence before any speech that ends the waiting.
        longest: Speech is ended after this.
        quick_pause: Silence that ends it when what was said is complete in itself.
    """

    pause: float
    patience: float
    longest: float
    quick_pause: float


class Standing(Enum):
    """How well what was said stands by itself."""

    UNFINISHED = "more has to follow"
    POSSIBLE = "it may be all"
    COMPLETE = "a whole request, or a closing"


class Ending(Enum):
    """Why an utterance is over."""

    PAUSE = "pause"
    SILENCE = "silence"
    LENGTH = "length"


def ending_pause(standing: Standing, longest_pause: float, limits: Limits) -> float:
    """Return the seconds of silence that end what was said.

    Nobody who is thinking is to be cut off, and nobody who has finished is to wait for long.
    Silence alone cannot tell the two apart; what was said, and how they pause, can.

    Args:
        standing: How well what was said stands by itself.
        longest_pause: The longest that the person has paused so far, and gone on; in seconds.
        limits: How long to wait.
    """
    if standing is Standing.COMPLETE:
        return limits.quick_pause
    most = UNFINISHED_FACTOR * limits.pause
    if standing is Standing.UNFINISHED:
        return most
    return min(most, max(limits.pause, HABIT_FACTOR * longest_pause))


def ending(
    elapsed: float, last_change: float | None, last_voice: float, pause: float, limits: Limits
) -> Ending | None:
    """Decide whether an utterance is over.

    Args:
        elapsed: Seconds since listening began.
        last_change: Seconds at which the words last changed; None before the first word.
        last_voice: Seconds at which someone was last heard speaking, words or not.
        pause: Seconds of silence that end what was said so far.
        limits: How long to wait.
    """
    if last_change is None:
        quiet = elapsed - last_voice >= SETTLED
        patient = elapsed < limits.patience + (0 if quiet else LATE_WORDS)
        return None if patient else Ending.SILENCE
    if elapsed >= limits.longest:
        return Ending.LENGTH
    # A word that the gate missed counts as a voice too.
    quiet_since = max(last_change - GUESS_LAG, min(last_voice, last_change + WORDLESS))
    return Ending.PAUSE if elapsed - quiet_since >= pause else None


def without_closing(text: str, closings: Sequence[str]) -> str:
    """Return `text` without a closing, such as "that's all", at its end."""
    for closing in closings:
        if f" {text}".endswith(f" {closing}"):
            return text[: len(text) - len(closing)].rstrip()
    return text


def beyond(
    words: Sequence[Word], phrase: str, ends: float, level: Callable[[float, float], float]
) -> list[Word]:
    """Return the words that follow a wake phrase in the same breath.

    Args:
        words: What the full vocabulary makes of the phrase and what follows it.
        phrase: The wake phrase.
        ends: Where the wake recogniser takes it to end, in seconds.
        level: Returns the RMS level between two times in seconds.
    """
    said, texts = phrase.split(), [word.text for word in words]
    boundaries = [float("-inf"), *(word.end for word in words)]

    def off(count: int) -> float:
        return abs(boundaries[count] - ends)

    cut = len([word for word in words if (word.start + word.end) / 2 <= ends])
    whole = [n for n in range(len(words) + 1) if texts[max(0, n - len(said)) : n] == said]
    near = [n for n in whole if off(n) <= PHRASE_END_ERROR]
    cut = min(near, key=off, default=cut)
    rest = list(words[cut:])
    if cut and rest and rest[0].end - boundaries[cut] <= ECHO:
        alone = len(rest) == 1 or rest[1].start - rest[0].end >= ECHO
        rest = rest[1:] if alone else rest
    phrase_level = level(ends - PHRASE_SECONDS, ends)
    return list(dropwhile(lambda word: level(word.start, word.end) < FAINT * phrase_level, rest))


class Utterance:
    """Listens to one utterance, frame by frame.

    Vosk cuts speech into segments at short pauses; they are joined here, so that a person can
    think in the middle of a sentence. Memory is bounded by `Limits.longest`.

    Args:
        recogniser: What hears.
        limits: How long to wait.
        standing: Tells how well words stand by themselves.
        phrase: The wake phrase with which the sound begins, to be left out, if it does.
        phrase_ends: Where it ends, in seconds.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        limits: Limits,
        standing: Callable[[str], Standing] = lambda _text: Standing.POSSIBLE,
        *,
        phrase: str = "",
        phrase_ends: float = 0.0,
    ) -> None:
        self._phrase = phrase
        self._phrase_ends = phrase_ends
        self._beginning: list[npt.NDArray[np.int16]] = []
        self._recogniser = recogniser
        self._limits = limits
        self._standing = standing
        self._samples = 0
        self._frames = 0
        self._words: list[Word] = []
        self._guess = ""
        self._last_change: float | None = None
        self._longest_pause = 0.0
        self._gate = Gate()
        self._voiced: deque[bool] = deque(maxlen=AMONG)
        self._last_voice = 0.0

    @property
    def text(self) -> str:
        """What has been heard so far; the last words may still change."""
        guess = self._guess.split()[len(self._phrase.split()) :]
        return " ".join([*(word.text for word in self._words), *guess])

    @property
    def words(self) -> tuple[Word, ...]:
        """The words that are certain, times in seconds since listening began."""
        return tuple(self._words)

    @property
    def elapsed(self) -> float:
        """Seconds of audio heard."""
        return self._samples / RATE

    def feed(self, frame: Frame, *, eager: bool = True) -> Ending | None:
        """Hear a frame; return why the utterance is over, or None while it is not.

        Args:
            frame: The next one.
            eager: Whether to ask at every frame what has been heard so far, which costs the more
                the larger the model; else every `SELDOM` frames.
        """
        before = self.text
        if self._phrase and self.elapsed < BEGINNING_SECONDS:
            self._beginning.append(frame.samples)
        self._samples += len(frame.samples)
        self._voiced.append(self._gate.voiced(frame))
        if self._voiced[-1] and sum(self._voiced) >= OPENS:
            self._last_voice = self.elapsed
        words = self._recogniser.hear(frame)
        self._frames += 1
        if words is not None:
            self._take(words)
        elif eager or self._frames % SELDOM == 0:
            self._guess = self._recogniser.guess()
        if self.text != before:
            self._last_change = self.elapsed if self.text else None
        over = ending(
            self.elapsed,
            self._last_change,
            # A voice that is perhaps just beginning counts until it proves to be a dish.
            self.elapsed if any(self._voiced) else self._last_voice,
            ending_pause(self._standing(self.text), self._longest_pause, self._limits),
            self._limits,
        )
        if over is not None:
            self.finish()
        return over

    def finish(self) -> None:
        """Make the last words certain."""
        self._take(self._recogniser.finish())

    def _level(self, start: float, end: float) -> float:
        """Return the RMS level between two times; where it is not known, what nothing is below."""
        heard = np.concatenate([*self._beginning, np.zeros(0, np.int16)])
        part = heard[max(0, round(start * RATE)) : round(end * RATE)].astype(np.float64)
        return float(np.sqrt(np.mean(part**2))) if len(part) else float("nan")

    def _take(self, words: Sequence[Word]) -> None:
        self._guess = ""
        if words and self._phrase:
            words = beyond(words, self._phrase, self._phrase_ends, self._level)
            self._phrase = ""
            self._beginning.clear()
        for word in words:
            if self._words:
                pause = word.start - self._words[-1].end
                self._longest_pause = max(self._longest_pause, pause)
            self._words.append(word)


def transcribed(
    recogniser: Recogniser, frames: Iterable[Frame], phrase: str = "", phrase_ends: float = 0.0
) -> Utterance:
    """Return all that is said in these frames, however long the pauses.

    Args:
        recogniser: What hears.
        frames: The sound.
        phrase: The wake phrase with which it begins, to be left out, if it does.
        phrase_ends: Where it ends, in seconds.
    """
    limits = Limits(*[float("inf")] * 4)
    utterance = Utterance(recogniser, limits, phrase=phrase, phrase_ends=phrase_ends)
    for frame in frames:
        utterance.feed(frame)
    utterance.finish()
    return utterance
