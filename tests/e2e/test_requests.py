"""End to end: what is kept is played in the person's own voice, deleted and brought back."""

import numpy as np

from tests.conftest import Person, kept, trimmed
from tests.e2e.conftest import Kitchen
from tests.e2e.test_kitchen import END_OF_PROMPT, ROBIN, wake


def alike(voice: np.ndarray, heard: np.ndarray) -> float:
    """Return how well a voice is found again in what was heard, 0 to 1, whatever its loudness."""
    voice, heard = voice.astype(float), heard.astype(float)
    size = 1 << (len(heard) + len(voice)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(voice, size))
    best = np.fft.irfft(spectrum, size)[: len(heard)]
    at = int(np.argmax(best))
    part = heard[at : at + len(voice)]
    return float(best[at] / (np.linalg.norm(voice) * np.linalg.norm(part) + 1e-9))


def test_a_glimmer_is_played_in_the_persons_own_voice(kitchen: Kitchen, person: Person):
    program = kitchen.start()
    wake(kitchen)
    mark = kitchen.loudspeaker.mark()
    kitchen.say(ROBIN)
    shown = program.shows("keep it?")
    kitchen.loudspeaker.since(mark, 1.2)
    mark = kitchen.loudspeaker.mark()
    kitchen.say("yes")
    shown = program.shows(f"Kept: {ROBIN}", shown)
    kitchen.loudspeaker.since(mark, 1.2)

    wake(kitchen)
    mark = kitchen.loudspeaker.mark()
    kitchen.say("play my last glimmer")
    shown = program.shows(" today.", shown)
    heard = kitchen.loudspeaker.since(mark, END_OF_PROMPT)
    assert ROBIN in kitchen.recognised(heard)
    assert alike(trimmed(person(ROBIN)), heard) > 0.8

    mark = kitchen.loudspeaker.mark()
    kitchen.say("delete it")
    shown = program.shows("Shall I delete it?", shown)
    kitchen.loudspeaker.since(mark, 1.2)
    mark = kitchen.loudspeaker.mark()
    kitchen.say("yes")
    shown = program.shows("It is deleted.", shown)
    assert kept(kitchen.journal)[0]["deleted_at"] is not None
    kitchen.loudspeaker.since(mark, 1.2)
    kitchen.say("undo that")
    program.shows("It is back.", shown)
    assert kept(kitchen.journal)[0]["deleted_at"] is None
