"""A person speaks while the program speaks, in a kitchen that echoes: -12 dB, 60 ms late."""

from contextlib import closing
from datetime import datetime

import numpy as np
import pytest

from tests.conftest import Speech, trimmed
from tests.e2e.conftest import CancellingKitchen, EchoingKitchen, Kitchen, Program, Recorder
from tests.e2e.test_kitchen import END_OF_PROMPT, wake
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.journal.glimmers import Journal

ECHO_SECONDS = 0.06
GLIMMERS = [
    "i said stop to the bus driver and then he said please stop and never mind",
    "my friend said hey glimmer and stop and hey glimmer and we laughed all evening",
    "we wanted to cancel the trip and stop at the river but the sun was warm",
]
"""What stops and wakes the program is in them: its own voice says it."""

PLAIN = [
    f"{who} waved at me and smiled while the children played in the garden in the morning sun"
    for who in ("my neighbor", "my sister", "the baker", "an old friend")
]


def remember(kitchen: Kitchen, glimmers: list[str]) -> None:
    """Put these into the journal, as if they had been said before."""
    with closing(Journal(kitchen.journal)) as journal:
        for text in glimmers:
            voice, now = np.zeros(RATE, "<i2").tobytes(), datetime.now().astimezone()
            journal.keep(text, (), now, duration=1, prompt="", name=text, voice=voice, rate=RATE)


def ask_for_all(kitchen: Kitchen, program: Program) -> int:
    """Ask for a reading, and return how many lines were shown up to its announcement."""
    shown = len(program.lines)
    wake(kitchen)
    kitchen.say("read my glimmers")
    return program.shows("You have", shown)


def barging(kitchen: CancellingKitchen) -> Program:
    kitchen.environment["VOICE_GLIMMER_BARGE_IN"] = "true"
    return kitchen.start()


def place(whole: Speech, part: Speech) -> int:
    """Return at which sample of `whole` the `part` begins; negative where `whole` is later."""
    size = 1 << (len(whole) + len(part)).bit_length()
    spectra = np.fft.rfft(whole.astype(float), size) * np.fft.rfft(part.astype(float), size).conj()
    at = int(np.argmax(np.fft.irfft(spectra, size)))
    return at if at < len(whole) else at - size


def interrupt(kitchen: CancellingKitchen, program: Program, word: str, voice: str) -> float:
    """Say a word over the program; return the seconds from its end to the last sound after it.

    Said again where it was not understood, as people do. Counted in samples of two recordings
    that the echo, as late as it is, aligns.
    """
    with closing(Recorder(kitchen.microphone, "mic.monitor")) as microphone:
        for _ in range(3):
            began, mark = microphone.mark(), kitchen.loudspeaker.mark()
            kitchen.say(word, voice)
            kitchen.loudspeaker.reaches(kitchen.loudspeaker.mark() + RATE)
            if f"You, interrupting: {word}" in program.lines:
                break
        spoken = kitchen.loudspeaker.since(mark, 1.0)
        heard = microphone.since(began, 0.5)
    said = trimmed(kitchen.person(word, voice))
    later = place(heard, spoken) - round(ECHO_SECONDS * RATE)
    ended = place(heard, said) + len(said) - later
    return float(np.flatnonzero(np.abs(spoken.astype(int)) > 300)[-1] - ended) / RATE


def test_half_duplex_its_own_words_stop_nothing_and_a_person_does_between_readings(
    echoing_kitchen: EchoingKitchen,
):
    kitchen = echoing_kitchen
    remember(kitchen, GLIMMERS)
    program = kitchen.start()
    shown = ask_for_all(kitchen, program)
    for glimmer in reversed(GLIMMERS):
        shown = program.shows(f"Glimmer: {glimmer}", shown)
    shown = program.shows("Glimmer: That was all.", shown, limit=60)
    heard = [line for line in program.lines if line.startswith("You")]
    assert heard == ["You: hey glimmer", "You: read my glimmers"]

    kitchen.loudspeaker.since(kitchen.loudspeaker.mark() - RATE, END_OF_PROMPT)
    shown = ask_for_all(kitchen, program)
    program.shows(f"Glimmer: {GLIMMERS[-1]}", shown)
    # The pauses stand before the glimmer's own words; the silence after them is the gap.
    kitchen.loudspeaker.reaches(kitchen.loudspeaker.mark() + 3 * RATE)
    kitchen.loudspeaker.since(kitchen.loudspeaker.mark(), 0.4)
    kitchen.say("stop")
    program.shows("You: stop", shown)
    program.shows("Glimmer: Of course.", shown)
    assert not [line for line in program.lines[shown:] if GLIMMERS[-2] in line]


def test_its_own_voice_never_interrupts_it(cancelling_kitchen: CancellingKitchen):
    remember(cancelling_kitchen, GLIMMERS)
    program = barging(cancelling_kitchen)
    shown = ask_for_all(cancelling_kitchen, program)
    program.shows("Glimmer: That was all.", shown, limit=60)
    heard = [line for line in program.lines if line.startswith("You")]
    assert heard == ["You: hey glimmer", "You: read my glimmers"]


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_stop_silences_a_reading_within_700_ms(cancelling_kitchen: CancellingKitchen, voice: str):
    remember(cancelling_kitchen, PLAIN)
    program = barging(cancelling_kitchen)
    shown = ask_for_all(cancelling_kitchen, program)
    mark = cancelling_kitchen.loudspeaker.mark()
    cancelling_kitchen.loudspeaker.reaches(mark + 3 * RATE)
    # The reading may have paused by itself just then, for half a second at most.
    assert -0.6 <= interrupt(cancelling_kitchen, program, "stop", voice) <= 0.7
    shown = program.shows("You, interrupting: stop", shown)
    program.shows("Now: Resting.", shown)
    assert "Glimmer: That was all." not in program.lines


def test_the_wake_phrase_over_a_reading_begins_anew(cancelling_kitchen: CancellingKitchen):
    remember(cancelling_kitchen, PLAIN)
    program = barging(cancelling_kitchen)
    shown = ask_for_all(cancelling_kitchen, program)
    mark = cancelling_kitchen.loudspeaker.mark()
    cancelling_kitchen.loudspeaker.reaches(mark + 3 * RATE)
    interrupt(cancelling_kitchen, program, "hey glimmer", "slt")
    shown = program.shows("You: hey glimmer", shown)
    program.shows("Chime: woke", shown)
