"""End to end: a quiet person tunes the wake phrase, by voice alone."""

import re
import subprocess
from pathlib import Path

import jiwer
import numpy as np
import pytest

from tests.conftest import trimmed
from tests.e2e.conftest import COMMAND, Kitchen, Program
from voice_glimmer.hearing.tuning import GOOD, LEEWAY

BETWEEN_SENTENCES = 0.8
"""Seconds of silence that are longer than any pause before a chime."""

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
    kitchen: Kitchen, settings: Path, request: pytest.FixtureRequest
):
    phrase = trimmed(kitchen.person("hey glimmer")).astype(float)
    phrase *= 32_768 * 10 ** (LEVEL / 20) / np.sqrt(np.mean(phrase**2))
    mark, shown = kitchen.loudspeaker.mark(), 0
    kitchen.environment["VOICE_GLIMMER_JOURNAL"] = str(kitchen.journal)
    program = Program(kitchen.environment, command=("wake", "tune"))
    request.addfinalizer(program.close)
    program.shows("Glimmer: First I listen to the kitchen")
    welcome = kitchen.recognised(kitchen.loudspeaker.since(mark, BETWEEN_SENTENCES))
    assert "listen to the kitchen" in welcome
    mark = kitchen.loudspeaker.mark()
    for count in ("One", "Two", "Three", "Four", "Five"):
        shown = program.shows("Chime: woke", shown)
        kitchen.loudspeaker.since(mark, BETWEEN_SENTENCES)
        mark = kitchen.loudspeaker.mark()
        kitchen.play(phrase.astype(np.int16))
        shown = program.shows(f"Glimmer: {count}.", shown)

    shown = program.shows("Glimmer: I heard all five.", shown)
    report = program.lines[shown - 1].removeprefix("Glimmer: ")
    program.shows("(ended)", shown)
    assert program.process.wait(timeout=10) == 0
    heard = kitchen.recognised(kitchen.loudspeaker.since(mark, BETWEEN_SENTENCES))
    assert "i heard all five" in heard
    assert jiwer.wer(plain(report), heard.split("moment ")[-1]) <= 0.35, (report, heard)

    (gain,) = re.findall(r"^gain = (.+)$", settings.read_text(), re.MULTILINE)
    assert LEVEL + float(gain) == pytest.approx(GOOD, abs=LEEWAY)
    assert settings.read_text() == f"{SETTINGS}gain = {gain}\n"
    assert "gain not set" in undo(kitchen)
    assert settings.read_text() == SETTINGS
    assert undo(kitchen) == "There is nothing to undo.\n"
