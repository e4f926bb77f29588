"""What is observed of hearing, speaking and the journal, and in which order."""

from __future__ import annotations

import os
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from voice_glimmer.appliance import doctor, doctor_journal, doctor_machine, doctor_sound
from voice_glimmer.clock import Clock, Linux, local_zone
from voice_glimmer.conversation import language
from voice_glimmer.faults import Fault
from voice_glimmer.hearing import models
from voice_glimmer.hearing.frames import RATE, Microphone, from_samples
from voice_glimmer.hearing.recogniser import Recogniser
from voice_glimmer.hearing.suggestions import require_wake_phrases
from voice_glimmer.journal import backup, examining
from voice_glimmer.journal.keys import unlocked
from voice_glimmer.journal.presence import Present, present
from voice_glimmer.settings import cache_folder
from voice_glimmer.speaking.player import Loudspeaker
from voice_glimmer.speaking.voice import Voice, VoiceFailedError
from voice_glimmer.voicing import started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_glimmer.appliance.doctor import Finding
    from voice_glimmer.journal.examining import Examination
    from voice_glimmer.settings import Settings

SENTENCE = "This morning the robin sang outside my window, and I felt at home."
"""What is synthesised to be heard, so that it can be told how long that takes."""


def findings(
    settings: Settings, seconds: float, looking: Callable[[str], None]
) -> Iterator[Finding]:
    """Yield what is found, thing by thing. Nothing is changed, and nothing is heard.

    Args:
        settings: The person's, or the defaults.
        seconds: For how long to listen; 0 for not at all.
        looking: Is told what is looked at next.
    """
    listening = examining.is_listening(settings.journal)
    looking("the microphone")
    yield from _microphone(settings, seconds, listening=listening)
    looking("the loudspeaker")
    yield doctor_sound.loudspeaker(
        _fault(lambda: loudspeaker_of(settings).close()), listening=listening
    )
    looking("the speech model and the voice")
    yield from _model_and_voice(settings)
    looking("the journal")
    seen = _examined(settings)
    yield from doctor_journal.journal(seen)
    newest = seen.newest if seen and not isinstance(seen, Fault) else None
    machine = Linux()
    clock = Clock(local_zone(os.environ), newest, machine)
    copies = backup.times(settings.backups) if settings.backups else []
    yield doctor.backups(
        settings.backups,
        copies[0] if copies else None,
        datetime.now(UTC),
        has_journal=seen is not None,
    )
    yield doctor.clock(believed=clock.believed, synchronised=machine.is_synchronised())
    looking("this machine")
    others = examining.seen_by_others(settings.journal)
    yield from doctor_machine.findings(settings.journal, seen_by_others=others)


def _microphone(settings: Settings, seconds: float, *, listening: bool) -> Iterator[Finding]:
    if present(settings.journal) is Present.MUTED:
        yield doctor_sound.switched_off()
        return
    try:
        with closing(Microphone(settings.input, settings.gain)) as microphone:
            yield doctor_sound.microphone(None, listening=listening)
            if seconds:
                heard = doctor_sound.gathered(microphone.frames(), seconds)
                yield doctor_sound.level(doctor_sound.level_of(heard))
    except Fault as fault:
        yield doctor_sound.microphone(fault, listening=listening)


def loudspeaker_of(settings: Settings) -> Loudspeaker:
    """Open the loudspeaker, also where no microphone has looked for PortAudio before.

    Raises:
        Fault: There is none, or no PortAudio.
    """
    try:
        return Loudspeaker(settings.output, settings.lead_in)
    except OSError as error:
        raise Fault(
            "The sound library PortAudio is missing. "
            "Install it with: sudo apt install libportaudio2"
        ) from error


def _model_and_voice(settings: Settings) -> Iterator[Finding]:
    path: Path | None = None
    model: models.Model | None = None
    fault: Fault | None = None
    try:
        path = models.find(settings.model, Path.home())
        model = models.load(path, cache_folder())
    except Fault as raised:
        fault = raised
    yield doctor_sound.model(path.name if path else "", fault, bundled=path == models.BUNDLED)
    if loaded := model:
        yield doctor_sound.vocabulary(
            _fault(lambda: require_wake_phrases(loaded, settings.wake_phrases, cache_folder()))
        )
        said = language.load(settings.language).sentences.words()
        yield doctor_sound.requests(models.missing_words(loaded, said))
    with closing(started(settings)) as voice:
        silent = _fault(voice.check)
        yield doctor_sound.voice(silent)
        factor = None if silent or model is None else _factor(model, voice)
    yield doctor_sound.speed(factor)


def _factor(model: models.Model, voice: Voice) -> float | None:
    """Return the seconds in which a second of speech is heard; None where there is none."""
    try:
        said = voice.sound(SENTENCE).at_rate(RATE).samples
    except VoiceFailedError:
        return None
    recogniser = Recogniser(model)
    began = time.perf_counter()
    for frame in from_samples(said):
        recogniser.hear(frame)
    recogniser.finish()
    return (time.perf_counter() - began) / (len(said) / RATE)


def _examined(settings: Settings) -> Examination | Fault | None:
    try:
        return examining.examined(unlocked(settings.journal, settings.key, os.environ))
    except Fault as fault:
        return fault


def _fault(attempt: Callable[[], object]) -> Fault | None:
    try:
        attempt()
    except Fault as fault:
        return fault
    return None
