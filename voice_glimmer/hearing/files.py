"""Sound files, as samples to hear; a bad one is a plain sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import RATE

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

RATES = range(1_000, 1_000_001)
"""Hz. A header that claims another rate is wrong: telephones have 8,000, studios 768,000."""

READ_SECONDS = 60
"""Sound asked for at once: a header that claims years must not claim their memory."""

CUT_SHORT = re.compile(r"(?:data|ssnd|data size)\s*:\s*(\d+) \(should be (\d+)\)", re.IGNORECASE)
"""What libsndfile notes of a header that claims more bytes of sound than there are."""


def from_file(path: Path) -> npt.NDArray[np.int16]:
    """Return a sound file as int16 samples, shape (n,), mono, at `RATE`.

    It may have any format, rate and width that libsndfile reads; its channels are averaged.

    Raises:
        Fault: It is not there, is no sound file, holds no sound, holds samples that are no
            numbers, or its header claims what is not so.
    """
    if not path.is_file():
        raise Fault(f"There is no file {path}. Please check the path.")
    try:
        with soundfile.SoundFile(path) as file:
            _check_header(path, file)
            samples = _read(file)
            if len(samples) < file.frames:
                raise Fault(_cut_short(path))
    except soundfile.LibsndfileError as error:
        raise Fault(f"{path} cannot be read as sound: {_reason(error)}.") from error
    if not np.isfinite(samples).all():
        raise Fault(f"{path} holds samples that are no numbers. Please make it anew.")
    at_rate = samples if file.samplerate == RATE else soxr.resample(samples, file.samplerate, RATE)
    if not len(at_rate):
        raise Fault(f"{path} holds no sound. Please choose another file.")
    return np.rint(np.clip(at_rate * 32_768, -32_768, 32_767)).astype(np.int16)


def wavs(folder: Path) -> list[Path]:
    """Return every WAV of a folder, by name.

    Raises:
        Fault: There is none.
    """
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() == ".wav")
    if not files:
        raise Fault(f"There is no WAV in {folder}. Please give a folder of WAV files.")
    return files


def _check_header(path: Path, file: soundfile.SoundFile) -> None:
    if file.samplerate not in RATES:
        raise Fault(f"{path} claims {file.samplerate} samples a second. Please make it anew.")
    if any(int(claimed) > int(held) for claimed, held in CUT_SHORT.findall(file.extra_info)):
        raise Fault(_cut_short(path))


def _read(file: soundfile.SoundFile) -> npt.NDArray[np.float32]:
    """Return what is left of a file, channels averaged, full scale 1.0."""
    parts: list[npt.NDArray[np.float32]] = []
    while not parts or len(parts[-1]):
        part = file.read(READ_SECONDS * file.samplerate, dtype="float32", always_2d=True)
        parts.append(part.mean(axis=1))
    return np.concatenate(parts)


def _cut_short(path: Path) -> str:
    return f"{path} is cut short: it claims more sound than it holds. Please copy it again."


def _reason(error: soundfile.LibsndfileError) -> str:
    return str(error.error_string).removeprefix("Error : ").rstrip(".").lower()
