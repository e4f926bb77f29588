"""Telling systemd how it goes, and being started anew by it where that helps.

The protocol is one datagram, sd_notify(3). The libraries sdnotify and systemd-python were
considered: the first is these few lines without the check of WATCHDOG_PID, the second needs a
compiler.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import socket
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from voice_glimmer.hearing.frames import Frame

LISTENING, MUTED = "I listen.", "The microphone is switched off."
"""What systemd is told, as its StatusText, while all is well. Do not reword them: `update` and
install-pi look for them, and may be of another version than what says them."""

LOST_SECONDS = 60.0
"""How long a microphone may be lost before a fresh process is the better bet: PortAudio never sees
a device that was not there when it was loaded, and a sound library that hangs stays hung."""

FIRST_HOLD, LONGEST_HOLD = 5.0, 300.0
"""How long a process that cannot begin waits before it ends, and systemd tries again; twice as long
every time. Systemd has no back-off before 254."""

LEAVING_SECONDS = 12.0
"""How long leaving may take before the process ends as it stands; the unit waits three more."""

LOOK_SECONDS = 2.0
EXTENSION_SECONDS = 30.0
EXTENSION = f"EXTEND_TIMEOUT_USEC={int(EXTENSION_SECONDS * 1e6)}"

EXTENDED_FRAMES = 20
"""Frames from one extension to the next, a second of sound: in time however slow the machine is."""

log = logging.getLogger(__name__)


class Notifier:
    """Sends words to the service manager; without one, they go nowhere.

    Args:
        address: Of its socket: a path, or a name in the abstract namespace after an "@".
        watchdog: Within how many seconds it wants to hear of us; None if it does not watch.
    """

    def __init__(self, address: str, watchdog: float | None = None) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.watchdog = watchdog

    def send(self, *words: str) -> None:
        """Send assignments such as "READY=1"; what cannot be sent is only logged."""
        try:
            self._socket.sendto("\n".join(words).encode(), self._address)
        except OSError as error:
            log.warning("the service manager could not be told: %s", error)

    def close(self) -> None:
        """Send no more."""
        self._socket.close()


def notifier(environment: Mapping[str, str]) -> Notifier | None:
    """Return what tells the service manager; None where none started this process."""
    if not (address := environment.get("NOTIFY_SOCKET")):
        return None
    usec = environment.get("WATCHDOG_USEC", "")
    ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return Notifier(address, int(usec) / 1e6 if ours and usec.isdigit() else None)


def leave_in_time(environment: Mapping[str, str], seconds: float = LEAVING_SECONDS) -> None:
    """As a service, end within so many seconds, whatever hangs, and log where it hung.

    What was said has been kept by then, or is in the spool.
    """
    if environment.get("NOTIFY_SOCKET"):
        faulthandler.dump_traceback_later(seconds, exit=True)


class Service:
    """A watcher that tells the service manager that the loop turns.

    A tick comes only if the loop, and the conversation in it, answer. So the watchdog is fed on
    ticks, four times as often as it asks for: sd_watchdog_enabled(3) advises twice, which leaves
    less patience with a slow turn.

    Args:
        manager: What is told.
        clock: Returns monotonic seconds.
        hangs: Returns whether the sound library holds a call, and will open nothing any more.
        leave: Ends the loop in good order, for a fresh process.
    """

    def __init__(
        self,
        manager: Notifier,
        clock: Callable[[], float],
        hangs: Callable[[], bool],
        leave: Callable[[], object],
    ) -> None:
        self._manager = manager
        self._clock = clock
        self._hangs = hangs
        self._leave = leave
        self._ready = False
        self._fed_at = float("-inf")
        self._lost_at = self._hung_at = float("inf")
        self._gone = False

    def happened(self, event: ev.Event) -> None:
        """Tell what that means for the service."""
        match event:
            case ev.Tick():
                self._tick(self._clock())
            case ev.MicrophoneLost():
                self._lost_at = self._clock()
                self._manager.send("STATUS=I cannot hear the microphone.")
            case ev.MicrophoneBack() | ev.Unmuted():
                self._lost_at = float("inf")
                self._manager.send(f"STATUS={LISTENING}")
            case ev.Muted():
                self._lost_at = float("inf")
                self._manager.send(f"STATUS={MUTED}")
            case ev.Leaving():
                self._manager.send("STOPPING=1")
            case _:
                pass

    def did(self, action: do.Action, text: str, *, spoken: bool) -> None:
        """Pass over it: systemd is told nothing that is said."""

    def _tick(self, now: float) -> None:
        if not self._ready:
            self._ready = True
            self._manager.send("READY=1", f"STATUS={LISTENING}")
        self._hung_at = min(self._hung_at, now) if self._hangs() else float("inf")
        lost_for, hung_for = now - self._lost_at, now - self._hung_at
        if max(lost_for, hung_for) >= LOST_SECONDS or min(lost_for, hung_for) >= 0:
            if not self._gone:
                log.warning("microphone or loudspeaker stay away: I end, to be started anew")
                self._leave()
            self._gone = True
            return  # and if leaving hangs, too, the watchdog does it
        wanted = self._manager.watchdog
        if wanted and now - self._fed_at >= wanted / 4:
            self._fed_at = now
            self._manager.send("WATCHDOG=1")


@dataclass(frozen=True, slots=True)
class Held:
    """That listening could not begin, and how long that was waited for.

    Attributes:
        sentence: The reason, for a person.
        at: When that was, in seconds since the machine's start.
        seconds: How long it was waited.
        told: Whether it was said aloud.
    """

    sentence: str
    at: float
    seconds: float = FIRST_HOLD
    told: bool = False

    @property
    def is_news(self) -> bool:
        """Whether to say it aloud: once, and not where a microphone was only late at the start."""
        return self.seconds > FIRST_HOLD and not self.told

    def after(self, before: Held) -> Held:
        """Return it, twice as long where the same had just been waited for (pure)."""
        if self.sentence != before.sentence:
            return self
        again = replace(self, told=before.told or before.is_news)
        if self.at - before.at > before.seconds + LONGEST_HOLD:
            return again
        return replace(again, seconds=min(2 * before.seconds, LONGEST_HOLD))


def hold(
    manager: Notifier,
    held: Held,
    look: Callable[[], object],
    wait: Callable[[float], object],
) -> None:
    """Wait calmly where listening cannot begin, until that may have changed, or for a while.

    So a service without a microphone costs next to nothing, and is there at once when one is
    plugged in. It does not try again itself: what PortAudio found when it was loaded, it keeps.

    Args:
        manager: What is told why.
        held: The reason, and how long to wait.
        look: Returns what the reason may depend on.
        wait: Waits for so many seconds.
    """
    again = held.seconds > FIRST_HOLD
    log.log(logging.INFO if again else logging.WARNING, "%s I wait.", held.sentence)
    before, waited = look(), 0.0
    while waited < held.seconds and look() == before:
        manager.send(f"STATUS={held.sentence}", "WATCHDOG=1", EXTENSION)
        wait(LOOK_SECONDS)
        waited += LOOK_SECONDS


def extended(manager: Notifier, frames: Iterable[Frame]) -> Iterator[Frame]:
    """Yield frames, and have the start last for as long as whoever hears them needs.

    sd_notify(3): past `TimeoutStartSec` it goes on while each extension comes within the last.
    """
    for number, frame in enumerate(frames):
        if number % EXTENDED_FRAMES == 0:
            manager.send(EXTENSION)
        yield frame


def surroundings(devices: Path, settings: Path) -> object:
    """Return what tells whether a sound device came or went, or the settings were changed."""
    names = sorted(os.listdir(devices)) if devices.is_dir() else []  # noqa: PTH208 - names only
    return names, settings.stat().st_mtime_ns if settings.exists() else 0
