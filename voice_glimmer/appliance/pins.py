"""The pins of a Raspberry Pi."""

from __future__ import annotations

import logging
import sys
import tempfile
from contextlib import chdir, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSTEM = "/usr/lib/python3/dist-packages"
"""Where Raspberry Pi OS has its own lgpio, from python3-lgpio: for Python 3.13 the only ready-made
one (https://github.com/joan2937/lg/issues/43)."""

log = logging.getLogger(__name__)


@cache
def factory(system: str = SYSTEM) -> Any:  # noqa: ANN401
    """Return what gpiozero reaches pins by: lgpio, and none of its fallbacks, which no Pi 5 has.

    Args:
        system: Where an lgpio is looked for that is not among our libraries.

    Raises:
        ImportError: The extra "pi" is not installed, or there is no lgpio.
        Exception: One of gpiozero's or lgpio's many: there are no pins, or they may not be used.
    """
    # While it is imported, lgpio makes a pipe in the current folder, opens both ends, and leaves
    # it there for good. LG_WD, which names another folder, is heeded at one of the ends only.
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        try:
            import lgpio  # noqa: F401, PLC0415 - an extra
        except ImportError:
            # At the end, so that nothing comes from there which we have ourselves.
            sys.path.append(system)
        from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415 - an extra

    return LGPIOFactory()


@contextmanager
def used_for(setting: str, unusable: str) -> Iterator[None]:
    """Tell in one sentence that a light or a button cannot be had.

    Args:
        setting: The setting that asks for it.
        unusable: What to say where it is not there, or may not be used.

    Raises:
        Fault: A library is missing, or the device cannot be used.
    """
    advice = f"or set {setting} to none."
    try:
        yield
    except ImportError as error:
        raise Fault(
            f"What the {setting} needs is not installed. Please run, on Raspberry Pi OS: "
            f'sudo apt install python3-lgpio, elsewhere: pip install "voice-glimmer[pi]", {advice}'
        ) from error
    except Exception as error:
        # gpiozero and the kernel have many; all mean the same to the person.
        log.info("no %s: %r", setting, error)
        raise Fault(f"{unusable}, {advice}") from error
