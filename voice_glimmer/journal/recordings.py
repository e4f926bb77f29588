"""The speaker's own voice: files beside the database, named by the hash of what is in them."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from tempfile import mkstemp
from typing import TYPE_CHECKING

from voice_glimmer.journal.opening import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

FOLDER = "recordings"


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that is on disk.

    Attributes:
        path: Where, inside the journal's folder.
        size: Bytes.
        rate: Samples a second, in Hz.
        duration: Seconds.
    """

    path: str
    size: int
    rate: int
    duration: float


def store(journal: Path, voice: bytes, rate: int) -> Recording:
    """Write a recording durably.

    It is FLAC, which takes 4 ms for 20 s; Opus would take two thirds of a second, while the person
    waits.

    Args:
        journal: The journal's folder.
        voice: int16 little-endian mono samples.
        rate: Samples a second, in Hz.

    Raises:
        OSError: It could not be written; nothing is left behind.
    """
    # Here, for who only reads a journal needs no library of sound.
    import soundfile  # noqa: PLC0415

    # Encoded in memory (three minutes are 6 MB at most): libsndfile hides a full disk from us.
    encoded = io.BytesIO()
    with soundfile.SoundFile(encoded, "w", rate, 1, "PCM_16", format="FLAC") as flac:
        flac.buffer_write(voice, dtype="int16")
    content = encoded.getvalue()
    return Recording(put(journal, content, "flac"), len(content), rate, len(voice) / 2 / rate)


def put(journal: Path, content: bytes, ending: str) -> str:
    """Write a recording's file durably and return its path inside the journal's folder.

    Raises:
        OSError: It could not be written; nothing is left behind.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = f"{FOLDER}/{digest[:2]}/{digest}.{ending}"
    final = journal / path
    for folder in (final.parent.parent, final.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    # A name of its own: another program may be keeping the same sound.
    descriptor, name = mkstemp(".part", ".", final.parent)
    temporary = final.parent / name
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(final)
        for folder in (final.parent, final.parent.parent, journal):
            sync_folder(folder)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path


def load(journal: Path, path: str) -> tuple[NDArray[np.int16], int]:
    """Read a recording: its int16 samples, shaped (n,), and their rate in Hz.

    Args:
        journal: The journal's folder.
        path: The recording's path inside it.

    Raises:
        OSError: It is missing or cannot be read.
    """
    import soundfile  # noqa: PLC0415

    try:
        with (journal / path).open("rb") as file:
            samples, rate = soundfile.read(file, dtype="int16")
    except soundfile.SoundFileError as error:
        raise OSError(f"{path}: {error}") from error
    return samples, rate
