"""A recording that is written while its samples come, in memory that does not grow."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import suppress
from tempfile import mkstemp
from typing import TYPE_CHECKING

from voice_glimmer.journal import recordings
from voice_glimmer.journal.errors import told
from voice_glimmer.journal.places import Sealed
from voice_glimmer.journal.recordings import FOLDER, FORMS, Recording

if TYPE_CHECKING:
    from pathlib import Path

    from voice_glimmer.journal.places import Place

GROWING = "growing"
"""Where they are meanwhile; what a killed program left there, `emptying` takes at night."""


class Growing:
    """One recording, FLAC. What is not finished is gone.

    Of an encrypted journal it is held in memory, compressed, until it is whole: nothing of it may
    lie on the disk that could be read.

    Args:
        journal: The journal's folder.
        rate: Samples a second, in Hz.

    Raises:
        JournalUnavailableError: It cannot be written; so do the methods.
    """

    def __init__(self, journal: Place, rate: int) -> None:
        import soundfile  # noqa: PLC0415 - who only reads a journal needs no library of sound

        self._journal = journal
        self._rate = rate
        self._count = 0
        self._temporary: Path | None = None
        with told():
            self._held = _Checked(self._file())
        form, subtype = FORMS["flac"]
        self._encoder = soundfile.SoundFile(self._held, "w", rate, 1, subtype, format=form)

    def add(self, voice: bytes) -> None:
        """Add int16 little-endian mono samples."""
        # How soundfile says that not all was written; why, the file knows.
        with suppress(AssertionError):
            self._encoder.buffer_write(voice, dtype="int16")
        with told():
            self._held.check()
        self._count += len(voice) // 2

    def finish(self) -> Recording:
        """Make it durable, and return what it is."""
        self._encoder.close()
        with told():
            self._held.check()
            path, size = self._put()
        return Recording(path, size, self._rate, self._count / self._rate)

    def close(self) -> None:
        """Let go of it."""
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)
        self._encoder.close()
        # On a full disk even this cannot be done, and need not.
        with suppress(OSError):
            self._held.file.close()

    def _file(self) -> io.BytesIO | io.BufferedRandom:
        if isinstance(self._journal, Sealed):
            return io.BytesIO()
        folder = self._journal / FOLDER / GROWING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = mkstemp(".part", ".", folder)
        self._temporary = folder / name
        return os.fdopen(descriptor, "w+b")

    def _put(self) -> tuple[str, int]:
        file = self._held.file
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if self._temporary is None:
            return recordings.put(self._journal, file.read(), "flac"), size
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        path = recordings.path_of_hash(digest, "flac")
        final = recordings.file_of(self._journal, path)
        final.parent.mkdir(mode=0o700, exist_ok=True)
        recordings.put_in_place(self._journal, self._temporary, final)
        return path, size


class _Checked:
    """A file for libsndfile, which hides from us that a disk is full."""

    def __init__(self, file: io.BytesIO | io.BufferedRandom) -> None:
        self.file = file
        self._error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self.file.write(data)
        except OSError as error:
            self._error = error
            return 0

    def read(self, count: int) -> bytes:
        return self.file.read(count)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def check(self) -> None:
        """Raise what went wrong so far."""
        if self._error is not None:
            raise self._error
        self.file.flush()
