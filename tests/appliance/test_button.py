"""A press, from the contact to what it does. There is no virtual input device here: the kernel's
events come from a pipe that stands in the device's place."""

import itertools
import os
import queue
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from gpiozero.pins.mock import MockFactory
from hypothesis import given
from hypothesis import strategies as st

from voice_glimmer.appliance.button import EVENT, Button, Change, Holding, Press, UsbButton, on_pin
from voice_glimmer.appliance.muting import left_muted
from voice_glimmer.cli.fittings import Switch
from voice_glimmer.conversation import events as ev
from voice_glimmer.faults import Fault
from voice_glimmer.note import Note
from voice_glimmer.settings import Settings

SHORT, LONG = Press.SHORT, Press.LONG


@given(st.floats(0, 1e6), st.floats(0.03, 5.0))
def test_a_press_is_short_or_long_but_not_both(at: float, held: float):
    holding, none = Holding().changed(Change.DOWN, at)
    assert none is None
    holding, early = holding.waited(at + min(held, 0.9))
    assert early is None
    holding, while_held = holding.waited(at + held)
    holding, released = holding.changed(Change.UP, at + held)
    told = [press for press in (while_held, released) if press]
    assert told == [LONG if at + held - at >= 1.0 else SHORT]
    assert holding == Holding()


def test_a_long_press_is_told_while_it_is_held():
    presses = queue.SimpleQueue()
    button = Button(presses.put, clock=itertools.count().__next__)  # every look a second later
    button.change(Change.DOWN)
    assert presses.get(timeout=10) is LONG
    button.change(Change.UP)
    button.close()
    assert presses.empty()


def test_a_button_on_a_pin():
    pins, presses = MockFactory(), queue.SimpleQueue()
    button = Button(presses.put)
    wired = on_pin(17, button, pins)
    pins.pin(17).drive_low()
    pins.pin(17).drive_high()
    assert presses.get(timeout=10) is SHORT
    wired.close()
    button.close()


def test_a_pin_that_is_not_there_is_a_sentence():
    with pytest.raises(Fault, match="I cannot use a button on GPIO 17"):
        on_pin(17, SimpleNamespace())


def test_a_usb_button_is_found_by_its_name_and_again_when_it_was_pulled_out(tmp_path: Path):
    names = {1: "HDMI", 9: "Big Red Button", 10: "Big Red Button System Control"}
    for number, name in names.items():
        (tmp_path / f"event{number}/device").mkdir(parents=True)
        (tmp_path / f"event{number}/device/name").write_text(f"{name}\n")
    devices = [tmp_path / "dev" / "event9", tmp_path / "dev" / "event10"]
    devices[0].parent.mkdir()
    presses = queue.SimpleQueue()
    button = Button(presses.put)
    usb = UsbButton("big red", button, tmp_path, tmp_path / "dev")
    for _ in range(2):
        for device in reversed(devices):
            os.mkfifo(device)
        with ExitStack() as plugged:
            every = [plugged.enter_context(each.open("wb", buffering=0)) for each in devices]
            for keys in every:
                # Down, a key that repeats, what belongs to it, and up.
                for kind, value in [(1, 1), (1, 2), (0, 0), (1, 0)]:
                    keys.write(EVENT.pack(0, 0, kind, 28, value))
                assert presses.get(timeout=10) is SHORT
            # Gone while it is held and still read, as a plug that is pulled: nobody opens this one
            # again, and nobody held it for a second.
            every[0].write(EVENT.pack(0, 0, 1, 28, 1))
            for device in devices:
                device.unlink()
    usb.close()
    button.close()
    assert presses.empty()


class Microphone:
    muted = False

    def mute(self) -> None:
        self.muted = True

    def unmute(self) -> None:
        self.muted = False


def test_a_long_press_switches_the_microphone_and_is_remembered(tmp_path: Path):
    microphone = Microphone()
    shown = []
    switch = Switch(
        microphone,
        Note(tmp_path / "muted.json", bool, nothing=False),
        lambda: shown.append(microphone.muted),
    )
    with_button = Settings(journal=tmp_path, button="gpio17")
    assert not left_muted(with_button)
    switch.pressed(LONG)
    assert microphone.muted
    assert left_muted(with_button)
    # Without a button nobody could switch it on again.
    assert not left_muted(Settings(journal=tmp_path))
    switch.pressed(LONG)
    assert not microphone.muted
    assert not left_muted(with_button)
    assert shown == [True, False]


def test_that_it_is_off_is_on_the_disk_before_the_power_may_go(tmp_path: Path, monkeypatch):
    synced = []
    monkeypatch.setattr(
        os, "fsync", lambda fd: synced.append(Path(f"/proc/self/fd/{fd}").readlink())
    )
    Switch(Microphone(), Note(tmp_path / "muted.json", bool, nothing=False), list).pressed(LONG)
    assert synced == [tmp_path / "muted.part", tmp_path]


def test_a_short_press_comes_with_the_next_sound(tmp_path: Path):
    switch = Switch(Microphone(), Note(tmp_path / "muted.json", bool, nothing=False), list)
    heard = switch.beside(iter(["one", "two"]))
    assert next(heard) == "one"
    switch.pressed(SHORT)
    assert list(heard) == [ev.Pressed(), "two"]
