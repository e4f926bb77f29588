"""The light: a LED on a pin, those of a ReSpeaker board, or none."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from voice_glimmer.appliance import pins
from voice_glimmer.appliance.moods import Mood
from voice_glimmer.appliance.rhythm import RHYTHMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_glimmer.appliance.rhythm import Colour

BOARDS = {"respeaker-2": (3, None), "respeaker-4": (12, 5)}
"""How many LEDs they have, and which pin gives them power
(https://wiki.seeedstudio.com/ReSpeaker_2_Mics_Pi_HAT/ and ReSpeaker_4_Mic_Array_for_Raspberry_Pi/).
"""

SPI = (0, 1)
SPI_HZ = 1_000_000
DIMMED = 8
"""Of 31 steps of the APA102's own brightness: those LEDs dazzle."""

log = logging.getLogger(__name__)


class Bulb(Protocol):
    """What shines."""

    def shine(self, brightness: float, colour: Colour) -> None:
        """Shine this bright, 0 to 1, in this colour, if it has colours."""

    def close(self) -> None:
        """Let go of the hardware, dark."""


class Pin:
    """A LED on a GPIO pin, between it and ground, behind a resistor.

    Args:
        pin: Its number, as Broadcom counts.
        factory: gpiozero's pin factory; lgpio's if None.
    """

    def __init__(self, pin: int, factory: Any = None) -> None:  # noqa: ANN401
        import gpiozero  # noqa: PLC0415 - an extra, and only where there is a light

        self._led = gpiozero.PWMLED(pin, pin_factory=factory or pins.factory())

    def shine(self, brightness: float, colour: Colour) -> None:  # noqa: ARG002 - it has one
        """Shine this bright."""
        self._led.value = brightness

    def close(self) -> None:
        """Let go of the pin."""
        self._led.close()


class Apa102:
    """The LEDs of a ReSpeaker board, on the SPI bus.

    Args:
        board: Which of `BOARDS`.
        bus: What writes bytes to the SPI bus; Adafruit_PureIO's if None.
        factory: gpiozero's pin factory; lgpio's if None.
    """

    def __init__(self, board: str, bus: Any = None, factory: Any = None) -> None:  # noqa: ANN401
        self._count, power = BOARDS[board]
        if bus is None:
            from Adafruit_PureIO import spi  # noqa: PLC0415 - an extra

            bus = spi.SPI(SPI, max_speed_hz=SPI_HZ)
        self._bus = bus
        self._power = None
        if power is not None:
            import gpiozero  # noqa: PLC0415

            self._power = gpiozero.LED(
                power, initial_value=True, pin_factory=factory or pins.factory()
            )

    def shine(self, brightness: float, colour: Colour) -> None:
        """Shine, all alike."""
        self._bus.writebytes(apa102(self._count, brightness, colour))

    def close(self) -> None:
        """Let go of the bus."""
        self.shine(0.0, (0, 0, 0))
        if self._power is not None:
            self._power.close()
        self._bus.close()


def apa102(count: int, brightness: float, colour: Colour) -> bytes:
    """Return what makes `count` LEDs shine alike, as the APA102's data sheet says (pure).

    Four bytes of zeros; for each LED 0b111, five bits of brightness, blue, green and red; and at
    least half a bit for each LED, that the last ones are clocked through.
    """
    red, green, blue = (round(brightness * part) for part in colour)
    each = bytes([0b1110_0000 | DIMMED, blue, green, red])
    return bytes(4) + each * count + bytes((count + 15) // 16)


def bulb(light: str) -> Bulb | None:
    """Return what shines, as the setting says.

    Raises:
        Fault: A library is missing, or the light is not there or may not be used.
    """
    if light == "none":
        return None
    unusable = (
        f"I cannot use the light {light}. Please check its wiring and that this account may use it"
    )
    with pins.used_for("light", unusable):
        return Apa102(light) if light in BOARDS else Pin(int(light.removeprefix("gpio")))


class Lamp:
    """Shines as the mood is, in a thread that sleeps while nothing changes.

    Args:
        bulb: What shines.
        clock: Returns monotonic seconds.
    """

    def __init__(self, bulb: Bulb, clock: Callable[[], float] = time.monotonic) -> None:
        self._bulb = bulb
        self._clock = clock
        self._changed = threading.Condition()
        self._mood: Mood | None = Mood.RESTING
        self._thread = threading.Thread(target=self._run, name="lamp", daemon=True)
        self._thread.start()

    def show(self, mood: Mood) -> None:
        """Shine like this from now on."""
        with self._changed:
            self._mood = mood
            self._changed.notify()

    def close(self) -> None:
        """Go dark."""
        with self._changed:
            self._mood = None
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._shine()
            self._bulb.close()
        except Exception as error:
            # A light is a luxury: whatever its hardware raises, listening goes on.
            log.warning("the light went out: %r", error)

    def _shine(self) -> None:
        shown: Mood | None = None
        began: float = 0.0
        lasts: float | None = 0.0
        while True:
            with self._changed:
                if self._mood is shown:
                    self._changed.wait(lasts)
                if self._mood is None:
                    return
                if self._mood is not shown:
                    shown, began = self._mood, self._clock()
            rhythm = RHYTHMS[shown]
            brightness, lasts = rhythm.at(self._clock() - began)
            self._bulb.shine(brightness, rhythm.colour)
