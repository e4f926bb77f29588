"""The speaker's own voice: one FLAC file a glimmer, beside the database."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import soundfile

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

FOLDER = "recordings"


def path_of(name: str) -> str:
    """Return the path, inside the journal's folder, of the recording of this name."""
    return f"{FOLDER}/{name}.flac"


def store(journal: Path, name: str, voice: bytes, rate: int) -> str:
    """Write a recording durably and return its path inside the journal's folder.

    Args:
        journal: The journal's folder.
        name: The recording's name, without an ending.
        voice: int16 little-endian mono samples.
        rate: Samples a second, in Hz.

    Raises:
        OSError: It could not be written; nothing is left behind.
    """
    folder = journal / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    final = journal / path_of(name)
    temporary = folder / f".{name}.part"
    # Encoded in memory (three minutes are 6 MB at most): libsndfile hides a full disk from us.
    encoded = io.BytesIO()
    with soundfile.SoundFile(encoded, "w", rate, 1, "PCM_16", format="FLAC") as flac:
        flac.buffer_write(voice, dtype="int16")
    try:
        with temporary.open("wb") as file:
            temporary.chmod(0o600)
            file.write(encoded.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(final)
        _sync_folder(folder)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path_of(name)


def load(journal: Path, path: str) -> tuple[NDArray[np.int16], int]:
    """Read a recording: its int16 samples, shaped (n,), and their rate in Hz.

    Args:
        journal: The journal's folder.
        path: The recording's path inside it.

    Raises:
        OSError: It is missing or cannot be read.
    """
    try:
        with (journal / path).open("rb") as file:
            samples, rate = soundfile.read(file, dtype="int16")
    except soundfile.SoundFileError as error:
        raise OSError(f"{path}: {error}") from error
    return samples, rate


def _sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
