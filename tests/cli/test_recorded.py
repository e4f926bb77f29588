"""A glimmer from a recording, with the real command."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.cli.test_app import refused, run
from tests.conftest import Person, pause
from voice_glimmer.cli.glimmers import tidy
from voice_glimmer.cli.recorded import begun
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.journal import Journal

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@pytest.fixture
def recording(tmp_path: Path, person: Person) -> Path:
    said = [person("the robin sang outside my window"), pause(3), person("my neighbor waved")]
    path = tmp_path / "me.ogg"
    soundfile.write(path, np.concatenate(said), RATE)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return path


def test_what_is_said_in_it_is_kept_with_the_voice_and_its_time(tmp_path: Path, recording: Path):
    where = ("--journal", str(tmp_path / "journal"))
    done = run("add", "--audio", str(recording), *where, home=tmp_path, TZ="UTC")
    assert done.returncode == 0, done
    assert "--when gives another" in done.stdout
    (glimmer,) = (journal := Journal(tmp_path / "journal")).newest(9)
    assert glimmer.text == "the robin sang outside my window\n\nmy neighbor waved"
    samples, rate = journal.voice_of(glimmer.id)
    assert (len(samples), rate) == (soundfile.info(recording).frames, RATE)
    length = timedelta(seconds=len(samples) / RATE)
    assert abs(glimmer.spoken_at - (NOW - length)) < timedelta(seconds=1)
    settings = {"VOICE_GLIMMER_RECORDINGS": "none", "TZ": "UTC"}
    again = ("add", "--audio", str(recording), "--when", "2026-03-03 9:00")
    assert run(*again, *where, home=tmp_path, **settings).returncode == 0
    second = journal.newest(9)[1]
    assert second.spoken_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert journal.voice_of(second.id) is None
    journal.close()


def test_what_cannot_be_is_a_sentence_and_keeps_nothing(tmp_path: Path, recording: Path):
    soundfile.write(tmp_path / "still.wav", pause(1), RATE)
    where = ("--journal", str(tmp_path / "journal"))
    for arguments, words in [
        (("--audio", str(tmp_path / "still.wav")), "no words"),
        (("tea", "--audio", str(recording)), "not both"),
        (("tea", "--when", "2999-01-01"), "still to come"),
    ]:
        refused(run("add", *arguments, *where, home=tmp_path), words)
    with_nothing = Journal(tmp_path / "journal")
    assert with_nothing.newest(1) == []
    assert not [*(tmp_path / "journal" / "recordings").rglob("*.*")]
    with_nothing.close()


def test_a_recording_was_begun_before_its_file_was_changed_and_not_in_the_future():
    changed = NOW - timedelta(days=1)
    assert begun(changed.timestamp(), 90, NOW) == changed - timedelta(seconds=90)
    assert begun((NOW + timedelta(days=1)).timestamp(), 90, NOW) == NOW - timedelta(seconds=90)


def test_idle_space_goes_and_paragraphs_stay():
    assert tidy(" a  robin\n sang \n \n\n and a\twren\n") == "a robin sang\n\nand a wren"


INTERRUPTING = """#!{python}
import os, signal, sys
second = bytes(2 * 16_000)
for _ in range(15):
    sys.stdout.buffer.write(second)
os.kill(os.getppid(), signal.SIGINT)
while True:
    sys.stdout.buffer.write(second)
"""
"""A recording without an end, and Ctrl-C in it."""


def test_ctrl_c_in_the_middle_keeps_nothing(tmp_path: Path):
    (tmp_path / "a.m4a").touch()
    ffmpeg = tmp_path / "ffmpeg"
    ffmpeg.write_text(INTERRUPTING.format(python=sys.executable))
    ffmpeg.chmod(0o700)
    arguments = ("add", "--audio", str(tmp_path / "a.m4a"), "--journal", str(tmp_path / "journal"))
    done = run(*arguments, home=tmp_path, PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "I stop here. Nothing was kept.\n",
        "",
    )
    journal = Journal(tmp_path / "journal")
    assert journal.newest(1) == []
    assert not [*(tmp_path / "journal" / "recordings").rglob("*.*")]
    journal.close()
