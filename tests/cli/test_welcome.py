"""The first evening: its steps, its words, and the command where there is no sound."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from tests.cli.test_app import run
from tests.conftest import Person, Speech, pause, trimmed
from voice_glimmer.cli import welcome_words as words
from voice_glimmer.cli.listen import greet
from voice_glimmer.cli.welcome import walk
from voice_glimmer.cli.welcome_words import STEPS, Answer, Step, Walk, after, understood
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import from_samples
from voice_glimmer.settings import Settings, settings_file


class Led:
    """Someone who answers with these lines, then leaves; the steps fail that are named."""

    def __init__(self, *typed: str, failing: tuple[Step, ...] = ()) -> None:
        self._typed: Iterator[str] = iter(typed)
        self._failing = failing
        self.told: list[str] = []
        self.done: list[Step] = []

    def say(self, text: str) -> None:
        self.told.append(text)

    def show(self, text: str) -> None:
        self.told.append(text.strip())

    def ask(self, choice: str) -> str:
        self.told.append(choice)
        try:
            return next(self._typed)
        except StopIteration:
            raise EOFError from None

    def do(self, step: Step) -> None:
        self.done.append(step)
        if step in self._failing:
            raise Fault(f"There is no {step.value}.")


def test_the_five_steps_come_in_order():
    led = Led(*[""] * 10)
    walk(led, "hey glimmer")
    assert led.done == list(STEPS)
    assert [step.value for step in STEPS] == [
        "Microphone", "Loudspeaker", "Wake phrase", "Voice", "Privacy",
    ]  # fmt: skip
    assert led.told[1:4] == [
        "Step 1 of 5: Microphone",
        words.INTRODUCTIONS[Step.MICROPHONE],
        words.BEFORE,
    ]
    assert led.told[-2:] == [
        words.DONE,
        'To begin: voice-glimmer listen, then say "hey glimmer".',
    ]


def test_each_can_be_skipped_and_each_can_be_repeated():
    skipped = Led(*["s"] * 5)
    walk(skipped, "hey glimmer")
    assert skipped.done == []
    assert skipped.told[-2] == words.DONE
    repeated = Led(*["", "A", "a", ""] * 5)
    walk(repeated, "hey glimmer")
    assert repeated.done == [step for step in STEPS for _ in range(3)]
    # A step is introduced once, however often it is done.
    assert repeated.told.count(words.INTRODUCTIONS[Step.VOICE]) == 1


def test_what_is_missing_is_said_and_the_rest_goes_on():
    led = Led(*[""] * 10, failing=(Step.MICROPHONE, Step.WAKE_PHRASE))
    walk(led, "hey glimmer")
    assert led.done == list(STEPS)
    assert "There is no Microphone." in led.told


@pytest.mark.parametrize("typed", [("", "q"), ("Q",), ("", "", "s"), ()])
def test_leaving_says_how_to_come_back(typed: tuple[str, ...]):
    led = Led(*typed)
    walk(led, "hey glimmer")
    assert led.told[-1] == words.LEFT


def test_other_keys_are_told_what_there_is():
    led = Led("x", "a", "s")
    walk(led, "hey glimmer")
    assert led.told.count(words.UNKNOWN) == 2
    assert led.done == []


def test_every_answer_leads_on_from_everywhere():
    for index, step in enumerate(STEPS):
        for done in (False, True):
            at = Walk(index, done=done)
            for answer in Answer:
                if understood(answer.value, at) and answer is not Answer.LEAVE:
                    then = after(at, answer)
                    assert then is None or then.index in (index, index + 1)
                    assert (then is None) == (step is STEPS[-1] and not words.does(at, answer))


def spoken(said: Speech, dbfs: float) -> str:
    """Return what is told of five seconds with this in them, in a room at -70 dBFS."""
    loud = (
        said.astype(float) * 32_768 * 10 ** (dbfs / 20) / np.sqrt(np.mean(said.astype(float) ** 2))
    )
    heard = np.concatenate([pause(2), np.clip(loud, -32_768, 32_767).astype(np.int16), pause(2)])
    noise = np.random.default_rng(0).normal(0, 10, len(heard)).astype(np.int16)
    return words.heard(
        list(from_samples(np.clip(heard.astype(int) + noise, -32_768, 32_767).astype(np.int16)))
    )


def test_how_a_voice_is_heard(person: Person):
    said = trimmed(person("good morning"))
    assert spoken(said, -28) == "I hear you well."
    assert "faintly" in spoken(said, -52)
    assert "too loud" in spoken(said, 5)
    assert "no voice" in spoken(said, -75)
    assert "muted" in words.heard(list(from_samples(pause(5))))
    assert "No sound came" in words.heard([])


def test_without_any_sound_device_it_goes_through(tmp_path: Path):
    typed = "\n\n" * 4 + "\nw\n\n"
    done = run("welcome", home=tmp_path, typed=typed, LC_ALL="C.UTF-8")
    assert done.returncode == 0, done
    for said in ("I found no microphone", "I found no loudspeaker", words.ONLY_WORDS, "To begin"):
        assert said in done.stdout
    file = tmp_path / ".config/voice-glimmer/settings.toml"
    assert file.read_text() == 'recordings = "none"\n'


def test_who_is_new_is_told_once_where_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    def told(*, terminal: bool = True) -> str:
        shown = io.StringIO()
        greet(Settings(journal=tmp_path), Console(file=shown, force_terminal=terminal))
        return shown.getvalue()

    assert told().count("voice-glimmer welcome") == 1
    assert told(terminal=False) == ""
    settings_file().parent.mkdir(parents=True)
    settings_file().touch()
    assert told() == ""
