"""What is being said right now, safe from a power cut.

Each dictation is two files in `spool/`: NAME.flac, mono sound that grows as the person speaks, in
the chunks of `chunks.py`, and NAME.json, when, after which prompt and after which other dictations
it began. They stay until the journal has them, or the person has let them go. Beside an encrypted
journal both are encrypted with its key. As FLAC it wears out a card half as much.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from voice_glimmer.conversation.events import Reckoning
from voice_glimmer.durable import sync_folder
from voice_glimmer.faults import Fault
from voice_glimmer.journal import chunks, recordings
from voice_glimmer.journal.places import key_of
from voice_glimmer.journal.presence import another_listens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from voice_glimmer.journal.keys import Key
    from voice_glimmer.journal.places import Place

SYNC_SECONDS = 0.5
"""At most this much speech is lost when the power goes."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leftover:
    """A dictation that was never finished.

    Attributes:
        name: Its name in the spool.
        began_at: When listening began; aware of its time zone.
        prompt: What had been asked.
        before: The names of the dictations that it goes on from, oldest first.
    """

    name: str
    began_at: datetime
    prompt: str
    before: tuple[str, ...] = ()
    reckoning: Reckoning | None = None


class Spool:
    """The spool in a journal's folder; only one program at a time may speak into it.

    Args:
        journal: The journal's folder.
        rate: Samples a second, in Hz.

    Raises:
        Fault: Another program holds it, or it cannot be written.
    """

    def __init__(self, journal: Place, rate: int) -> None:
        self._folder = journal / "spool"
        self._key = key_of(journal)
        self._rate = rate
        self._most = round(SYNC_SECONDS * rate) * 2
        self._chunks = 0
        self._file: IO[bytes] | None = None
        self._unwritten: dict[str, bytearray] = {}
        self._header: dict[str, Any] = {}
        self._unsynced = 0
        self.current = ""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = (self._folder / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._tidy()
        except BlockingIOError as error:
            self._lock.close()
            raise another_listens(journal) from error
        except OSError as error:
            raise Fault(
                f"I cannot write the journal in {journal}. "
                "Please check the folder's permissions and the disk, or choose another folder."
            ) from error

    def begin(
        self,
        began_at: datetime,
        prompt: str,
        before: Sequence[str] = (),
        reckoning: Reckoning | None = None,
    ) -> None:
        """Begin a dictation, `current` from now on. A full disk does not stop it; see `append`.

        Args:
            began_at: The time; aware of its zone.
            prompt: What had been asked.
            before: The dictations that this one goes on from, oldest first.
            reckoning: When that is on the machine's own count, where the time is not known.
        """
        # By UTC, so that names stand in order also where the clocks are changed.
        name = began_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        self.end()
        self.current = name
        self._header = {
            "began_at": began_at.isoformat(),
            "prompt": prompt,
            "before": list(before),
            "reckoning": asdict(reckoning) if reckoning else None,
        }
        self._unwritten[name] = bytearray()
        self._unsynced = self._chunks = 0

    def append(self, samples: bytes) -> None:
        """Add whole int16 little-endian samples to the current dictation, on disk.

        What the disk does not take is held in memory, and offered again with the next samples.
        """
        waiting = self._unwritten[self.current]
        before = len(waiting)
        waiting += self._encoded(samples)
        try:
            file = self._file or self._create()
            written = os.write(file.fileno(), waiting)
            del waiting[:written]
            self._unsynced += len(samples)
            if self._unsynced >= self._most:
                os.fsync(file.fileno())
                self._unsynced = 0
        except OSError as error:
            if samples and not before:
                log.warning("the spool cannot be written, the voice is held in memory: %s", error)

    def end(self) -> None:
        """End the current dictation; it stays in the spool."""
        if self.current and self._unwritten[self.current]:
            self.append(b"")
        if self._file is not None:
            try:
                os.fsync(self._file.fileno())
            except OSError as error:
                log.warning("the spool could not be synced: %s", error)
            self._file.close()
            self._file = None
        self.current = ""

    def voice(self, name: str) -> bytes:
        """Return a dictation's samples, int16 little-endian."""
        path = self._path(name, "flac")
        stored = path.read_bytes() if path.exists() else b""
        file = stored + self._unwritten.get(name, b"")
        parts = chunks.opened(self._key, path.name, file) if self._key else chunks.plain(file)
        return b"".join(map(_decoded, parts))

    def discard(self, name: str) -> None:
        """Remove a dictation.

        Where the file system has become read-only it stays; the next start finds it again.
        """
        if name == self.current:
            self.end()
        self._unwritten.pop(name, None)
        # The voice first: a header alone is harmless, a voice without one has lost its time.
        try:
            self._path(name, "flac").unlink(missing_ok=True)
            self._path(name, "json").unlink(missing_ok=True)
        except OSError as error:
            log.error("%s cannot be removed from the spool: %s", name, error)

    def leftovers(self) -> list[Leftover]:
        """Return what an earlier run left behind, oldest first.

        What goes on from another dictation comes as one with it, from its beginning. What the disk
        does not give back now stays where it is.
        """
        found = {}
        for path in self._folder.glob("*.flac"):
            try:
                if self._is_readable(path):
                    found[path.stem] = _leftover(path, self._key)
            except OSError as error:
                log.error("%s waits in the spool: %s", path.stem, error)
        parts = {name for each in found.values() for name in each.before}
        whole = []
        for name in found.keys() - parts:
            # A damaged header may name anything; only what is in the spool is looked for.
            before = tuple(each for each in found[name].before if each in found)
            whole.append(replace(found[(*before, name)[0]], name=name, before=before))
        return sorted(whole, key=lambda leftover: leftover.name)

    def close(self) -> None:
        """End the current dictation and let others use the spool."""
        self.end()
        self._lock.close()

    def _tidy(self) -> None:
        """Remove headers that were left alone, between a voice and its header or before it."""
        for header in self._folder.glob("*.json"):
            try:
                if header.is_file() and not header.with_suffix(".flac").exists():
                    header.unlink()
            except OSError as error:
                log.warning("a header is left in the spool: %s", error)

    def _create(self) -> IO[bytes]:
        header = self._path(self.current, "json")
        text = json.dumps(self._header).encode()
        with header.open("wb") as file:
            file.write(self._key.seal(text, header.name) if self._key else text)
            file.flush()
            os.fsync(file.fileno())
        self._file = self._path(self.current, "flac").open("ab", buffering=0)
        sync_folder(self._folder)
        return self._file

    def _is_readable(self, path: Path) -> bool:
        """Tell whether anything is in it; what cannot be read at all is not let go unheard."""
        # Names of ours are printable; one with bytes that are no text could be kept nowhere.
        if not path.name.isprintable() or not path.is_file():
            return False
        return not path.stat().st_size or bool(self.voice(path.stem))

    def _encoded(self, samples: bytes) -> bytes:
        """Return samples as they are stored."""
        name, stored = self._path(self.current, "flac").name, bytearray()
        for at in range(0, len(samples), self._most):
            chunk = recordings.encoded(samples[at : at + self._most], self._rate, "flac")
            number, self._chunks = self._chunks, self._chunks + 1
            stored += chunks.sealed(self._key, name, number, chunk) if self._key else chunk
        return bytes(stored)

    def _path(self, name: str, ending: str) -> Path:
        return self._folder / f"{name}.{ending}"


def _decoded(chunk: bytes) -> bytes:
    try:
        samples, _rate = recordings.decoded(chunk)
    except ValueError as error:
        # Such as the last one, after a power cut.
        log.info("a piece of what was said is damaged: %s", error)
        return b""
    return samples.astype("<i2").tobytes()


def _leftover(path: Path, key: Key | None) -> Leftover:
    name = path.name.removesuffix(".flac")
    try:
        beside = path.with_suffix(".json")
        text = beside.read_bytes()
        header = json.loads(key.open(text, beside.name) if key else text)
        began_at = datetime.fromisoformat(header["began_at"]).astimezone()
        # Only what began earlier: no two dictations can each go on from the other.
        before = tuple(str(each) for each in header["before"] if str(each) < name)
        # By way of bytes: half a surrogate pair could not be kept, and the voice not with it.
        prompt = str(header["prompt"]).encode().decode()
        held = header["reckoning"]
        reckoning = held and Reckoning(str(held["boot"]), float(held["seconds"]))
        return Leftover(name, began_at, prompt, before, reckoning or None)
    except (OSError, ValueError, OverflowError, KeyError, TypeError, RecursionError):
        return Leftover(name, datetime.fromtimestamp(path.stat().st_mtime).astimezone(), "")
