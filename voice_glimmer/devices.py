"""Microphones and loudspeakers by names that stay, where numbers change with every plug."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind: TypeAlias = Literal["input", "output"]

_CARD = re.compile(r"\s*\((?:plug)?hw:\d+,\d+\)$")
"""What ALSA ends a device's name with: numbers of the card, in the order of plugging in."""


@dataclass(frozen=True, slots=True)
class Device:
    """A microphone or a loudspeaker.

    Attributes:
        name: What the settings call it, and nothing else; where several cannot be told apart, what
            all of them are called.
        kind: Whether it is a microphone, "input", or a loudspeaker, "output".
        channels: How many it has.
        rate: Its usual rate, in Hz.
        default: Whether it is used where none is chosen.
        alone: Whether its name means no other.
    """

    name: str
    kind: Kind
    channels: int
    rate: int
    default: bool
    alone: bool


def devices(library: Any, kind: Kind) -> list[Device]:  # noqa: ANN401
    """Return the devices of a kind, in the sound system's order.

    Args:
        library: sounddevice, or what behaves like it.
        kind: Which.
    """
    default = _index(library, None, kind)
    return [
        _device(library, info, kind, default)
        for info in library.query_devices()
        if info[f"max_{kind}_channels"]
    ]


def named(library: Any, name: str, kind: Kind) -> str:  # noqa: ANN401
    """Return the name that stays of the device that is meant, also by a part of its name.

    Args:
        library: sounddevice, or what behaves like it; it knows the device.
        name: Its name, or a part of it.
        kind: Which kind it is of.
    """
    info = library.query_devices(name, kind)
    return _device(library, info, kind, None).name


def _device(library: Any, info: Any, kind: Kind, default: int | None) -> Device:  # noqa: ANN401
    host = library.query_hostapis(info["hostapi"])["name"]
    names = _names(info["name"], host)
    alone = next((name for name in names if _index(library, name, kind) == info["index"]), None)
    return Device(
        name=alone or info["name"],
        kind=kind,
        channels=info[f"max_{kind}_channels"],
        rate=round(info["default_samplerate"]),
        default=info["index"] == default,
        alone=alone is not None,
    )


def _names(name: str, host: str) -> Iterator[str]:
    """Yield what a device may be called, what stays longest first."""
    lasting = _CARD.sub("", name)
    yield from (lasting, f"{lasting}, {host}") if lasting != name else ()
    yield from (name, f"{name}, {host}")


def _index(library: Any, name: str | None, kind: Kind) -> int | None:  # noqa: ANN401
    """Return which device the library takes this for, or the default one; None if not just one."""
    try:
        index: int = library.query_devices(name, kind)["index"]
    except (ValueError, library.PortAudioError):
        return None
    return index
