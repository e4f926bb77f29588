"""The button: a short press wakes, a long one switches the microphone off and on."""

from __future__ import annotations

import fcntl
import logging
import os
import queue
import struct
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import TYPE_CHECKING, Any

from voice_glimmer.appliance import pins

if TYPE_CHECKING:
    from collections.abc import Callable

LONG_SECONDS = 1.0
BOUNCE_SECONDS = 0.02
"""How long a cheap button's contact bounces at most."""

FIND_SECONDS = 2.0
"""How often a USB button that was pulled out is looked for."""

INPUTS = Path("/sys/class/input")
DEVICES = Path("/dev/input")
EVENT = struct.Struct("llHHi")
"""`struct input_event` of linux/input.h: seconds, microseconds, type, code, value. The evdev
library does the same, but has no wheels for a Raspberry Pi."""
EV_KEY = 1
EVIOCGRAB = 0x40044590

log = logging.getLogger(__name__)


class Change(Enum):
    """What becomes of a button; the kernel's values of a key, and one for a plug that is pulled."""

    UP = 0
    DOWN = 1
    GONE = None


class Press(Enum):
    """How it was pressed."""

    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Holding:
    """A button that is held, or not (pure).

    Attributes:
        since: Since when, in monotonic seconds; None where it is not held, or was told as long.
    """

    since: float | None = None

    def changed(self, change: Change, at: float) -> tuple[Holding, Press | None]:
        """Return it after it went down or up, or away, and the press that this completes."""
        if change is Change.DOWN:
            return Holding(at), None
        if self.since is None or change is Change.GONE:
            return Holding(), None
        return Holding(), Press.LONG if at - self.since >= LONG_SECONDS else Press.SHORT

    def waited(self, at: float) -> tuple[Holding, Press | None]:
        """Return it at a later moment: a long press is told while the button is still held."""
        if self.since is not None and at - self.since >= LONG_SECONDS:
            return Holding(), Press.LONG
        return self, None

    def patience(self, at: float) -> float | None:
        """Return in how many seconds it becomes a long press; None where that is not to come."""
        return None if self.since is None else max(0.0, self.since + LONG_SECONDS - at)


class Button:
    """Tells of presses, from a thread of its own.

    Args:
        pressed: What is told of each.
        clock: Returns monotonic seconds.
    """

    def __init__(
        self, pressed: Callable[[Press], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pressed = pressed
        self._clock = clock
        self._changes: queue.SimpleQueue[tuple[Change, float] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="button", daemon=True)
        self._thread.start()

    def change(self, change: Change) -> None:
        """Learn what became of the button."""
        self._changes.put((change, self._clock()))

    def close(self) -> None:
        """Tell of no more."""
        self._changes.put(None)
        self._thread.join()

    def _run(self) -> None:
        holding = Holding()
        while True:
            try:
                change = self._changes.get(timeout=holding.patience(self._clock()))
            except queue.Empty:
                holding, press = holding.waited(self._clock())
            else:
                if change is None:
                    return
                holding, press = holding.changed(*change)
            if press:
                self._tell(press)

    def _tell(self, press: Press) -> None:
        try:
            self._pressed(press)
        except Exception:
            log.exception("a press came to nothing")


def on_pin(pin: int, button: Button, factory: Any = None) -> Any:  # noqa: ANN401
    """Let a button between a GPIO pin and ground tell of its changes; return what to close.

    Raises:
        Fault: A library is missing, or the pin is not there or may not be used.
    """
    unusable = f"I cannot use a button on GPIO {pin}. Please check that this account may use it"
    with pins.used_for("button", unusable):
        import gpiozero  # noqa: PLC0415 - an extra, and only where there is a button

        wired = gpiozero.Button(
            pin, bounce_time=BOUNCE_SECONDS, pin_factory=factory or pins.factory()
        )
    wired.when_pressed = lambda: button.change(Change.DOWN)
    wired.when_released = lambda: button.change(Change.UP)
    return wired


class UsbButton:
    """Any key of a USB device, such as a single big button; found again when it was pulled out.

    Its keys reach nobody else meanwhile: it is grabbed.

    Args:
        name: The device's name, or part of it.
        button: What learns of its changes.
        inputs: Where the names are.
        devices: Where the devices are.
    """

    def __init__(
        self, name: str, button: Button, inputs: Path = INPUTS, devices: Path = DEVICES
    ) -> None:
        self._name = name
        self._button = button
        self._inputs = inputs
        self._devices = devices
        self._leaving = threading.Event()
        threading.Thread(target=self._run, name="usb button", daemon=True).start()

    def close(self) -> None:
        """Look at it no more; a read that waits for a key ends with the process."""
        self._leaving.set()

    def _found(self) -> list[Path]:
        """Return its devices: a keypad has one for its keys and others for power or sound."""
        devices = [
            self._devices / told.parts[-3]
            for told in self._inputs.glob("event*/device/name")
            if self._name.lower() in told.read_text("utf-8", errors="replace").lower()
        ]
        return sorted(devices, key=lambda device: int(device.name.removeprefix("event")))

    def _run(self) -> None:
        told = False
        while not self._leaving.is_set():
            try:
                if paths := self._found():
                    self._read(paths)
                elif not told:
                    log.warning('there is no button called "%s" yet: I look for it', self._name)
            except OSError as error:
                refused = isinstance(error, PermissionError) and not told
                log.log(logging.WARNING if refused else logging.INFO, "no button: %s", error)
            told = True
            self._leaving.wait(FIND_SECONDS)

    def _read(self, paths: list[Path]) -> None:
        with ExitStack() as reading, DefaultSelector() as selector:
            reading.callback(self._button.change, Change.GONE)
            for path in paths:
                device = reading.enter_context(path.open("rb", buffering=0))
                selector.register(device, EVENT_READ)
                try:
                    fcntl.ioctl(device, EVIOCGRAB, 1)
                except OSError as error:
                    log.info("the button's keys reach others, too: %s", error)
            while not self._leaving.is_set():
                for key, _ in selector.select():
                    if not (data := os.read(key.fd, EVENT.size)):
                        return
                    self._event(data)

    def _event(self, data: bytes) -> None:
        _seconds, _micro, kind, _code, value = EVENT.unpack(data)
        if kind == EV_KEY and value in {Change.UP.value, Change.DOWN.value}:
            self._button.change(Change(value))
