"""End to end: a quiet person tunes the wake phrase, by voice alone."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import jiwer
import numpy as np
import pytest

from tests.conftest import trimmed
from tests.e2e.conftest import COMMAND, Kitchen, Program
from voice_glimmer.hearing.tuning import GOOD, LEEWAY

AFTER_CHIME = 2.0
"""Seconds of silence that are longer than any pause before a chime, and than the 1.9 s for which
PulseAudio's null sink falls silent on a machine that is busy for a moment."""

LEVEL = -50.0
"""dBFS of the person at the microphone: too quiet to wake it as it is."""

SETTINGS = '# mine\nvoice = "en-us+f3"\n\nrate = 150  # brisk\n'


@pytest.fixture
def settings(kitchen: Kitchen) -> Path:
    file = kitchen.folder / ".config/voice-glimmer/settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text(SETTINGS)
    return file


def plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalpha() or c in " '")


@pytest.fixture
def tuning(kitchen: Kitchen, settings: Path) -> Iterator[Program]:
    kitchen.environment["VOICE_GLIMMER_JOURNAL"] = str(kitchen.journal)
    with closing(Program(kitchen.environment, command=("wake", "tune"))) as program:
        program.shows("Glimmer: First I listen to the kitchen")
        yield program


def undo(kitchen: Kitchen) -> str:
    return subprocess.run(
        [COMMAND, "wake", "tune", "--undo"],
        env=kitchen.environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout


def test_five_quiet_calls_turn_the_microphone_up_and_that_can_be_undone(
    kitchen: Kitchen, settings: Path, tuning: Program
):
    phrase = trimmed(kitchen.person("hey glimmer")).astype(float)
    phrase *= 32_768 * 10 ** (LEVEL / 20) / np.sqrt(np.mean(phrase**2))
    shown = 0
    for count in ("One", "Two", "Three", "Four", "Five"):
        shown = tuning.shows("Chime: woke", shown)
        # It is shown when it is queued, behind what is still being said.
        kitchen.loudspeaker.since(kitchen.loudspeaker.mark(), AFTER_CHIME)
        kitchen.play(phrase.astype(np.int16))
        shown = tuning.shows(f"Glimmer: {count}.", shown)

    shown = tuning.shows("Glimmer: I heard all five.", shown)
    tuning.shows("(ended)", shown)
    assert tuning.process.wait(timeout=10) == 0
    heard = kitchen.recognised(kitchen.loudspeaker.since(0, AFTER_CHIME))
    prefix = "Glimmer: "
    shown_words = [line.removeprefix(prefix) for line in tuning.lines if line.startswith(prefix)]
    assert jiwer.wer(plain(" ".join(shown_words)), heard) <= 0.35, (shown_words, heard)

    (gain,) = re.findall(r"^gain = (.+)$", settings.read_text(), re.MULTILINE)
    assert LEVEL + float(gain) == pytest.approx(GOOD, abs=LEEWAY)
    assert settings.read_text() == f"{SETTINGS}gain = {gain}\n"
    assert "gain not set" in undo(kitchen)
    assert settings.read_text() == SETTINGS
    assert undo(kitchen) == "There is nothing to undo.\n"


def test_ctrl_c_changes_nothing_and_says_so(kitchen: Kitchen, settings: Path, tuning: Program):
    kitchen.loudspeaker.since(0, AFTER_CHIME)
    tuning.process.send_signal(signal.SIGINT)
    tuning.shows("I stop here. I changed nothing.")
    assert tuning.process.wait(timeout=10) == 1
    assert list(settings.parent.iterdir()) == [settings]
    assert settings.read_text() == SETTINGS
