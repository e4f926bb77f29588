"""What of the start needs no Python: sound and the speech model, opened beside the imports."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from voice_glimmer.conversation import language
from voice_glimmer.faults import Fault
from voice_glimmer.hearing import models
from voice_glimmer.hearing.dictation import Limits
from voice_glimmer.hearing.ear import Ears
from voice_glimmer.later import Later
from voice_glimmer.settings import cache_folder
from voice_glimmer.voicing import started

if TYPE_CHECKING:
    from voice_glimmer.hearing.frames import Microphone
    from voice_glimmer.settings import Settings

PATIENCE_SECONDS = 10.0
LONGEST_SECONDS = 180.0
QUICK_PAUSE_SECONDS = 1.0


class Beginning:
    """What listening begins with, beside the journal: each is made when it is needed, or before.

    Args:
        settings: The person's.

    Attributes:
        voice: The person's voice, which may still be starting.
        language: The words of their language.
        model: The model that hears them, and its folder.
        ears: What hears them with it.
    """

    def __init__(self, settings: Settings) -> None:
        self.voice = Later(lambda: started(settings))
        self.language = Later(lambda: language.load(settings.language))
        self.model = Later(lambda: speech_model(settings))
        self.ears = Later(lambda: self._listening(settings))
        self._begun = False

    def begin(self, microphone: Later[Microphone]) -> None:
        """Make all of it, and open the microphone, in threads from now on."""
        self._begun = True
        Later(lambda: (self.voice.made, microphone.made)).begin()
        self.ears.begin()

    def close(self) -> None:
        """End the voice's process, if it was started or is being so."""
        if self._begun or self.voice.is_made:
            with suppress(Fault):
                self.voice.made.close()

    def _listening(self, settings: Settings) -> Ears:
        words, (_, model) = self.language.made, self.model.made
        return Ears(
            model,
            words,
            settings.wake_phrases,
            Limits(settings.pause, PATIENCE_SECONDS, LONGEST_SECONDS, QUICK_PAUSE_SECONDS),
            sensitivity=settings.sensitivity,
            barge_in=settings.barge_in,
        )


def speech_model(settings: Settings) -> tuple[Path, models.Model]:
    """Return the model that hears the person, and its folder.

    Raises:
        Fault: There is none, it is damaged, or it lacks a word of a wake phrase or of an answer.
    """
    path = models.find(settings.model, Path.home())
    model = models.load(path, cache_folder())
    if models.missing_words(model, settings.wake_phrases):
        # The words of everyday speech, one of which may do instead, take long to load.
        from voice_glimmer.hearing.suggestions import require_wake_phrases  # noqa: PLC0415

        require_wake_phrases(model, settings.wake_phrases, cache_folder())

    def require_answers() -> None:
        words = language.load(settings.language).sentences.words()
        models.require_words(model, words, "an answer")

    facts = [*models.files(path), language.fingerprint(language.FOLDER / settings.language)]
    models.once(cache_folder(), "answers", facts, require_answers)
    return path, model
