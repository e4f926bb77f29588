"""The speaker's own voice: files beside the database, named by the hash of what is in them."""

from __future__ import annotations

import hashlib
import io
import os
import re
from dataclasses import dataclass
from tempfile import mkstemp
from typing import TYPE_CHECKING

from voice_glimmer.durable import sync_folder
from voice_glimmer.journal.places import Sealed, folder_of

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voice_glimmer.journal.places import Place

FOLDER = "recordings"
FORMS = {"flac": ("FLAC", "PCM_16"), "opus": ("OGG", "OPUS")}
"""libsndfile's names of what a file with this ending is."""

SEALED = ".sealed"
"""What the name of an encrypted file ends in; its hash is that of what is in it, decrypted."""

_OURS = re.compile(rf"{FOLDER}/([0-9a-f]{{2}})/\1[0-9a-f]{{62}}\.[a-z]+")


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


def store(journal: Place, voice: bytes, rate: int, ending: str = "flac") -> Recording:
    """Write a recording durably.

    FLAC takes 4 ms for 20 s; Opus, a fifth as large, takes two thirds of a second.

    Args:
        journal: The journal's folder.
        voice: int16 little-endian mono samples.
        rate: Samples a second, in Hz.
        ending: "flac", or "opus" for Ogg Opus of some 24 kbit/s.

    Raises:
        OSError: It could not be written; nothing is left behind.
    """
    content = encoded(voice, rate, ending)
    return Recording(put(journal, content, ending), len(content), rate, len(voice) / 2 / rate)


def put(journal: Place, content: bytes, ending: str) -> str:
    """Write a recording's file durably and return its path inside the journal's folder.

    Raises:
        OSError: It could not be written; nothing is left behind.
    """
    path = path_of(content, ending)
    write(journal, path, content)
    return path


def path_of(content: bytes, ending: str) -> str:
    """Return where inside a journal's folder a recording of this content is."""
    return path_of_hash(hashlib.sha256(content).hexdigest(), ending)


def path_of_hash(digest: str, ending: str) -> str:
    """Return where a recording is whose content has this SHA-256, in hexadecimal."""
    return f"{FOLDER}/{digest[:2]}/{digest}.{ending}"


def write(journal: Place, path: str, content: bytes) -> None:
    """Write a recording's file durably, whatever is in it.

    Raises:
        OSError: It could not be written; nothing is left behind.
    """
    if isinstance(journal, Sealed):
        content = journal.key.seal(content, path)
    final = file_of(journal, path)
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
        put_in_place(journal, temporary, final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def put_in_place(journal: Place, temporary: Path, final: Path) -> None:
    """Give a file that is on disk its name, durably.

    Raises:
        OSError: It could not be done.
    """
    temporary.rename(final)
    for folder in (final.parent, final.parent.parent, folder_of(journal)):
        sync_folder(folder)


def load(journal: Place, path: str) -> tuple[NDArray[np.int16], int]:
    """Read a recording: its int16 samples, shaped (n,), and their rate in Hz.

    Args:
        journal: The journal's folder.
        path: The recording's path inside it.

    Raises:
        OSError: It is missing, cannot be read, or is none of ours.
    """
    try:
        return decoded(content(journal, path))
    except ValueError as error:
        raise OSError(f"{path}: {error}") from error


def is_ours(path: str) -> bool:
    """Tell whether a path is one that `put` returns, and leads nowhere else."""
    return _OURS.fullmatch(path) is not None


def file_of(journal: Place, path: str) -> Path:
    """Return where the file of a recording is."""
    return journal / (f"{path}{SEALED}" if isinstance(journal, Sealed) else path)


def files_of(journal: Place, path: str) -> set[Path]:
    """Return the files that belong to a recording: where its own is lost, also in the other form.

    Such as after somebody put an older database beside newer recordings.
    """
    plain = folder_of(journal) / path
    own = file_of(journal, path)
    return {own} if own.exists() else {plain, plain.with_name(f"{plain.name}{SEALED}")}


def content(journal: Place, path: str) -> bytes:
    """Return what is in a recording, damaged or not.

    Raises:
        OSError: It is missing, cannot be read, or is none of ours.
        ValueError: It is encrypted, and damaged.
    """
    file = file_of(journal, path)
    if not is_ours(path) or not file.is_file():
        raise FileNotFoundError(f"there is no recording {path!r}")
    found = file.read_bytes()
    return journal.key.open(found, path) if isinstance(journal, Sealed) else found


def whole(journal: Place, path: str) -> bytes:
    """Return what is in a recording that is what its name says.

    Raises:
        OSError: It is missing, cannot be read, or is none of ours.
        ValueError: It is damaged.
    """
    found = content(journal, path)
    if path_of(found, path.rpartition(".")[2]) != path:
        raise ValueError(f"{path} is damaged")
    return found


def encoded(voice: bytes, rate: int, ending: str) -> bytes:
    """Return int16 little-endian samples as a file of `FORMS`; it keeps their number and rate."""
    # Here, for who only reads a journal needs no library of sound.
    import soundfile  # noqa: PLC0415

    form, subtype = FORMS[ending]
    # Encoded in memory (three minutes are 6 MB at most): libsndfile hides a full disk from us.
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, 1, subtype, format=form) as sound:
        sound.buffer_write(voice, dtype="int16")
    return file.getvalue()


def decoded(file: bytes) -> tuple[NDArray[np.int16], int]:
    """Return a file's int16 samples, shaped (n,), and their rate in Hz.

    Raises:
        ValueError: It is damaged, or none of ours.
    """
    import soundfile  # noqa: PLC0415

    try:
        samples, rate = soundfile.read(io.BytesIO(file), dtype="int16")
    except (soundfile.SoundFileError, MemoryError) as error:
        # A damaged header may promise any number of samples.
        raise ValueError(str(error)) from error
    if samples.ndim != 1:
        raise ValueError("it has several channels")
    return samples, rate
