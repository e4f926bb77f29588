"""The pins of a Raspberry Pi."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def factory() -> Any:  # noqa: ANN401
    """Return what gpiozero reaches pins by: lgpio, and none of its fallbacks, which no Pi 5 has.

    Raises:
        ImportError: The extra "pi" is not installed.
        Exception: One of gpiozero's or lgpio's many: there are no pins, or they may not be used.
    """
    from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415 - an extra

    return LGPIOFactory()
