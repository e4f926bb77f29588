"""The tuning without a sound card: what is said, shown and written, and when nothing is."""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from rich.console import Console

from tests.cli.test_app import refused, run
from tests.conftest import Person, Speech, trimmed
from voice_glimmer.cli import tuning_words as words
from voice_glimmer.cli.display import Display
from voice_glimmer.cli.wake_tune import Session, chosen
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import BLOCK, RATE, Frame, Outage, from_samples
from voice_glimmer.hearing.takes import KITCHEN_SECONDS
from voice_glimmer.hearing.tuning import GOOD, Findings, Take, Trouble, Tuning
from voice_glimmer.settings import Settings, settings_file
from voice_glimmer.speaking.prompts import plain
from voice_glimmer.tuned import Tuned

PHRASE = "hey glimmer"
SPOKEN_SECONDS = 1.5


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return tmp_path


@dataclass
class Spotting:
    """Finds the phrase whenever a voice ends, and wakes from a sensitivity on."""

    finds: bool = True
    wakes_from: float = 0.0
    kitchen_wakes_from: float = 9.0

    def take(self, samples: Speech, gain: float) -> Take | None:
        end = len(samples) / RATE
        return Take(samples, end - 1.5, end - 0.8) if self.finds else None

    def wakes(self, samples: Speech, gain: float, sensitivity: float) -> bool:
        in_kitchen = len(samples) >= KITCHEN_SECONDS * RATE
        return sensitivity >= (self.kitchen_wakes_from if in_kitchen else self.wakes_from)


@dataclass
class Kitchen:
    """A person who answers each chime, the microphone that hears both, and the loudspeaker."""

    phrase: Speech
    speaks: bool = True
    muted: bool = False
    lost_after: float = float("inf")
    silenced_after: float = float("inf")
    quiet_at: float = 0.0
    now: float = 0.0
    said: list[str] = field(default_factory=list)
    chimes: int = 0
    noise: ClassVar = np.random.default_rng(0)

    def say(self, text: str) -> bool:
        self.said.append(plain(text))
        self._sound()
        return True

    def chime(self, name: str) -> None:
        self.chimes += 1
        self._sound()

    def go_on(self) -> None:
        pass

    def _sound(self) -> None:
        self.quiet_at = max(self.now, self.quiet_at) + SPOKEN_SECONDS

    def frames(self) -> Iterator[Frame | Outage]:
        answered = 0
        while self.now < self.lost_after:
            if self.now < self.quiet_at:
                # The program's own voice, at full scale: what is made of it shows at once.
                yield from self._heard(np.full(BLOCK, 32_767, np.int16))
            elif self.speaks and self.chimes > answered:
                answered = self.chimes
                yield from self._heard(np.pad(self.phrase, (RATE // 2, RATE)))
            else:
                yield from self._heard(np.zeros(BLOCK, np.int16))
        for lasting in (0.25, 1.0, 1.75, 60.0):
            self.now += lasting
            yield Outage(lasting, self.now)

    def _heard(self, samples: Speech) -> Iterator[Frame]:
        room = 0 if self.muted else self.noise.normal(0, 10, len(samples))
        for frame in from_samples(np.clip(samples + room, -32_768, 32_767).astype(np.int16)):
            at, self.now = self.now, self.now + len(frame.samples) / RATE
            yield Frame(frame.samples, at)


@pytest.fixture
def soft(person: Person) -> Speech:
    """The phrase at -45 dBFS."""
    said = trimmed(person(PHRASE)).astype(float)
    return (said * 32_768 * 10 ** (-45 / 20) / np.sqrt(np.mean(said**2))).astype(np.int16)


def hold(kitchen: Kitchen, spotting: Spotting, **settings: float) -> tuple[bool, str]:
    """Return whether it succeeded and what was shown."""
    shown = io.StringIO()
    session = Session(
        settings=Settings(**settings),
        phrase=PHRASE,
        spotting=spotting,
        mouth=kitchen,
        silenced=lambda: kitchen.now > kitchen.silenced_after,
        display=Display(Console(file=shown, width=200), PHRASE),
        file=Tuned(settings_file()),
    )
    settings_file().parent.mkdir(parents=True)
    succeeded = session.run(kitchen.frames())
    assert session.saved == settings_file().exists()
    return succeeded, shown.getvalue()


def test_a_soft_voice_is_asked_heard_back_turned_up_and_told(soft: Speech):
    kitchen = Kitchen(soft)
    succeeded, shown = hold(kitchen, Spotting())
    assert succeeded
    counts = ["One.", "Two.", "Three.", "Four.", "Five. Thank you. One moment."]
    assert kitchen.said[:1] == [plain(words.WELCOME)]
    assert kitchen.said[1:2] == [plain(words.invitation(PHRASE))]
    assert kitchen.said[2:-1] == counts
    assert kitchen.chimes == 5
    report = kitchen.said[-1]
    assert report.startswith("I heard all five. You are a little quiet from there, so I turned")
    assert report.endswith("I left the sensitivity as it was.")
    (gain,) = settings_file().read_text().removeprefix("gain = ").split()
    assert -45 + float(gain) == pytest.approx(GOOD, abs=3)
    assert f"up by {float(gain):.0f} decibels" in report
    # All that is said is shown, too; and how it is undone.
    for said in kitchen.said:
        assert f"Glimmer: {said}\n" in shown
    assert f"Set: gain = {gain} in {settings_file()}\n" in shown
    assert "To undo: voice-glimmer wake tune --undo\n" in shown


def test_where_all_is_well_nothing_is_written(soft: Speech):
    kitchen = Kitchen(soft)
    succeeded, shown = hold(kitchen, Spotting(), gain=17.0)
    assert succeeded
    assert kitchen.said[-1] == (
        "I heard all five. You are loud enough, so I left the microphone as it was. "
        "I left the sensitivity as it was, too."
    )
    assert "undo" not in shown


def test_both_are_set_and_what_overrides_them_is_told(
    soft: Speech, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("VOICE_GLIMMER_GAIN", "3")
    kitchen = Kitchen(soft)
    assert hold(kitchen, Spotting(wakes_from=0.5))[0]
    written = settings_file().read_text()
    assert written.startswith("gain = ")
    assert "sensitivity = 0.6\n" in written
    assert "raised the sensitivity to 0.6" in kitchen.said[-1]
    assert kitchen.said[-1].endswith("VOICE_GLIMMER_GAIN in the environment will win over it.")


@pytest.mark.parametrize(
    ("kitchen", "spotting", "expected"),
    [
        ({"speaks": False}, Spotting(), words.trouble(Trouble.NO_VOICE, PHRASE)),
        ({}, Spotting(finds=False), words.trouble(Trouble.UNCLEAR, PHRASE)),
        ({}, Spotting(kitchen_wakes_from=0.0), words.trouble(Trouble.KITCHEN_WAKES, PHRASE)),
        ({"muted": True}, Spotting(), words.DEAD),
        ({"lost_after": 10.0}, Spotting(), words.LOST),
        ({"lost_after": 30.0}, Spotting(), words.LOST),
        ({"silenced_after": 30.0}, Spotting(), words.SILENT),
    ],
)
def test_what_cannot_work_is_told_and_changes_nothing(
    soft: Speech, kitchen: dict, spotting: Spotting, expected: str
):
    person = Kitchen(soft, **kitchen)
    succeeded, _ = hold(person, spotting)
    assert not succeeded
    assert person.said[-1] == plain(expected)
    assert "I changed nothing." in person.said[-1]
    assert not settings_file().exists()
    assert person.now < 120


def test_a_file_that_cannot_be_written_after_all_is_told(
    soft: Speech, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    kitchen = Kitchen(soft)
    succeeded, shown = hold(kitchen, Spotting())
    assert not succeeded
    assert "cannot write the settings file, so I changed nothing" in kitchen.said[-1]
    # A path is for the eye.
    assert f"Settings: I cannot write the settings file {settings_file()}" in shown
    assert "/" not in kitchen.said[-1]


def test_what_cannot_be_spoken_is_shown(soft: Speech):
    class Mute(Kitchen):
        def say(self, text: str) -> bool:
            return not super().say(text)

    kitchen = Mute(soft)
    succeeded, shown = hold(kitchen, Spotting())
    assert succeeded
    assert shown.count("I could not say this aloud.") == len(kitchen.said)


# Words


def told(found: Findings, tuning: Tuning, **more: object) -> str:
    before = {"gain": 0.0, "sensitivity": 0.5, "missed": 0, "overriding": []}
    return plain(words.report(found, tuning, **(before | more)))


VOICE = Findings(GOOD, -60.0, clips=False)


@pytest.mark.parametrize(
    ("found", "tuning", "more", "sentence"),
    [
        (VOICE, Tuning(0.0, 0.5, 4), {}, "I heard four of the five."),
        (VOICE, Tuning(0.0, 0.5, 5), {"missed": 1}, "five times, and once I did not make you out"),
        (VOICE, Tuning(0.0, 0.5, 5), {"missed": 3}, "3 times I did not make you out"),
        (VOICE, Tuning(0.0, 0.5, 5), {"missed": 2}, "A closer microphone would help"),
        (
            VOICE,
            Tuning(-8.0, 0.5, 5),
            {},
            "little loud from there, so I turned the microphone down",
        ),
        (VOICE, Tuning(-8.0, 0.5, 5), {}, "down by 8 decibels"),
        (VOICE, Tuning(0.0, 0.2, 5), {}, "lowered the sensitivity to 0.2"),
        (VOICE, Tuning(0.0, 0.6, 5), {}, "raised the sensitivity to 0.6"),
        (Findings(-80, -99, clips=False), Tuning(40.0, 0.5, 5), {}, "closer microphone would help"),
        (Findings(-80, -99, clips=False), Tuning(40.0, 0.5, 5), {"gain": 40.0}, "any further"),
        (Findings(GOOD, -35, clips=False), Tuning(0.0, 0.5, 5), {}, "nearly as loud as you"),
    ],
)
def test_the_report(found: Findings, tuning: Tuning, more: dict, sentence: str):
    assert sentence in told(found, tuning, **more)


def test_the_phrase_to_tune():
    phrases = ["hey glimmer", "good morning glimmer"]
    assert chosen(phrases, None) == "hey glimmer"
    assert chosen(phrases, "Good  morning glimmer") == "good morning glimmer"
    with pytest.raises(Fault, match=r'none of the wake phrases .* "good morning glimmer"'):
        chosen(phrases, "good evening")


# The real command


def test_what_cannot_begin(tmp_path: Path):
    refused(run("wake", "tune", home=tmp_path), "no microphone", "plug one in")
    refused(run("wake", "tune", "--phrase", "hey you", home=tmp_path), "none of the wake phrases")
    (tmp_path / ".config/voice-glimmer/settings.toml").touch(mode=0o444)
    refused(run("wake", "tune", home=tmp_path), "cannot write the settings file")


def test_undo_from_the_command_line(tmp_path: Path):
    done = run("wake", "tune", "--undo", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, "There is nothing to undo.\n")
    file = tmp_path / ".config/voice-glimmer/settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text("gain = 5\n")
    Tuned(file).save({"gain": "8.0"})
    done = run("wake", "tune", "--undo", home=tmp_path)
    assert (done.returncode, file.read_text()) == (0, "gain = 5\n")
    assert done.stdout == "It is as it was before the tuning: gain 5, sensitivity not set.\n"
    Tuned(file).save({"gain": "8.0"})
    file.write_text("gain = 6\n")
    refused(run("wake", "tune", "--undo", home=tmp_path), "by hand since")
