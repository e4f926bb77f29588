"""End to end: a person speaks into a virtual microphone, and what comes back is listened to."""

import signal
import time
from contextlib import closing

import jiwer
import numpy as np
import pytest

from tests.conftest import Speech, kept
from tests.e2e.conftest import EchoingKitchen, Kitchen, Program, Recorder
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.journal import chunks, recordings

ROBIN = "my neighbor waved at me and smiled"
END_OF_PROMPT = 1.9
"""Seconds of silence that are longer than any pause inside a prompt."""


def wake(kitchen: Kitchen) -> Speech:
    """Say the wake phrase, wait until the prompt is over, and return what was spoken."""
    mark = kitchen.loudspeaker.mark()
    kitchen.say("hey glimmer")
    return kitchen.loudspeaker.since(mark, END_OF_PROMPT)


def test_from_the_wake_phrase_to_a_kept_glimmer_and_back(kitchen: Kitchen):
    program = kitchen.start()

    prompt = kitchen.recognised(wake(kitchen))
    shown = program.shows("Glimmer: ")
    printed = program.lines[shown - 1].removeprefix("Glimmer: ")
    plain = "".join(c for c in printed.lower() if c.isalpha() or c in " '")
    assert jiwer.wer(plain, prompt) <= 0.35, (plain, prompt)

    mark = kitchen.loudspeaker.mark()
    kitchen.say(ROBIN)
    program.shows("Shall I keep it?")
    readback = kitchen.recognised(kitchen.loudspeaker.since(mark, 1.2))
    assert ROBIN in readback
    assert "keep it" in readback

    mark = kitchen.loudspeaker.mark()
    kitchen.say("yes")
    program.shows(f"Kept: {ROBIN}")
    assert kitchen.recognised(kitchen.loudspeaker.since(mark, 1.2)).endswith("kept")
    assert [row["text"] for row in kept(kitchen.journal)] == [ROBIN]

    wake(kitchen)
    mark = kitchen.loudspeaker.mark()
    kitchen.say("read my last glimmer")
    # A machine may not know the time: "From today", or "I think it was today".
    program.shows(" today.")
    read = kitchen.recognised(kitchen.loudspeaker.since(mark, END_OF_PROMPT))
    assert kept(kitchen.journal)[0]["text"] in read

    program.process.send_signal(signal.SIGINT)
    assert program.process.wait(timeout=10) == 0
    program.shows("Goodbye.")


def test_other_speech_for_a_minute_wakes_nobody(kitchen: Kitchen):
    program = kitchen.start()
    began = time.monotonic()
    for text, voice in [
        ("did you remember to buy milk and bread on the way home", "slt"),
        ("there was a glimmer of hope in her eyes when she said it", "rms"),
        ("hey jimmy, dinner is ready in about five minutes", "slt"),
        ("we could take the early train and walk along the river", "awb"),
        ("the hay is glimmering in the sun behind the barn", "rms"),
        ("he grinned and said nothing for a long while", "slt"),
        ("hey you, come here and look at the moon for a moment", "rms"),
        ("the kettle is boiling and the toast is nearly done", "awb"),
        ("please close the window before it starts to rain again", "slt"),
        ("they say the winter will be long and cold this year", "rms"),
    ] * 2:
        kitchen.say(text, voice)
    assert time.monotonic() - began >= 60, "that was less than a minute"
    assert not [line for line in program.lines if line.startswith("You:")]
    kitchen.say("hey glimmer")
    program.shows("You: hey glimmer", limit=10)


def test_the_microphone_goes_mid_sentence_and_comes_back(kitchen: Kitchen):
    program = kitchen.start()
    wake(kitchen)
    mark = kitchen.loudspeaker.mark()
    kitchen.say("my neighbor waved at me and smiled", until=0.7)
    kitchen.microphone.kill()
    shown = program.shows("Kept: my neighbor waved")
    program.shows("Microphone: I cannot hear it any more", shown)
    assert [row["text"] for row in kept(kitchen.journal)] == [program.lines[shown - 1][6:]]
    said = kitchen.recognised(kitchen.loudspeaker.since(mark, 2.0))
    assert "i have kept what you had said" in said
    kitchen.microphone.start()
    kitchen.unmute()
    back = program.shows("Microphone: It is back")
    kitchen.say("hey glimmer")
    program.shows("You: hey glimmer", back)


def test_killed_mid_sentence_it_offers_what_was_said_and_reads_it(kitchen: Kitchen):
    program = kitchen.start()
    wake(kitchen)
    kitchen.say(ROBIN)
    program.process.kill()
    program.process.wait()
    mark = kitchen.loudspeaker.mark()
    again = kitchen.start()
    offered = again.shows("Glimmer: Last time I was interrupted")
    asked = kitchen.recognised(kitchen.loudspeaker.since(mark, END_OF_PROMPT))
    assert "would you like to hear it" in asked
    assert [row["text"] for row in kept(kitchen.journal)] == [ROBIN]
    mark = kitchen.loudspeaker.mark()
    kitchen.say("yes please")
    again.shows(f"Glimmer: {ROBIN}", offered)
    assert ROBIN in kitchen.recognised(kitchen.loudspeaker.since(mark, END_OF_PROMPT))


def test_the_source_is_unloaded_mid_sentence_and_loaded_again(kitchen: Kitchen):
    program = kitchen.start()
    wake(kitchen)
    mark = kitchen.loudspeaker.mark()
    kitchen.say("my neighbor waved at me and smiled", until=0.7)
    modules = kitchen.microphone.run("pactl", "list", "short", "modules").stdout
    (module,) = [line.split()[0] for line in modules.splitlines() if "sink_name=mic" in line]
    kitchen.microphone.run("pactl", "unload-module", module)
    program.shows("Kept: my neighbor waved")
    kitchen.loudspeaker.since(mark, 1.2)
    kitchen.microphone.run("pactl", "load-module", "module-null-sink", "sink_name=mic")
    kitchen.unmute()
    back = program.shows("Microphone: It is back")
    kitchen.say("hey glimmer")
    program.shows("You: hey glimmer", back)


def test_the_program_does_not_hear_itself_in_an_echoing_kitchen(echoing_kitchen: EchoingKitchen):
    kitchen = echoing_kitchen
    program = kitchen.start()
    wake(kitchen)
    kitchen.say(ROBIN)
    program.shows(f"You: {ROBIN}")
    mark = kitchen.loudspeaker.mark()
    program.shows("Shall I keep it?")
    kitchen.loudspeaker.since(mark, 1.2)
    kitchen.say("yes")
    program.shows(f"Kept: {ROBIN}")
    heard = [line for line in program.lines if line.startswith("You: ")]
    assert heard == ["You: hey glimmer", f"You: {ROBIN}", "You: yes"]


def test_hearing_opens_when_the_prompt_has_left_the_loudspeaker(kitchen: Kitchen):
    program = kitchen.start()
    microphone = Recorder(kitchen.microphone, "mic.monitor")
    mark = kitchen.loudspeaker.mark()
    kitchen.say("hey glimmer")
    program.shows("Glimmer: ")
    # Noise has no two stretches alike, so the spool shows from which sample on it was heard.
    noise = np.random.default_rng(1).normal(0, 1_500, 9 * RATE).astype(np.int16)
    before = kitchen.loudspeaker.mark() - microphone.mark()
    kitchen.play(noise)
    spoken = kitchen.loudspeaker.since(mark, END_OF_PROMPT)
    (spool,) = (kitchen.journal / "spool").glob("*.flac")
    parts = map(recordings.decoded, chunks.plain(spool.read_bytes()))
    first = np.concatenate([samples for samples, _ in parts])[: RATE // 2].astype(float)
    heard = microphone.since(0, quiet=0.2).astype(float)
    microphone.close()
    opened = int(np.argmax(np.correlate(heard, first, "valid"))) + before
    spoken_until = mark + np.flatnonzero(np.abs(spoken) > 300)[-1]
    # 0.1 s of tail, a frame of 0.05 s, and recorders on two servers up to 0.1 s apart.
    assert -0.1 <= (opened - spoken_until) / RATE <= 0.25


def test_a_sound_server_that_hangs_holds_nobody(kitchen: Kitchen):
    program = kitchen.start()
    kitchen.microphone.signal(signal.SIGSTOP)
    program.shows("Microphone: I cannot hear it any more")
    kitchen.microphone.signal(signal.SIGCONT)
    back = program.shows("Microphone: It is back")
    kitchen.server.signal(signal.SIGSTOP)
    kitchen.say("hey glimmer")
    program.shows("Glimmer: That is all right.", back, limit=60)
    program.process.send_signal(signal.SIGINT)
    assert program.process.wait(timeout=20) == 0
    program.shows("Goodbye.")


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("WAKE_PHRASES", '["hey zorp"]', ['"zorp"', 'never hear "hey zorp"']),
        ("OUTPUT", "Bose", ['no loudspeaker called "Bose"']),
        ("INPUT", "Yeti", ['no microphone called "Yeti"']),
    ],
)
def test_what_cannot_work_is_said_before_listening(kitchen: Kitchen, setting, value, words):
    environment = {**kitchen.environment, f"VOICE_GLIMMER_{setting}": value}
    with closing(Program(environment, "--journal", str(kitchen.journal))) as program:
        assert program.process.wait(timeout=60) == 2
        program.shows("(ended)")
        (sentence, _) = program.lines
    for word in words:
        assert word in sentence


def test_where_the_voice_is_unknown_the_usual_one_speaks(kitchen: Kitchen):
    kitchen.environment["VOICE_GLIMMER_VOICE"] = "nowhere"
    program = kitchen.start()
    assert [line for line in program.lines if '"nowhere"' in line and "en-us+f3" in line]
    assert len(wake(kitchen)) > RATE
