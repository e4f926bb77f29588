"""End to end: a microphone that is not well, and what is said about it."""

from contextlib import closing

import numpy as np

from tests.e2e.conftest import Kitchen, Program
from voice_glimmer.hearing.frames import RATE


def test_a_muted_microphone_is_told_and_hears_again_when_it_is_back(kitchen: Kitchen):
    program = kitchen.start()
    mark = kitchen.loudspeaker.mark()
    kitchen.mute()
    told = program.shows("Microphone: I hear nothing at all", limit=8)
    said = kitchen.recognised(kitchen.loudspeaker.since(mark, 1.2))
    assert "hear nothing at all from the microphone" in said
    kitchen.unmute()
    well = program.shows("Microphone: It is well again", told)
    kitchen.say("hey glimmer")
    program.shows("You: hey glimmer", well)


def test_a_voice_that_clips_is_told_in_a_pause(kitchen: Kitchen):
    program = kitchen.start()
    said = kitchen.person("my neighbor waved at me and smiled").astype(int) * 8
    mark = kitchen.loudspeaker.mark()
    kitchen.play(np.clip(np.tile(said, 2), -32_768, 32_767).astype(np.int16))
    told = program.shows("Microphone: It is too loud", limit=8)
    assert "too loud" in kitchen.recognised(kitchen.loudspeaker.since(mark, 1.2))
    for _ in range(2):
        kitchen.say("they say the winter will be long and cold this year")
    program.shows("Microphone: It is well again", told)


def test_a_service_that_stays_without_a_microphone_says_that_it_cannot_listen(kitchen: Kitchen):
    kitchen.microphone.kill()
    environment = kitchen.environment | {
        "NOTIFY_SOCKET": str(kitchen.folder / "notify"),
        "RUNTIME_DIRECTORY": str(kitchen.folder / "run"),
    }
    for _ in range(2):
        assert kitchen.loudspeaker.is_quiet(kitchen.loudspeaker.mark() / RATE)
        with closing(Program(environment)) as program:
            assert program.process.wait(timeout=40) == 2
    assert "cannot listen" in kitchen.recognised(kitchen.loudspeaker.since(0, quiet=1.0))
