"""`voice-glimmer demo`: the same loop with a synthetic person, checked by listening to it."""

from __future__ import annotations

import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import jiwer
import numpy as np
import soundfile

from voice_glimmer.cli.display import Display
from voice_glimmer.cli.parts import assembled
from voice_glimmer.cli.room import Room
from voice_glimmer.clock import Certain
from voice_glimmer.conversation.actions import Quote
from voice_glimmer.faults import Fault
from voice_glimmer.hearing import models
from voice_glimmer.hearing.dictation import transcribed
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.hearing.recogniser import Recogniser
from voice_glimmer.settings import VOICES, Settings
from voice_glimmer.speaking.prompts import pieces, plain
from voice_glimmer.speaking.sound import Sound, silence
from voice_glimmer.speaking.voice import Voice, VoiceFailedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from rich.console import Console

    from voice_glimmer.conversation.actions import Action
    from voice_glimmer.hearing.models import Model

PERSON_VOICE = "gmw/en+m3"
PERSON_RATE = 140
MOST_WRONG = 0.15
"""The word error rate at which the demo still counts as understood."""

GLIMMERS = (
    "this morning the robin sang outside my window and[3s] i felt at home",
    "my neighbor waved at me and smiled",
)
LINES = (
    "hey glimmer", GLIMMERS[0], "yes",
    "hey glimmer", GLIMMERS[1], "yes",
    "hey glimmer", "read my glimmers",
)  # fmt: skip


class _Quotes(Display):
    """A display that also notes where in the room's sound the person's words were read back."""

    room: Room

    def __init__(self, console: Console, phrase: str) -> None:
        super().__init__(console, phrase)
        self.quoted: list[tuple[str, int]] = []

    def did(self, action: Action, text: str, *, spoken: bool) -> None:
        super().did(action, text, spoken=spoken)
        if isinstance(action, Quote):
            self.quoted.append((text, len(self.room.played) - 1))


def demo(model: Path | None, console: Console, into: Path | None) -> bool:
    """Run the demo, print where it left its journal and recording, and tell whether it passed.

    Raises:
        Fault: Something is missing or cannot be used.
    """
    if into and (into / "journal" / "journal.db").exists():
        raise Fault(f"There is already a demo in {into}. Please choose another folder.")
    models.find(model, Path.home())  # before anything is left behind
    with closing(Voice(PERSON_VOICE, PERSON_RATE)) as person:
        person.check()
        try:
            lines = [_said(person, line) for line in LINES]
        except VoiceFailedError as error:
            raise Fault("The demo's person lost their voice. Please start it again.") from error
    folder = into or Path(tempfile.mkdtemp(prefix="voice-glimmer-demo-"))
    recording = folder / "conversation.wav"
    # The script of the demo fits the defaults, whatever the person at home has chosen.
    settings = Settings.model_construct(journal=folder / "journal", model=model, voice=VOICES["en"])
    room = Room(lines, datetime.now().astimezone())
    display = _Quotes(console, settings.wake_phrases[0])
    display.room = room
    clock = Certain(room.now)
    with (
        closing(display),
        assembled(
            settings,
            lambda: room,
            lambda _: clock,
            display,
            Random(),  # noqa: S311
            note=lambda said: display.note("Voice", said),
        ) as parts,
    ):
        display.note("Model", f"{parts.model_path.name} in {parts.model_path.parent}")
        display.start(asleep=parts.loop.asleep)
        try:
            parts.loop.run(room.frames())
        finally:
            # Where the demo stopped, too: listening to it tells why.
            room.write(recording)
        program = soundfile.read(recording, dtype="int16")[0][:, 1]
        stored = [glimmer.text for glimmer in reversed(parts.journal.newest(len(GLIMMERS)))]
        readings = [
            _recognised(parts.model, program, *_stretch(room, index))
            for _text, index in display.quoted[-len(GLIMMERS) :]
        ]
    said = [plain(glimmer) for glimmer in GLIMMERS]
    console.print()
    display.note("Recording", str(recording))
    display.note("Journal", str(settings.journal))
    return all(
        [
            _compare(display, "stored", said, stored),
            _compare(display, "read back", said, list(reversed(readings))),
        ]
    )


def _said(person: Voice, line: str) -> Sound:
    parts = [
        silence(piece, RATE) if isinstance(piece, float) else person.sound(piece).at_rate(RATE)
        for piece in pieces(line)
    ]
    return Sound(np.concatenate([part.samples for part in parts]), RATE)


def _stretch(room: Room, index: int) -> tuple[int, int]:
    start, sound = room.played[index]
    return start, start + len(sound.samples)


def _recognised(model: Model, track: npt.NDArray[np.int16], start: int, end: int) -> str:
    around = np.pad(track[start:end], (RATE // 2, RATE))
    return transcribed(Recogniser(model), from_samples(around)).text


def _compare(display: Display, what: str, said: Sequence[str], got: Sequence[str]) -> bool:
    if len(got) != len(said):
        display.note("Check", f"{what}: {len(got)} of {len(said)} glimmers")
        return False
    wrong = jiwer.wer(list(said), list(got))
    display.note("Check", f"{what}: word error rate {wrong:.1%}, at most {MOST_WRONG:.0%}")
    return wrong <= MOST_WRONG
