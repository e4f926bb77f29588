import contextlib
import os
import signal
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import needs
from voice_glimmer.faults import Fault
from voice_glimmer.speaking.voice import Voice, VoiceFailedError


@pytest.fixture
def voice():
    needs("espeak-ng", "espeak-ng")
    made = Voice("en-us+f3", 145)
    yield made
    made.close()


def misbehaving(tmp_path: Path, first: str, times: int = 1) -> list[str]:
    """Return the command of a child that does `first` so many times, and is the real one after."""
    program = tmp_path / "child.py"
    program.write_text(
        textwrap.dedent(f"""
        import json, os, runpy, sys, time, pathlib
        done = pathlib.Path({str(tmp_path / "done")!r})
        count = len(done.read_bytes()) if done.exists() else 0
        if count < {times}:
            done.write_bytes(b"x" * (count + 1))
            asked = json.loads(sys.stdin.readline())
            {first}
        runpy.run_module("voice_glimmer.speaking.espeak", run_name="__main__")
        """)
    )
    return [sys.executable, str(program)]


def test_a_sentence_becomes_samples(voice: Voice):
    sound = voice.sound("What small good thing did you notice?")
    assert sound.rate == 22_050
    assert sound.samples.dtype == np.int16
    assert 1.0 < sound.seconds < 4.0
    assert np.abs(sound.samples).max() > 3_000


def test_a_whisper_has_breath_where_a_voice_has_its_tone(voice: Voice):
    def low(*, whispers: bool) -> float:
        """Return the part of its power that is below 400 Hz."""
        said = voice.sound("What small good thing did you notice?", limit=20, whispers=whispers)
        power = np.abs(np.fft.rfft(said.samples)) ** 2
        return float(power[: round(400 * said.seconds)].sum() / power.sum())

    assert low(whispers=True) < 0.2 * low(whispers=False)


def test_speech_ends_where_its_sound_ends(voice: Voice):
    tail = voice.sound("Yes.").samples[-int(0.09 * 22_050) :]
    assert np.abs(tail).max() <= 200


OBEYS = "print(json.dumps({'id': asked['id'], 'engine': '1'}), flush=True)"
"""What a child says to its first request before it fails the next."""

FAILURES = {
    "hang": f"{OBEYS}; time.sleep(1000)",
    "exit": "sys.exit(1)",
    "crash": "os.abort()",
    "garbage": "print('this is not JSON', flush=True)",
    "garbage without end": "[print('x' * 9_999, end='', flush=True) for _ in range(10**9)]",
    "deep garbage": "print('[' * 9_000, flush=True)",
    "wrong JSON": "print('[]', flush=True)",
    "an answer to something else": "print(json.dumps({'id': 7, 'engine': '1'}), flush=True)",
    "no file": f"{OBEYS}; asked = json.loads(sys.stdin.readline()); {OBEYS}; time.sleep(1000)",
    "no sound file": (
        f"{OBEYS}; asked = json.loads(sys.stdin.readline());"
        f" pathlib.Path(asked['path']).write_bytes(b'RIFF' * 99); {OBEYS}; time.sleep(1000)"
    ),
    "silence": (
        f"{OBEYS}; asked = json.loads(sys.stdin.readline()); import numpy, soundfile;"
        f" soundfile.write(asked['path'], numpy.zeros(2_000), 22_050); {OBEYS}; time.sleep(1000)"
    ),
}
EACH_FAILURE = pytest.mark.parametrize("first", FAILURES.values(), ids=FAILURES)


@EACH_FAILURE
def test_a_failure_is_not_noticed(tmp_path: Path, first: str):
    with closing(Voice("en-us+f3", 145, misbehaving(tmp_path, first), 20)) as voice:
        assert voice.sound("One, two, three.").seconds > 0.7


@pytest.mark.parametrize("first", ["hang", "exit", "garbage"])
def test_after_two_failures_in_a_row_the_next_text_is_spoken(tmp_path: Path, first: str):
    command = misbehaving(tmp_path, FAILURES[first], times=2)
    with closing(Voice("en-us+f3", 145, command, 2)) as voice:
        with pytest.raises(VoiceFailedError):
            voice.sound("One.")
        voice.engine = "1"
        assert voice.sound("Two.", limit=20).seconds > 0.2


def test_a_start_that_takes_longer_than_a_sentence_is_waited_for(tmp_path: Path, voice: Voice):
    voice.sound("One.")
    slow = "time.sleep(1.2)"
    voice._command = misbehaving(tmp_path, f"{slow}; {OBEYS}; asked = None", times=99)
    voice._replace()
    child = voice._child
    with pytest.raises(VoiceFailedError, match="too long"):
        voice.sound("Two.", limit=0.2)
    assert voice._child is child
    with pytest.raises(VoiceFailedError, match="no time"):
        voice.sound("Three.", limit=0.0)
    assert voice.sound("Four.", limit=30.0).seconds > 0.2
    assert voice._child is child


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_child_that_is_stopped_or_killed_is_replaced(voice: Voice, number: signal.Signals):
    voice.sound("One.")
    child = voice._child
    os.kill(child.pid, number)
    assert voice.sound("Two.", limit=20).seconds > 0.2
    assert child.returncode == -signal.SIGKILL


def test_where_no_process_can_be_started_it_is_tried_again_with_the_next_text(voice: Voice):
    voice.sound("One.")
    command, voice._command = voice._command, ["/nowhere"]
    voice._child.kill()
    with pytest.raises(VoiceFailedError):
        voice.sound("Two.")
    voice._command = command
    assert voice.sound("Three.", limit=20).seconds > 0.2


def test_its_folder_comes_back_where_it_was_tidied_away(voice: Voice):
    voice.sound("One.")
    Path(voice._folder.name).rmdir()
    assert voice.sound("Two.").seconds > 0.2


def test_what_was_said_does_not_lie_about(voice: Voice):
    voice.sound("One.")
    assert list(Path(voice._folder.name).iterdir()) == []


def test_a_child_that_does_not_read_holds_nobody(voice: Voice):
    voice.sound("One.")
    os.kill(voice._child.pid, signal.SIGSTOP)
    with pytest.raises(VoiceFailedError, match=r"does not listen|too long"):
        voice.sound("word " * 50_000, limit=0.5)
    assert voice.sound("Two.", limit=20).seconds > 0.2


def test_nothing_is_printed_to_our_stdout(voice: Voice, capfd: pytest.CaptureFixture[str]):
    voice.sound("Hello.")
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    "text", ["🙂", "a\x00b", "https://example.org/?q=1", "שלום", "word " * 5000]
)
def test_odd_texts_do_no_harm(voice: Voice, text: str):
    with contextlib.suppress(VoiceFailedError):
        voice.sound(text)
    assert voice.sound("Still here.").seconds > 0.2


def test_an_unknown_voice_is_a_sentence():
    voice = Voice("nowhere", 145)
    with pytest.raises(Fault, match='cannot speak with the voice "nowhere'):
        voice.check()
    voice.close()


def test_every_text_comes_whole_the_first_ones_too():
    """pyttsx3 returns before its first file is written, and then cuts the next ones short."""
    for _ in range(5):
        voice = Voice("en-us+f3", 145)
        long = voice.sound(
            "this morning the robin sang outside my window and i felt at home. " * 20
        )
        short = [voice.sound("hey glimmer").seconds for _ in range(5)]
        voice.close()
        assert long.seconds > 60
        assert min(short) > 0.5
