import contextlib
import os
import signal
import sys
import textwrap
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


def misbehaving(tmp_path: Path, first: str) -> list[str]:
    """Return the command of a child that does `first` once, and is the real one ever after."""
    program = tmp_path / "child.py"
    program.write_text(
        textwrap.dedent(f"""
        import os, runpy, sys, time, pathlib
        once = pathlib.Path({str(tmp_path / "once")!r})
        if not once.exists():
            once.touch()
            sys.stdin.readline()
            {first}
        runpy.run_module("voice_glimmer.speaking.voice", run_name="__main__")
        """)
    )
    return [sys.executable, str(program)]


def test_a_sentence_becomes_samples(voice: Voice):
    sound = voice.sound("What small good thing did you notice?")
    assert sound.rate == 22_050
    assert sound.samples.dtype == np.int16
    assert 1.0 < sound.seconds < 4.0
    assert np.abs(sound.samples).max() > 3_000


def test_speech_ends_where_its_sound_ends(voice: Voice):
    tail = voice.sound("Yes.").samples[-int(0.09 * 22_050) :]
    assert np.abs(tail).max() <= 200


@pytest.mark.parametrize(
    "first",
    [
        "time.sleep(1000)",
        "sys.exit(1)",
        "os.abort()",
        "print('this is not JSON', flush=True)",
        "print('[]', flush=True)",
        "print('{}', flush=True); sys.stdin.readline(); print('{}', flush=True); time.sleep(1000)",
    ],
    ids=["hang", "exit", "crash", "garbage", "wrong JSON", "no file"],
)
def test_one_failure_then_it_speaks_again(tmp_path: Path, first: str, monkeypatch):
    monkeypatch.setattr("voice_glimmer.speaking.voice.START_SECONDS", 2.0)
    voice = Voice("en-us+f3", 145, misbehaving(tmp_path, first), sentence_seconds=1.0)
    with pytest.raises(VoiceFailedError):
        voice.sound("One.")
    monkeypatch.undo()
    assert voice.sound("Two.").seconds > 0.2
    voice.close()


def test_a_text_that_came_out_silent_is_spoken_again(tmp_path: Path):
    first = """
            import json, wave
            print('{}', flush=True)
            with wave.open(json.loads(sys.stdin.readline())["path"], "wb") as silent:
                silent.setparams((1, 2, 22_050, 0, "NONE", ""))
                silent.writeframes(bytes(2_000))
            print('{}', flush=True)
            time.sleep(1000)
    """.strip()
    voice = Voice("en-us+f3", 145, misbehaving(tmp_path, first))
    assert voice.sound("Hey glimmer.").seconds > 0.4
    voice.close()


def test_a_stopped_child_is_replaced(voice: Voice):
    voice.sound("One.")
    os.kill(voice._child.pid, signal.SIGSTOP)
    with pytest.raises(VoiceFailedError, match="too long"):
        voice.sound("Two.")
    assert voice.sound("Three.").seconds > 0.2


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
