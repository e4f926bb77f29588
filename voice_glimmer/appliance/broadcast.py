"""What happens, as lines of JSON on a Unix socket, for other people's lights; docs/events.md.

States only: no word of what is said leaves by it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from voice_glimmer.conversation import events as ev
from voice_glimmer.settings import APP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_glimmer.appliance.moods import Mood
    from voice_glimmer.conversation import actions as do

NAME = "events.sock"
MOST_READERS = 8

NOTED: dict[type, str] = {
    ev.Woke: "woke",
    ev.Pressed: "woke",
    ev.Saved: "kept",
    ev.SaveFailed: "not kept yet",
    ev.MicrophoneLost: "microphone lost",
    ev.MicrophoneBack: "microphone back",
}

log = logging.getLogger(__name__)


def folder(environment: Mapping[str, str]) -> Path | None:
    """Return where the socket belongs: the unit's runtime folder, or the person's own."""
    if own := environment.get("RUNTIME_DIRECTORY"):
        return Path(own.split(":")[0])
    if session := environment.get("XDG_RUNTIME_DIR"):
        return Path(session) / APP
    return None


class Broadcast:
    """A watcher that tells whoever connects, and waits for nobody.

    It looks for new readers with every tick. A reader whose buffer is full is dropped. A mood may
    be shown from another thread.

    Args:
        folder: Where the socket is to be; made if it is not there.

    Raises:
        OSError: The socket cannot be made there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._path = folder / NAME
        self._path.unlink(missing_ok=True)
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            self._listening.bind(str(self._path))
            self._path.chmod(0o600)
            self._listening.listen(MOST_READERS)
        except OSError:
            self._listening.close()
            raise
        self._readers: list[socket.socket] = []
        self._mood: Mood | None = None
        self._turns = threading.Lock()

    def happened(self, event: ev.Event) -> None:
        """Tell what is worth it."""
        with self._turns:
            if isinstance(event, ev.Tick):
                self._welcome()
            elif name := NOTED.get(type(event)):
                self._tell({"event": name})

    def did(self, action: do.Action, text: str, *, spoken: bool) -> None:
        """Pass over it: the moods tell as much as others have to know."""

    def show(self, mood: Mood) -> None:
        """Tell of another mood."""
        with self._turns:
            self._mood = mood
            self._tell({"state": mood.value})

    def close(self) -> None:
        """Let go of all readers, and of the socket."""
        for each in (*self._readers, self._listening):
            each.close()
        with contextlib.suppress(OSError):
            self._path.unlink()

    def _welcome(self) -> None:
        try:
            reader, _ = self._listening.accept()
        except OSError:
            return
        reader.settimeout(0)
        if len(self._readers) >= MOST_READERS:
            for each in filter(_is_gone, list(self._readers)):
                self._drop(each)
        if len(self._readers) >= MOST_READERS:
            reader.close()
            return
        self._readers.append(reader)
        if self._mood:
            self._tell({"state": self._mood.value}, [reader])

    def _tell(self, what: dict[str, str], readers: list[socket.socket] | None = None) -> None:
        line = json.dumps(what).encode() + b"\n"
        for reader in list(self._readers if readers is None else readers):
            try:
                whole = reader.send(line) == len(line)
            except OSError:
                whole = False
            if not whole:
                log.info("a reader of events is gone, or too slow")
                self._drop(reader)

    def _drop(self, reader: socket.socket) -> None:
        self._readers.remove(reader)
        reader.close()


def _is_gone(reader: socket.socket) -> bool:
    try:
        return not reader.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
