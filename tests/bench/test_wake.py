"""The wake benchmark: what it is given, whole and broken, and what it makes of it."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scripts.bench import wake, ways
from scripts.bench.curve import Point
from tests.bench.conftest import Bench
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.files import wavs
from voice_glimmer.hearing.frames import RATE

TONE = (8_000 * np.sin(np.arange(RATE) / 5)).astype(np.int16)
LYING = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\x80>\0\0\0}\0\0\x02\0\x10\0data"


def folder(at: Path, **files: bytes) -> Path:
    at.mkdir()
    for name, content in files.items():
        (at / f"{name}.wav").write_bytes(content)
    return at


def wav(samples: np.ndarray, rate: int = RATE) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV")
    return file.getvalue()


@pytest.mark.parametrize(
    ("positives", "negatives", "sentence"),
    [
        ({}, {"a": wav(TONE)}, "There is no WAV in"),
        ({"a": wav(TONE)}, {}, "There is no WAV in"),
        ({"a": wav(TONE)}, {"lies": LYING + b"\xf0\xff\xff\xff" + b"\1\2" * 99}, "lies.wav"),
        ({"lies": LYING + b"\xf0\xff\xff\xff" + b"\1\2" * 99}, {"a": wav(TONE)}, "lies.wav"),
        ({"hush": wav(TONE * 0)}, {"a": wav(TONE)}, "hush.wav cannot be used. There is only sil"),
    ],
)
def test_what_is_missing_or_broken_is_said_in_one_sentence(
    bench: Bench, tmp_path: Path, positives, negatives, sentence
):
    done = bench(
        "wake",
        *("--positives", folder(tmp_path / "said", **positives)),
        *("--negatives", folder(tmp_path / "talk", **negatives)),
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert sentence in line


@pytest.mark.parametrize("option", [("--positives", "."), ("--noise", ".")])
def test_half_of_a_pair_is_asked_for(bench: Bench, option):
    done = bench("wake", *option)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("Please give")


def test_any_rate_and_width_is_laid_into_any_noise(tmp_path: Path):
    stereo = np.stack([TONE, TONE], axis=1)
    said = folder(tmp_path / "said", a=wav(stereo, 44_100), b=wav(TONE, 8_000))
    noise = folder(tmp_path / "noise", n=wav(np.random.default_rng(1).normal(0, 0.02, 9 * RATE)))
    into = folder(tmp_path / "mixed")
    positives = wake.mixed(wavs(said), noise, 10, into)
    assert [each.name for each in positives] == ["a.wav", "b.wav"]
    lasting = [each.ends - each.starts for each in positives]
    assert lasting == pytest.approx([RATE / 44_100, RATE / 8_000], abs=0.02)
    for path in wavs(into):
        assert soundfile.info(path).samplerate == RATE


def test_hours_are_counted_and_a_bad_file_is_found_before_them(tmp_path: Path):
    talk = folder(tmp_path / "talk", a=wav(TONE), b=wav(TONE, 8_000))
    assert wake.hours(wavs(talk)) == pytest.approx(3 / 3600)
    (talk / "c.wav").write_bytes(b"")
    with pytest.raises(Fault, match=r"c\.wav"):
        wake.hours(wavs(talk))


def point(setting: float, missed: int, false: int) -> Point:
    return Point(setting, ("a.wav",) * missed, 10, false, 10.0, (0.2, 0.4))


CURVES = {
    ways.OURS: [point(0.3, 1, 0)],
    ways.GUESSES: [point(0.0, 0, 500)],
    ways.FINALS: [point(0.0, 3, 1), point(0.9, 6, 0)],
    ways.SPHINX: [point(1e-20, 5, 1)],
}


def test_the_usual_loop_is_compared_in_its_better_form():
    got = wake.compared(CURVES)
    assert list(got) == [ways.OURS, ways.FINALS, ways.SPHINX]
    assert got[ways.FINALS].setting == 0.0


def test_the_figures_can_be_written_and_tell_every_setting():
    got = json.loads(json.dumps(wake.figures(10, 10.0, CURVES)))
    assert (got["positives"], got["hours_of_negatives"]) == (10, 10.0)
    assert {name: len(points) for name, points in got["curves"].items()} == {
        ways.OURS: 1,
        ways.GUESSES: 1,
        ways.FINALS: 2,
        ways.SPHINX: 1,
    }
    assert got["at_one_in_ten_hours"][ways.OURS] == {
        "setting": 0.3,
        "miss": 0.1,
        "missed": ["a.wav"],
        "false_accepts": 0,
        "false_accepts_an_hour": 0.0,
        "latency": [pytest.approx(0.3), pytest.approx(0.39)],
    }


def test_the_table_has_a_line_for_every_setting(capsys):
    wake.show(CURVES)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 5
    assert " ".join(lines[1].split()) == "this program, sensitivity 0.3 10.0% 0 0.00 0.30 0.39"
    assert " ".join(lines[2].split()) == "usual loop, guesses 0.0% 500 50.00 0.30 0.39"
