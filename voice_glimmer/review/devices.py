"""The devices that were let in, each by a cookie of its own; listed, and shut out again.

A note beside the journal, not a table in it: an old backup must not let in who was shut out since.
"""

from __future__ import annotations

import fcntl
import hmac
import logging
import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.note import Note
from voice_glimmer.review.pairing import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LASTS = timedelta(days=400)
"""As long as browsers keep a cookie at most (RFC 6265bis, 5.5); begun anew on each day of use."""

TOKEN_BYTES = 32
LONGEST_NAME = 40

log = logging.getLogger(__name__)

_KINDS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


@dataclass(frozen=True, slots=True)
class Device:
    """A device that was let in.

    Attributes:
        digest: SHA-256 of its cookie, in hexadecimal digits.
        name: What the person calls it.
        paired: The day on which it was let in.
        seen: The last day on which it was used.
    """

    digest: str
    name: str
    paired: date
    seen: date

    @property
    def id(self) -> str:
        """What it is called in lists and forms; says nothing about its cookie."""
        return self.digest[:8]


@dataclass(frozen=True, slots=True)
class Known:
    """What is noted: a secret that makes the forms' tokens, and the devices."""

    secret: str
    devices: tuple[Device, ...] = ()


def kind_of(user_agent: str) -> str:
    """Return a name to begin with, such as "iPhone"; empty where the browser tells none."""
    return next((kind for kind in _KINDS if kind in user_agent), "")


def clean(name: str) -> str:
    """Return a name as it is kept: printable, with single spaces, not long."""
    printable = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in name))
    return printable.strip()[:LONGEST_NAME].strip() or "?"


class Devices:
    """Who was let in.

    Args:
        journal: The folder in which that is noted.
        today: Returns the person's date.
    """

    def __init__(self, journal: Path, today: Callable[[], date]) -> None:
        self._path = journal / "devices.json"
        self._note = Note(self._path, Known, Known(secrets.token_hex(TOKEN_BYTES)))
        self._today = today

    def all(self) -> tuple[Device, ...]:
        """Return all devices that are let in, in the order in which they came."""
        since = self._today() - LASTS
        return tuple(each for each in self._note.read().devices if each.seen > since)

    def of(self, token: str) -> Device | None:
        """Return the device with this cookie, or None."""
        digest = digest_of(token)
        return next((each for each in self.all() if hmac.compare_digest(each.digest, digest)), None)

    def has(self, digest: str) -> bool:
        """Tell whether this device is still let in."""
        return any(each.digest == digest for each in self.all())

    def let_in(self, name: str) -> str:
        """Let a device in, and return its cookie, new and known to nobody else.

        Args:
            name: What the person calls it.

        Raises:
            Fault: It could not be noted.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        device = Device(digest_of(token), clean(name), self._today(), self._today())
        with self._changing() as devices:
            devices.append(device)
        return token

    def see(self, device: Device) -> bool:
        """Note that it is used today, if that is news and can be noted; return whether it was."""
        today = self._today()
        if device.seen == today:
            return False
        try:
            with self._changing() as devices:
                devices[:] = [
                    replace(each, seen=today) if each.digest == device.digest else each
                    for each in devices
                ]
        except Fault as error:
            log.warning("%s", error)
            return False
        return True

    def shut_out(self, id: str) -> Device | None:  # noqa: A002
        """Let the device of this `id` in no more; return it, or None if there is none.

        Raises:
            Fault: It could not be noted.
        """
        gone = next((each for each in self.all() if each.id == id), None)
        if gone:
            with self._changing() as devices:
                devices.remove(gone)
        return gone

    def token(self, visitor: str) -> str:
        """Return what this visitor's forms have to bring along.

        Args:
            visitor: What tells visitors apart: a device's digest, or a word for those without one.
        """
        return hmac.digest(self._secret().encode(), visitor.encode(), "sha256").hex()

    def _secret(self) -> str:
        known = self._note.read()
        if not self._path.exists():
            self._note.write(known)
        return known.secret

    @contextmanager
    def _changing(self) -> Iterator[list[Device]]:
        """Change the list of devices, one program after the other.

        Raises:
            Fault: It could not be noted.
        """
        try:
            with self._path.with_suffix(".lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                known = self._note.read()
                devices = list(known.devices)
                yield devices
                wanted = replace(known, devices=tuple(devices))
                self._note.write(wanted)
                if self._note.read() != wanted:
                    raise OSError("the note is another")
        except OSError as error:
            raise Fault(
                "What devices are let in could not be noted. Please check that the disk has room."
            ) from error
