"""The light: what is shown when, told apart without colours, on pins that are not there."""

import queue
import sys
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from tests.conversation.test_machine import ASKED, NOW, draft
from voice_glimmer.appliance.button import Press
from voice_glimmer.appliance.lamp import Apa102, Lamp, Pin, apa102, bulb
from voice_glimmer.appliance.moods import Mood, Moods
from voice_glimmer.appliance.pins import factory
from voice_glimmer.appliance.rhythm import RHYTHMS
from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev
from voice_glimmer.faults import Fault

WAKE, OPEN, ANSWER = (do.Listen(ear) for ear in (do.Ear.WAKE, do.Ear.OPEN, do.Ear.ANSWER))
LONG = Press.LONG
KEPT = ev.Saved(ASKED, ev.Memory(1, ASKED.text, NOW))


def shown(*steps: ev.Event | do.Action | Press | float) -> list[str]:
    """Return what is shown of these; a number is how long what was just said takes to say."""
    now, quiet_at, off = 0.0, [0.0], False
    moods: list[str] = []
    watcher = Moods(lambda: quiet_at[0] > now, lambda: off, [lambda mood: moods.append(mood.value)])
    for step in steps:
        if step is LONG:
            off = not off
            watcher.look()
        elif isinstance(step, float):
            now += step
            watcher.happened(ev.Tick(now))
        elif isinstance(step, do.Say | do.Invite):
            quiet_at[0] = now + 2.0
            watcher.did(step, "", spoken=True)
        elif isinstance(step, do.Listen | do.Chime):
            watcher.did(step, "", spoken=True)
        else:
            watcher.happened(step)
    return moods


def test_a_glimmer_from_the_wake_phrase_to_rest():
    assert shown(
        *(WAKE, 1.0, ev.Woke("hey glimmer"), do.Chime("woke"), do.Invite(), OPEN, 3.0),
        *(ev.Spoke(draft()), do.Chime("ended"), do.Say("I heard."), ANSWER, 3.0),
        *(ev.Answered("yes"), KEPT, do.Say("Kept."), WAKE, 3.0),
    ) == [
        *("resting", "listening", "speaking", "listening"),
        *("thinking", "speaking", "listening"),
        *("thinking", "speaking", "resting"),
    ]


def test_muted_is_shown_from_the_press_on_whatever_the_loop_is_still_busy_with():
    off = (LONG, ev.Spoke(draft()), do.Say("I heard."), ANSWER, ev.Muted(), do.Chime("muted"), WAKE)
    assert shown(OPEN, *off, 3.0, LONG, ev.Unmuted()) == ["listening", "muted", "resting"]


def test_asleep_is_not_muted():
    assert shown(do.Listen(do.Ear.WAKE, asleep=True), 1.0) == ["resting"]


def test_every_rhythm_is_told_apart_without_colours_and_flashes_at_most_three_times_a_second():
    moments = np.arange(0, 6, 0.01)
    seen = {mood: np.array([RHYTHMS[mood].at(at)[0] for at in moments]) for mood in Mood}
    for one, other in combinations(Mood, 2):
        assert np.mean(np.abs(seen[one] - seen[other]) > 0.15) > 0.04, (one, other)
    for mood, brightness in seen.items():
        assert brightness.min() >= 0
        assert brightness.max() <= 1
        rises = np.sum(np.diff((brightness > 0.5).astype(int)) == 1)
        assert rises <= 3 * 6, mood


def test_a_lamp_that_does_not_change_is_left_alone():
    assert RHYTHMS[Mood.RESTING].at(5.0) == (0.0, None)
    assert RHYTHMS[Mood.MUTED].at(1.0) == (0.0, pytest.approx(1.999))


class Seen(queue.SimpleQueue):
    """A bulb that is looked at."""

    def shine(self, brightness: float, colour: tuple[int, int, int]) -> None:
        self.put((brightness, colour))

    def close(self) -> None:
        self.put("dark")


def test_a_lamp_shows_a_mood_at_once_and_goes_dark_in_the_end():
    seen = Seen()
    lamp = Lamp(seen)
    assert seen.get(timeout=10)[0] == 0.0
    lamp.show(Mood.LISTENING)
    assert seen.get(timeout=10) == (1.0, RHYTHMS[Mood.LISTENING].colour)
    lamp.close()
    assert seen.get(timeout=10) == "dark"
    assert seen.empty()


def test_a_bulb_that_breaks_is_logged_and_ends_nothing(caplog: pytest.LogCaptureFixture):
    class Broken(Seen):
        def shine(self, brightness: float, colour: tuple[int, int, int]) -> None:
            raise OSError("no such bus")

    lamp = Lamp(Broken())
    lamp.show(Mood.LISTENING)
    lamp.close()
    assert "the light went out" in caplog.text


def test_a_led_on_a_pin():
    pins = MockFactory(pin_class=MockPWMPin)
    led = Pin(18, pins)
    led.shine(0.25, (1, 2, 3))
    assert pins.pin(18).state == 0.25
    led.close()
    assert pins.pin(18).state == 0.0


class Bus:
    def __init__(self):
        self.written = []

    def writebytes(self, data: bytes) -> None:
        self.written.append(bytes(data))

    def close(self) -> None:
        self.written.append(b"closed")


def test_the_leds_of_a_respeaker():
    pins, bus = MockFactory(), Bus()
    leds = Apa102("respeaker-4", bus, pins)
    assert pins.pin(5).state == 1  # gives them power
    leds.shine(1.0, (213, 94, 0))
    (written,) = bus.written
    # The data sheet: a start, then brightness, blue, green and red of each LED.
    assert written[:4] == bytes(4)
    assert written[4:52] == bytes([0b1110_1000, 0, 94, 213]) * 12
    assert len(written) * 8 - 52 * 8 >= 12 / 2
    leds.close()
    assert bus.written[-2:] == [apa102(12, 0.0, (0, 0, 0)), b"closed"]


def test_an_lgpio_of_the_system_is_taken_where_there_is_no_other(tmp_path: Path, monkeypatch):
    (tmp_path / "lgpio.py").write_text("raise OSError('the one of the system')")

    class OnlyThere:
        @staticmethod
        def find_spec(name: str, path: object, target: object = None) -> ModuleSpec | None:
            if name != "lgpio":
                return None
            if str(tmp_path) not in sys.path:
                raise ModuleNotFoundError(name)
            return spec_from_file_location(name, tmp_path / "lgpio.py")

    monkeypatch.setattr(sys, "meta_path", [OnlyThere, *sys.meta_path])
    monkeypatch.setattr(sys, "path", sys.path.copy())
    for name in ("lgpio", "gpiozero.pins.lgpio"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(OSError, match="the one of the system"):
        factory(str(tmp_path))


@pytest.mark.parametrize("light", ["gpio18", "respeaker-2"])
def test_a_light_that_is_not_there_is_a_sentence(light: str):
    with pytest.raises(Fault, match=f"I cannot use the light {light}"):
        bulb(light)
    assert bulb("none") is None
