import re
from pathlib import Path

import numpy as np
import soundfile

from tests.cli.test_app import run
from tests.conftest import kept
from voice_glimmer.cli import demo
from voice_glimmer.speaking.prompts import plain


def test_the_demo_keeps_two_glimmers_and_reads_them_back(tmp_path: Path):
    done = run("demo", "--into", str(tmp_path / "demo"), home=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    rates = re.findall(r"word error rate (\d+\.\d)%", done.stdout)
    assert len(rates) == 2
    assert max(map(float, rates)) <= 15
    rows = kept(tmp_path / "demo/journal")
    assert [row["text"] for row in rows] == [plain(glimmer) for glimmer in demo.GLIMMERS]
    # The three-second thinking pause is inside the first one.
    assert rows[0]["duration"] > 3 + rows[1]["duration"]


def test_the_recording_holds_both_sides_in_turns(tmp_path: Path):
    assert run("demo", "--into", str(tmp_path), home=tmp_path).returncode == 0
    sides, rate = soundfile.read(tmp_path / "conversation.wav", dtype="int16")
    tenths = np.abs(sides[: len(sides) // (rate // 10) * (rate // 10)]).reshape(-1, rate // 10, 2)
    person, program = (tenths.max(axis=1) > 500).T
    assert person.sum() > 50
    assert program.sum() > 100
    assert not (person & program).any()
    assert np.abs(sides).max() < 32_767, "it clips"


def test_a_demo_that_does_not_understand_exits_1():
    assert not demo._compare(Silent(), "stored", ["the sun was warm"], ["the train was late"])
    assert not demo._compare(Silent(), "stored", ["the sun was warm"], [])
    assert demo._compare(Silent(), "stored", ["the sun was warm"], ["the sun was warm"])


def test_the_settings_at_home_do_not_change_the_demo(tmp_path: Path):
    done = run(
        *("demo", "--into", str(tmp_path / "demo")),
        home=tmp_path,
        VOICE_GLIMMER_WAKE_PHRASES='["good morning"]',
        VOICE_GLIMMER_PAUSE="2",
    )
    assert done.returncode == 0, done.stdout


class Silent:
    def note(self, label: str, text: str) -> None:
        pass


def test_a_second_demo_does_not_touch_the_first(tmp_path: Path):
    assert run("demo", "--into", str(tmp_path), home=tmp_path).returncode == 0
    done = run("demo", "--into", str(tmp_path), home=tmp_path)
    assert done.returncode == 2
    assert "already a demo" in done.stderr
