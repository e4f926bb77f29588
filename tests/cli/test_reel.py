"""`reel`, with the real command and the real voice."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile

from tests.cli.test_app import refused, run
from tests.conftest import Person
from tests.journal.kept import keep
from voice_glimmer import recall
from voice_glimmer.conversation import language
from voice_glimmer.journal import Journal

NOW = datetime.now(UTC)

INTERRUPTED = """
import os, signal, soundfile
write = soundfile.SoundFile.write
def interrupted(self, *samples):
    os.kill(os.getpid(), signal.SIGINT)
    return write(self, *samples)
soundfile.SoundFile.write = interrupted
"""


@pytest.fixture
def at(tmp_path: Path, person: Person):
    """Return the flags of a journal: a soft and a loud voice, a typed one, and an old one."""
    said = person("this morning the robin sang outside my window")
    journal = Journal(tmp_path / "journal")
    for number, gain in enumerate((0.03, 1.0)):
        voice = (said * gain).astype("<i2").tobytes()
        keep(journal, "the robin sang", NOW - timedelta(hours=number), f"{number}", voice)
    keep(journal, "the sun on my tea", NOW, name="")
    keep(journal, "the snow", NOW - timedelta(days=30), name="old")
    journal.close()
    return ("--journal", str(tmp_path / "journal"))


def test_a_week_in_one_file_each_as_loud_as_the_others(tmp_path: Path, at):
    path = tmp_path / "week.opus"
    done = run("reel", "--to", str(path), "--json", *at, home=tmp_path)
    told = json.loads(done.stdout)
    assert (told["file"], told["glimmers"], told["unspoken"]) == (str(path), 3, 0)
    samples, rate = soundfile.read(path)
    assert len(samples) / rate == pytest.approx(told["seconds"], abs=0.2)
    assert path.stat().st_mode & 0o077 == 0
    # Parted by what is silent for two seconds: between two, and nowhere else.
    loud = np.flatnonzero(np.abs(samples) > 0.005)
    parts = np.split(loud, np.flatnonzero(np.diff(loud) > 2 * rate) + 1)
    assert len(parts) == 3
    meter = pyloudnorm.Meter(rate)
    levels = [meter.integrated_loudness(samples[part[0] : part[-1]]) for part in parts]
    assert levels == pytest.approx([-18.0] * 3, abs=1.5)
    refused(run("reel", "--to", str(path), *at, home=tmp_path), "There is something in")


def test_ctrl_c_leaves_no_half_file(tmp_path: Path, at):
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTED)
    into = tmp_path / "into"
    into.mkdir()
    path = str(into / "week.flac")
    done = run("reel", "--to", path, *at, home=tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (130, "I have stopped, and made no file.\n")
    assert "Traceback" not in done.stderr
    assert list(into.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "week.wav"), "in .opus, .flac or .mp3"),
        (("--to", "no/week.mp3"), "could not write"),
        (("pudding", "--to", "week.mp3"), "no such glimmers"),
    ],
)
def test_what_cannot_be_is_a_sentence(tmp_path: Path, at, arguments, words):
    refused(run("reel", *arguments, *at, home=tmp_path, folder=tmp_path), words)
    assert not list(tmp_path.glob("week.*"))


@pytest.mark.parametrize("code", ["en", "de"])
def test_a_week_is_understood(code: str):
    request = recall.typed(recall.WEEK[code], NOW, language.load(code), recall.SPOKEN_AS[code])
    assert request.period.since.date() == (NOW - timedelta(days=7)).date()
    assert request.period.since <= NOW < request.period.until
