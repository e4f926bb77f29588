"""The dictation benchmark on recordings of one's own, whole and broken."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scripts.bench.dictation import places
from tests.bench.conftest import Bench
from tests.conftest import Person, pause
from voice_glimmer.conversation.events import Word
from voice_glimmer.hearing.frames import RATE


def test_a_recording_of_ones_own(bench: Bench, tmp_path: Path, person: Person):
    said = np.concatenate([pause(0.7), person("my neighbor waved at me and smiled")])
    soundfile.write(tmp_path / "neighbor.wav", said, RATE)
    (tmp_path / "said.tsv").write_text("neighbor.wav\tMy neighbor waved at me, and smiled.\n")
    done = bench(
        "dictation",
        *("--audio", tmp_path, "--transcripts", tmp_path / "said.tsv"),
        *("--json", tmp_path / "out.json"),
    )
    assert done.returncode == 0, done.stderr
    assert "this program" in done.stdout
    got = json.loads((tmp_path / "out.json").read_text())["figures"]
    assert (got["recordings"], got["words"]) == (1, 7)
    assert got["this program"]["word_error_rate"] == got["plain Vosk"]["word_error_rate"] == 0
    assert sum(got["this program"]["lost"].values()) == 0
    assert got["this program"]["real_time_factor"] > 0


@pytest.mark.parametrize(
    ("files", "tsv", "sentence"),
    [
        ({}, "a.wav\tone\n", "There is nothing in"),
        ({"b.wav": b""}, "a.wav\tone\n", 'names "a.wav", which is not in'),
        (
            {"a.wav": b"RIFF\xff\xff\xff\xffWAVEnonsense"},
            "a.wav\tone\n",
            "a.wav cannot be read",
        ),
        ({"a.wav": b""}, "a.wav one\n", "Line 1 of"),
        ({"a.wav": b""}, "\n", "names no recordings"),
        ({"a.wav": b""}, None, "I cannot read"),
    ],
)
def test_what_is_missing_or_broken_is_said_in_one_sentence(
    bench: Bench, tmp_path: Path, files, tsv, sentence
):
    audio = tmp_path / "audio"
    audio.mkdir()
    for name, content in files.items():
        (audio / name).write_bytes(content)
    if tsv is not None:
        (tmp_path / "said.tsv").write_text(tsv)
    done = bench("dictation", "--audio", audio, "--transcripts", tmp_path / "said.tsv")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert sentence in line


@pytest.mark.parametrize(
    ("heard", "place"),
    [
        ("- robin sang here today", "beginning"),
        ("the robin sang here -", "end"),
        ("the robin sang - today", "pause"),
        ("the - sang here today", "elsewhere"),
    ],
)
def test_where_a_word_is_lost(heard: str, place: str):
    # A pause of one second after "sang", every word 0.4 s.
    starts = {"the": 0.0, "robin": 0.4, "sang": 0.8, "here": 2.2, "today": 2.6}
    words = [Word(w, starts[w], starts[w] + 0.4, 1.0) for w in heard.split() if w in starts]
    assert places(list(starts), words) == {place: 1}
