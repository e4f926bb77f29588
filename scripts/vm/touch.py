"""A button that is pressed: a USB one, as the kernel shows it to every program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.vm.kitchen import SERVICE
from scripts.vm.machine import FailedError
from voice_glimmer.appliance.button import LONG_SECONDS

if TYPE_CHECKING:
    from scripts.vm.kitchen import Kitchen

NAME = "Kitchen Button"
CLOSED_MS = 200
"""From a press being long until the microphone is really closed."""

BUTTON = f"""
import fcntl, os, struct
EV_KEY, KEY_ENTER, BUS_USB = 1, 28, 3
fifo = os.open("/run/button", os.O_RDWR)
button = os.open("/dev/uinput", os.O_WRONLY)
fcntl.ioctl(button, 0x40045564, EV_KEY)  # UI_SET_EVBIT
fcntl.ioctl(button, 0x40045565, KEY_ENTER)  # UI_SET_KEYBIT
setup = struct.pack("4H80sI", BUS_USB, 1, 1, 1, b"{NAME}", 0)
fcntl.ioctl(button, 0x405C5503, setup)  # UI_DEV_SETUP
fcntl.ioctl(button, 0x5501)  # UI_DEV_CREATE
while told := os.read(fifo, 1):
    for event in (EV_KEY, KEY_ENTER, int(told)), (0, 0, 0):
        os.write(button, struct.pack("llHHi", 0, 0, *event))
"""
"""Makes a button by linux/uinput.h, pressed by a 1 in a pipe and let go by a 0."""

CARD = "/proc/asound/Loopback/pcm1c/sub0/status"
"""What ALSA says of the microphone; "closed" where no program has it open."""

PRESS = f"""
import sys, time
began = time.monotonic()
with open("/run/button", "w") as button:
    button.write("1")
while "closed" not in open("{CARD}").read() and time.monotonic() < began + 5:
    time.sleep(0.005)
print(round(1000 * (time.monotonic() - began - {LONG_SECONDS})))
"""


def pressed(kitchen: Kitchen) -> str:
    """Check that a short press of a button wakes, and a long one closes the microphone."""
    run = kitchen.machine.run
    for path, text in {"/root/button.py": BUTTON, "/root/press.py": PRESS}.items():
        kitchen.put(path, text)
    run("modprobe uinput && mkfifo /run/button")
    run("systemd-run --quiet --unit=button python3 /root/button.py")
    kitchen.waits(f"grep -q '{NAME}' /proc/bus/input/devices", 30, "there is no button")
    _chosen(kitchen, NAME)
    seen = kitchen.seen()
    run("printf 1 >/run/button; sleep 0.2; printf 0 >/run/button")
    seen = kitchen.sees("listening", kitchen.sees("speaking", seen))
    seen = kitchen.sees("resting", seen, 120)
    took = int(run("python3 /root/press.py; printf 0 >/run/button"))
    if took > CLOSED_MS:
        raise FailedError(f"it was closed after {took} ms")
    seen = kitchen.sees("muted", seen)
    run(f"systemctl restart {SERVICE}", limit=120)
    kitchen.sees("muted", seen)
    if "closed" not in run(f"cat {CARD}"):
        raise FailedError("after a restart it is open again")
    seen = kitchen.seen()
    run("printf 1 >/run/button; sleep 1.5; printf 0 >/run/button")
    kitchen.sees("resting", seen)
    kitchen.waits(f"grep -q RUNNING {CARD}", 10, "the microphone was not opened again")
    run("systemctl stop button && rm /run/button")
    _chosen(kitchen, "none")
    return f"closed {took} ms after a press had become long"


def _chosen(kitchen: Kitchen, button: str) -> None:
    kitchen.machine.run(f"voice-glimmer settings set button '{button}'", user="pi")
    seen = kitchen.seen()
    kitchen.machine.run(f"systemctl restart {SERVICE}", limit=120)
    kitchen.sees("resting", seen)
