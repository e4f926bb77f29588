"""The bench of speaking, in small: what it measures with real sound holds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import needs


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict:
    needs("pulseaudio", "pulseaudio")
    needs("espeak-ng", "espeak-ng")
    written = tmp_path_factory.mktemp("bench") / "figures.json"
    small = ("--times", "3", "--faults", "3", "--sentences", "40", "--json", str(written))
    subprocess.run(
        [sys.executable, "-m", "scripts.bench.speaking", *small],
        cwd=Path(__file__).parents[2],
        check=True,
        timeout=300,
        capture_output=True,
    )
    return json.loads(written.read_text())["figures"]


def test_a_stop_does_not_click_and_pieces_follow_each_other_without_a_gap(figures: dict):
    usual = figures["usual"]
    assert usual["largest jump at a stop"] <= usual["natural"] * 1.05
    assert usual["in pieces"]["longest gap, ms"] < 5


def test_after_every_kind_of_fault_all_is_spoken(figures: dict):
    assert figures["broken"]["unspoken"] == 0
    assert len(figures["broken"]["silences"]) == 3


def test_nothing_is_left_behind(figures: dict):
    before, after = figures["many"]["4"], figures["many"]["40"]
    assert (after["files"], after["processes"]) == (before["files"], before["processes"])


def test_the_first_sound_of_each_way_is_measured(figures: dict):
    assert {"a rendered prompt", "a readback of 60 words"} < set(figures["first"])
