"""`voice-glimmer add --audio`: a glimmer from a recording that is there already."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import typer

from voice_glimmer.cli.glimmers import dated, held
from voice_glimmer.cli.journal import clock_of, place_of, sentences
from voice_glimmer.cli.printing import document, lines, tell
from voice_glimmer.cli.progress import bar
from voice_glimmer.faults import Fault
from voice_glimmer.hearing import models, transcribing
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.recogniser import Recogniser
from voice_glimmer.journal import Journal
from voice_glimmer.settings import cache_folder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from voice_glimmer.journal import Glimmer
    from voice_glimmer.settings import Settings


def keep(path: Path, settings: Settings, when: datetime | None, *, as_json: bool) -> None:
    """Keep what is said in a recording, with the recording where the settings keep voices.

    It is kept under the time at which it was begun: `when`, or what the file's last change and its
    length tell. Tags are not asked: most hold a day or a year, and no time zone.

    Raises:
        Fault: It cannot be heard, nobody speaks in it, or it cannot be kept.
    """
    lasts = transcribing.seconds(path)
    model = models.load(models.find(settings.model, Path.home(), wake=False), cache_folder())
    try:
        kept = _kept(path, settings, when, model, lasts)
    except KeyboardInterrupt as leaving:
        tell("I stop here. Nothing was kept.")
        raise typer.Exit(1) from leaving
    if as_json:
        lines(document(held(kept)))
        return
    hint = "" if when else " That is the file's time; --when gives another."
    tell(f"Kept, as number {kept.id}, of {kept.spoken_at:%Y-%m-%d %H:%M}.{hint}")


def begun(changed: float, seconds: float, now: datetime) -> datetime:
    """Return when a recording was begun, as far as its file tells.

    Args:
        changed: When the file was changed last, in seconds since 1970.
        seconds: How long the recording is.
        now: Aware; a file from the future, as a wrong clock makes them, is from now.
    """
    ended = min(datetime.fromtimestamp(changed, now.tzinfo), now)
    return ended - timedelta(seconds=seconds)


def _kept(
    path: Path,
    settings: Settings,
    when: datetime | None,
    model: models.Model,
    lasts: float | None,
) -> Glimmer:
    """Hear a recording and keep it."""
    with sentences(), ExitStack() as open_things:
        journal = Journal(place_of(settings), keeps_voices=settings.recordings != "none")
        open_things.callback(journal.close)
        now = clock_of(journal).now()
        given = dated(when, now) if when else None
        growing = journal.growing(RATE)
        if growing is not None:
            open_things.enter_context(closing(growing))
        told = open_things.enter_context(bar(path.name, lasts))
        done = 0

        def heard(piece: npt.NDArray[np.int16]) -> None:
            nonlocal done
            if growing is not None:
                growing.add(piece.tobytes())
            done += len(piece)
            told(done / RATE)

        transcript = transcribing.transcribed(Recogniser(model), transcribing.sound(path), heard)
        if not transcript.words:
            raise Fault(f"I heard no words in {path}. Nothing was kept.")
        moment = given or begun(path.stat().st_mtime, transcript.seconds, now)
        number = journal.keep(
            transcribing.paragraphs(transcript.words, settings.pause),
            transcript.words,
            moment,
            duration=transcript.seconds,
            prompt="",
            name=f"file-{uuid4().hex}",
            voice=growing.finish() if growing is not None else b"",
            rate=RATE,
        )
        return journal.get(number)
