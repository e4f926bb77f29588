"""Devices by names that stay, as sounddevice itself understands them."""

from types import FunctionType

import pytest
import sounddevice

from voice_glimmer.devices import Device, devices, named


class Library:
    """Devices of our choosing, and sounddevice's own way from names to them."""

    PortAudioError = sounddevice.PortAudioError

    def __init__(self, *there: tuple[str, str, int, int], default: tuple[int, int] = (0, 0)):
        self._default = default
        self._hosts = list(dict.fromkeys(host for _, host, *_ in there))
        self._there = [
            {
                "name": name,
                "index": index,
                "hostapi": self._hosts.index(host),
                "max_input_channels": inputs,
                "max_output_channels": outputs,
                "default_samplerate": 48_000.0,
            }
            for index, (name, host, inputs, outputs) in enumerate(there)
        ]

    def query_hostapis(self, index: int) -> dict:
        return {"name": self._hosts[index]}

    def query_devices(self, name: str | None = None, kind: str | None = None):
        if kind is None:
            return self._there
        if name is None:
            default = self._default[kind == "output"]
            if default < 0:
                raise sounddevice.PortAudioError("no default")
            return self._there[default]
        return self._there[self._its_own_way()(name, kind, raise_on_error=True)]

    def _its_own_way(self) -> FunctionType:
        real = sounddevice._get_device_id
        ours = {"query_devices": self.query_devices, "query_hostapis": self.query_hostapis}
        return FunctionType(real.__code__, real.__globals__ | ours, argdefs=real.__defaults__)


def test_a_name_is_without_the_numbers_that_change_with_every_plug():
    library = Library(
        ("HDA Intel PCH: ALC3246 Analog (hw:0,0)", "ALSA", 2, 2),
        ("USB PnP Sound Device: Audio (hw:1,0)", "ALSA", 1, 0),
        ("pulse", "ALSA", 32, 32),
        default=(2, 0),
    )
    assert devices(library, "input") == [
        Device("HDA Intel PCH: ALC3246 Analog", "input", 2, 48_000, default=False, alone=True),
        Device("USB PnP Sound Device: Audio", "input", 1, 48_000, default=False, alone=True),
        Device("pulse", "input", 32, 48_000, default=True, alone=True),
    ]
    speakers = devices(library, "output")
    assert [(each.name, each.default) for each in speakers] == [
        ("HDA Intel PCH: ALC3246 Analog", True),
        ("pulse", False),
    ]
    assert named(library, "usb", "input") == "USB PnP Sound Device: Audio"


def test_two_of_one_name_are_told_apart_by_host_or_by_card_or_not_at_all():
    library = Library(
        ("Yeti", "ALSA", 1, 0),
        ("Yeti", "JACK", 1, 0),
        ("Snowball (hw:1,0)", "ALSA", 1, 0),
        ("Snowball (hw:2,0)", "ALSA", 1, 0),
        ("Twin", "ALSA", 1, 0),
        ("Twin", "ALSA", 1, 0),
        default=(-1, -1),
    )
    found = devices(library, "input")
    assert [(each.name, each.alone) for each in found] == [
        ("Yeti, ALSA", True),
        ("Yeti, JACK", True),
        ("Snowball (hw:1,0)", True),
        ("Snowball (hw:2,0)", True),
        ("Twin", False),
        ("Twin", False),
    ]
    assert not any(each.default for each in found)
    for index, each in enumerate(found[:4]):
        assert library.query_devices(each.name, "input")["index"] == index


@pytest.mark.parametrize("kind", ["input", "output"])
def test_there_may_be_none(kind):
    assert devices(Library(default=(-1, -1)), kind) == []
