"""The speaker's own voice: one FLAC file a glimmer, beside the database."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import soundfile

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

FOLDER = "recordings"


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
    final = folder / f"{name}.flac"
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
    return f"{FOLDER}/{final.name}"


def load(journal: Path, recording: str) -> tuple[npt.NDArray[np.int16], int]:
    """Return a recording: int16 samples, shape (n,), and their rate in Hz.

    Args:
        journal: The journal's folder.
        recording: The path inside it that `store` returned.

    Raises:
        OSError: It is not there, or cannot be read.
    """
    path = journal / recording
    try:
        samples, rate = soundfile.read(io.BytesIO(path.read_bytes()), dtype="int16")
    except soundfile.LibsndfileError as error:
        raise OSError(f"{recording}: {error}") from error
    return samples, rate


def _sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
