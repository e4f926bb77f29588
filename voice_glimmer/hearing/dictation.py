"""The spoken glimmer, and short answers: pauses, endings, words with times and confidences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from voice_glimmer.conversation.events import Word
    from voice_glimmer.hearing.frames import Frame
    from voice_glimmer.hearing.recogniser import Recogniser


SETTLED = 0.8
"""Seconds without a voice after which no word is on its way: Vosk guesses 0.4 s after it."""

LATE_WORDS = 3.0
"""Seconds for which a voice that begins at the end of the patience holds off the silence."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds of audio.

    Attributes:
        pause: Silence after speech that ends it; a thinking pause is shorter.
        patience: Silence before any speech that ends the waiting.
        longest: Speech is ended after this.
        quick_pause: Silence that ends it when what was said is complete in itself.
    """

    pause: float
    patience: float
    longest: float
    quick_pause: float


class Ending(Enum):
    """Why an utterance is over."""

    PAUSE = "pause"
    SILENCE = "silence"
    LENGTH = "length"


def ending(
    elapsed: float,
    last_change: float | None,
    *,
    last_voice: float = 0.0,
    complete: bool = False,
    limits: Limits,
) -> Ending | None:
    """Decide whether an utterance is over.

    Args:
        elapsed: Seconds since listening began.
        last_change: Seconds at which the words last changed; None before the first word.
        last_voice: Seconds at which someone was last heard speaking, words or not.
        complete: Whether the words so far are a whole request.
        limits: How long to wait.
    """
    if last_change is None:
        quiet = elapsed - last_voice >= SETTLED
        patient = elapsed < limits.patience + (0 if quiet else LATE_WORDS)
        return None if patient else Ending.SILENCE
    if elapsed >= limits.longest:
        return Ending.LENGTH
    pause = limits.quick_pause if complete else limits.pause
    return Ending.PAUSE if elapsed - last_change >= pause else None


def without_closing(text: str, closings: Sequence[str]) -> str:
    """Return `text` without a closing, such as "that's all", at its end."""
    for closing in closings:
        if f" {text}".endswith(f" {closing}"):
            return text[: len(text) - len(closing)].rstrip()
    return text


class Utterance:
    """Listens to one utterance, frame by frame.

    Vosk cuts speech into segments at short pauses; they are joined here, so that a person can
    think in the middle of a sentence. Memory is bounded by `Limits.longest`.

    Args:
        recogniser: What hears.
        limits: How long to wait.
        complete: Tells whether words are a whole request, or end the glimmer by themselves.
        after: Words before this second belong to a wake phrase, and are left out.
        leading: How many words that phrase has.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        limits: Limits,
        complete: Callable[[str], bool] = lambda _text: False,
        *,
        after: float = 0.0,
        leading: int = 0,
    ) -> None:
        self._after = after
        self._leading = leading
        self._recogniser = recogniser
        self._limits = limits
        self._complete = complete
        self._samples = 0
        self._words: list[Word] = []
        self._guess = ""
        self._last_change: float | None = None
        self._gate = Gate()
        self._last_voice = 0.0

    @property
    def text(self) -> str:
        """What has been heard so far; the last words may still change."""
        guess = self._guess.split()[self._leading :]
        return " ".join([*(word.text for word in self._words), *guess])

    @property
    def words(self) -> tuple[Word, ...]:
        """The words that are certain, times in seconds since listening began."""
        return tuple(self._words)

    @property
    def elapsed(self) -> float:
        """Seconds of audio heard."""
        return self._samples / RATE

    def feed(self, frame: Frame) -> Ending | None:
        """Hear a frame; return why the utterance is over, or None while it is not."""
        before = self.text
        self._samples += len(frame.samples)
        if self._gate.voiced(frame):
            self._last_voice = self.elapsed
        words = self._recogniser.hear(frame)
        if words is None:
            self._guess = self._recogniser.guess()
        else:
            self._take(words)
        if self.text != before:
            self._last_change = self.elapsed if self.text else None
        over = ending(
            self.elapsed,
            self._last_change,
            last_voice=self._last_voice,
            complete=self._complete(self.text),
            limits=self._limits,
        )
        if over is not None:
            self.finish()
        return over

    def finish(self) -> None:
        """Make the last words certain."""
        self._take(self._recogniser.finish())

    def _take(self, words: Sequence[Word]) -> None:
        self._guess = ""
        own = [word for word in words if (word.start + word.end) / 2 > self._after]
        self._leading = max(0, self._leading - (len(words) - len(own)))
        self._words += own


def transcribed(recogniser: Recogniser, frames: Iterable[Frame]) -> Utterance:
    """Return all that is said in these frames, however long the pauses."""
    utterance = Utterance(recogniser, Limits(*[float("inf")] * 4))
    for frame in frames:
        utterance.feed(frame)
    utterance.finish()
    return utterance
