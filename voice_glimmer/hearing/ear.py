"""What is listened for right now: the wake phrase, a glimmer or a request, or a short answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from voice_glimmer.conversation import actions, events, requests
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.hearing.dictation import (
    Ending,
    Limits,
    Standing,
    Utterance,
    transcribed,
    without_closing,
)
from voice_glimmer.hearing.recogniser import OTHER_SPEECH, Recogniser
from voice_glimmer.hearing.rehearing import LONGEST_SECONDS, UNDERSTOOD, Rehearing
from voice_glimmer.hearing.wake import Wake, WakeSpotter
from voice_glimmer.later import Later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from voice_glimmer.conversation.language import Language
    from voice_glimmer.hearing import models
    from voice_glimmer.hearing.frames import Frame

ANSWER_LIMITS = Limits(pause=0.8, patience=8.0, longest=10.0, quick_pause=0.8)
GAP_LIMITS = Limits(pause=0.8, patience=3.0, longest=6.0, quick_pause=0.8)
"""Three seconds: time to take in what was heard, and to say what is to be done with it."""

WAKE_UP_LIMITS = Limits(pause=0.8, patience=4.0, longest=6.0, quick_pause=0.8)
SHORT = {
    actions.Ear.ANSWER: (requests.ANSWERS, ANSWER_LIMITS),
    actions.Ear.GAP: (requests.WHILE_HEARING, GAP_LIMITS),
    actions.Ear.WAKE_UP: (frozenset({Kind.WAKE_UP}), WAKE_UP_LIMITS),
}
"""What is understood, and how long it is awaited, where a glimmer is not."""

ASKED = frozenset({actions.Ear.ANSWER, actions.Ear.GAP})
"""Where the wake phrase is heard as it is at rest."""

ENDINGS = requests.INTERRUPTIONS | {Kind.HELP}
"""What is a request even if nothing else is said with it, and does not wait to be gone on with."""

BREATH_PATIENCE = 2.0
"""Seconds after a wake phrase in which words have to follow that were taken for one breath.

Where no voice was heard yet, one is awaited only for as long as `dictation.SETTLED`.
"""

FEW_WORDS = 3
"""Fewer words than this are more often a beginning than a glimmer."""

LEAST_CONFIDENCE = 0.7
"""A short answer less certain than this counts as not understood: "no" lets a glimmer go."""


@dataclass(frozen=True, slots=True)
class Dictated:
    """A glimmer or a request, as it was heard; times in seconds since listening began."""

    words: tuple[events.Word, ...]
    duration: float
    ending: events.Ending


Overheard = events.Interrupted | events.Woke
Heard = Dictated | Overheard | events.Partial | events.Answered | events.FellSilent


class Ears:
    """Turns frames into what was heard, one kind of listening at a time.

    Args:
        model: What recognises.
        language: The words that are understood.
        wake_phrases: What wakes the program.
        limits: How long a dictation waits.
        sensitivity: How readily a wake phrase wakes, 0 to 1.
        barge_in: Whether the microphone is echo-cancelled, so that the person can be heard while
            the program speaks.

    Attributes:
        eager: Whether words are told while they are being heard.

    Raises:
        Fault: The model lacks a word of a wake phrase.
    """

    def __init__(
        self,
        model: models.Model,
        language: Language,
        wake_phrases: Sequence[str],
        limits: Limits,
        *,
        sensitivity: float,
        barge_in: bool = False,
    ) -> None:
        self._model = model
        self._language = language
        self._closings = language.closings
        self._unfinished = frozenset(language.unfinished)
        self._grammars = Later(self._vocabularies)
        self._limits = limits
        self._rehearing = Later(lambda: Rehearing(language.sentences))
        self._held: list[Frame] = []
        self._phrases = [phrase.split() for phrase in wake_phrases]
        self._wake = WakeSpotter(model, wake_phrases, sensitivity)
        stops = requests.INTERRUPTIONS
        self._stops = language.sentences.vocabulary(stops) if barge_in else []
        phrases = [*wake_phrases, *self._stops]
        self._interruption = WakeSpotter(model, phrases, None) if barge_in else None
        # It is asked for at every frame, and the words seldom change.
        self._standing = lru_cache(maxsize=1)(self._stands)
        self._saying = ""
        self.eager = True
        self._ear = actions.Ear.WAKE
        self._utterance: Utterance | None = None
        self._wake_heard: Wake | None = None
        self._wake_before: Wake | None = None

    @property
    def dictating(self) -> bool:
        """Whether what is said now may be a glimmer, and belongs into the spool."""
        return self._ear is actions.Ear.OPEN and not self._waking_over

    @property
    def voice_until(self) -> float:
        """When a voice was last heard at rest, in monotonic seconds."""
        return self._wake.voice_until

    def rest(self) -> None:
        """Make some of what is needed once somebody has spoken; call this while nobody does."""
        for needed in (self._language.understood, self._grammars, self._rehearing):
            if not needed.is_made:
                _ = needed.made
                return

    def listen(self, ear: actions.Ear, saying: str = "") -> None:
        """Listen for this from the next frame on, and forget what was half heard.

        Args:
            ear: What to listen for.
            saying: What the program is saying until then. A phrase in it does not interrupt: it
                could be an echo that is not yet cancelled, as in the first seconds of a stream.
        """
        self._ear = ear
        self._held = []
        self._saying = saying.lower()
        self._wake.reset()
        if self._interruption:
            self._interruption.reset()
        if ear is actions.Ear.WAKE:
            self._utterance = None
        elif ear is actions.Ear.OPEN:
            self._utterance = self._begun(Recogniser(self._model), self._limits, self._standing)
        else:
            grammar = self._grammars.made[ear]
            self._utterance = self._begun(Recogniser(self._model, grammar), SHORT[ear][1])

    def feed(self, frame: Frame) -> list[Heard]:
        """Hear a frame and return what it completed, in order."""
        # "Stop" at the very end of a reading is understood in the gap after it.
        if self._waking_over or self._ear is actions.Ear.GAP:
            overheard = self.overhear(frame)
            if overheard or self._waking_over:
                return [*overheard]
        # Who is asked something may have begun to tell the next glimmer instead.
        if self._utterance is None or self._ear in ASKED:
            wake = self._wake.feed(frame)
            if wake or self._utterance is None:
                self._wake_heard = wake
                return [events.Woke(wake.phrase)] if wake else []
        before = self._utterance.text
        over = self._utterance.feed(frame, eager=self.eager)
        if self.dictating:
            self._hold(frame, self._utterance)
        if over is None:
            text = self._utterance.text
            told = self.eager and self.dictating and text != before
            return [events.Partial(text)] if told else []
        return [self._over(self._utterance, over)]

    def overhear(self, frame: Frame) -> list[Overheard]:
        """Hear a frame while the program itself speaks; return whether that is to end.

        Only with an echo-cancelled microphone is anything heard then.
        """
        if self._interruption is None:
            return []
        known = self._interruption.waking
        settled = self._interruption.feed(frame)
        wake = settled or self._interruption.waking
        if wake is None:
            return []
        if wake.phrase in self._saying:
            self._interruption.reset()
            return []
        heard: list[Overheard] = [] if known else [events.Interrupted(wake.phrase)]
        if wake.phrase in self._stops:
            self._interruption.reset()
            self._wake_heard = wake
        elif settled:
            self._wake_heard = wake
            heard.append(events.Woke(wake.phrase))
        return heard

    def unheard(self) -> tuple[Frame, ...]:
        """Return, once, the frames since a phrase after which the person may have spoken on.

        They are to be heard again, as the beginning of what is listened for now.
        """
        wake, self._wake_heard = self._wake_heard, None
        return wake.frames if wake and self._utterance else ()

    def interrupt(self) -> list[Heard]:
        """End a dictation here and return what was said so far, if anything was."""
        if self._utterance is None or not self.dictating:
            return []
        self._utterance.finish()
        dictated = self._dictated(self._utterance, events.Ending.CUT_SHORT)
        return [dictated] if dictated.words else []

    def transcribe(self, frames: Iterable[Frame]) -> Dictated:
        """Return the words of a whole recording, however long its pauses."""
        utterance = transcribed(Recogniser(self._model), frames)
        return self._dictated(utterance, events.Ending.CUT_SHORT)

    def _vocabularies(self) -> dict[actions.Ear, list[str]]:
        sentences = self._language.sentences
        return {ear: sentences.vocabulary(kinds) for ear, (kinds, _) in SHORT.items()}

    @property
    def _waking_over(self) -> bool:
        """Whether a wake phrase was said over the program's voice, and it may go on."""
        return self._interruption is not None and self._interruption.waking is not None

    def _begun(
        self,
        recogniser: Recogniser,
        limits: Limits,
        standing: Callable[[str], Standing] = lambda _text: Standing.POSSIBLE,
    ) -> Utterance:
        """Return an utterance; after a phrase that was just heard, one that leaves it out."""
        wake = self._wake_before = self._wake_heard
        if wake is None:
            return Utterance(recogniser, limits, standing)
        patience = BREATH_PATIENCE if wake.speaking_on else 0.0
        if wake.phrase in self._stops:
            patience = limits.patience
        limits = replace(limits, patience=wake.ends + patience)
        return Utterance(recogniser, limits, standing, phrase=wake.phrase, phrase_ends=wake.ends)

    def _stands(self, text: str) -> Standing:
        words = text.split()
        asked = self._language.sentences.match(text, UNDERSTOOD)
        if asked:
            # "Read the one about the": the topic is still to come.
            if "topic" in asked.slots and words[-1] in self._unfinished:
                return Standing.UNFINISHED
            # "Later": so may a glimmer begin.
            brief = len(words) == 1 and asked.kind not in ENDINGS
            return Standing.POSSIBLE if brief else Standing.COMPLETE
        if without_closing(text, self._closings) != text:
            return Standing.COMPLETE
        if len(words) < FEW_WORDS or words[-1] in self._unfinished:
            return Standing.UNFINISHED
        return Standing.POSSIBLE

    def _over(self, utterance: Utterance, over: Ending) -> Heard:
        if not utterance.words:
            return events.FellSilent()
        if self.dictating:
            full = over is Ending.LENGTH
            dictated = self._dictated(
                utterance, events.Ending.FULL if full else events.Ending.PAUSE
            )
            return self._reheard(dictated) if dictated.words else events.FellSilent()
        sure = all(
            word.confidence >= LEAST_CONFIDENCE and word.text != OTHER_SPEECH
            for word in utterance.words
        )
        return events.Answered(utterance.text if sure else "")

    def _hold(self, frame: Frame, utterance: Utterance) -> None:
        """Keep the sound of what may be a request; let it go once it takes too long for one."""
        if utterance.elapsed <= LONGEST_SECONDS:
            self._held.append(frame)
        else:
            self._held.clear()

    def _reheard(self, dictated: Dictated) -> Dictated:
        """Return the request of which the first hearing missed a word; else what it heard."""
        heard = [word.text for word in dictated.words]
        if not self._held or not self._rehearing.made.worthwhile(heard):
            return dictated
        phrases = [" ".join(phrase) for phrase in self._phrases]
        recogniser = Recogniser(self._model, [*self._rehearing.made.grammar(heard), *phrases])
        wake = self._wake_before
        begins = (wake.phrase, wake.ends) if wake else ()
        utterance = transcribed(recogniser, self._held, *begins)
        again = self._dictated(utterance, dictated.ending)
        preferred = self._rehearing.made.prefers(heard, [word.text for word in again.words])
        return replace(dictated, words=again.words) if preferred else dictated

    def _dictated(self, utterance: Utterance, ending: events.Ending) -> Dictated:
        known = [word for word in utterance.words if word.text != OTHER_SPEECH]
        said = [word.text for word in known]
        # Who has been awaited may say the wake phrase all the same.
        leading = [len(each) for each in self._phrases if said[: len(each)] == each]
        kept = len(without_closing(" ".join(said), self._closings).split())
        words = tuple(known[max(leading, default=0) : kept])
        return Dictated(words, utterance.elapsed, ending)
