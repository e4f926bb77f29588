"""Sound files, as samples to hear; a bad one is a plain sentence."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import RATE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

RATES = range(1_000, 1_000_001)
"""Hz. A header that claims another rate is wrong: telephones have 8,000, studios 768,000."""

READ_SECONDS = 10
"""Sound asked for at once: a header that claims years must not claim their memory."""

CUT_SHORT = re.compile(r"(?:data|ssnd|data size)\s*:\s*(\d+) \(should be (\d+)\)", re.IGNORECASE)
"""What libsndfile notes of a header that claims more bytes of sound than there are."""


def from_file(path: Path) -> npt.NDArray[np.int16]:
    """Return a sound file as int16 samples, shape (n,), mono, at `RATE`; see `pieces`.

    Raises:
        Fault: As `pieces`.
    """
    return np.concatenate(list(pieces(path)))


def pieces(path: Path) -> Iterator[npt.NDArray[np.int16]]:
    """Yield a sound file as int16 samples, shape (n,), n of any size, mono, at `RATE`.

    It may have any format, rate and width that libsndfile reads; its channels are averaged.

    Raises:
        Fault: It is not there, is no sound file, holds no sound, holds samples that are no
            numbers, or its header claims what is not so.
    """
    with _opened(path) as file:
        if not file.frames:
            raise Fault(f"{path} holds no sound. Please choose another file.")
        yield from _resampled(path, file)


def seconds(path: Path) -> float:
    """Return how long a sound file lasts, by its header.

    Raises:
        Fault: It is not there, is no sound file, or its header claims what is not so.
    """
    with _opened(path) as file:
        return float(file.frames / file.samplerate)


def wavs(folder: Path) -> list[Path]:
    """Return every WAV of a folder, by name.

    Raises:
        Fault: There is none.
    """
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() == ".wav")
    if not files:
        raise Fault(f"There is no WAV in {folder}. Please give a folder of WAV files.")
    return files


@contextmanager
def _opened(path: Path) -> Iterator[soundfile.SoundFile]:
    if not path.is_file():
        raise Fault(f"There is no file {path}. Please check the path.")
    try:
        with soundfile.SoundFile(path) as file:
            _check_header(path, file)
            yield file
    except soundfile.LibsndfileError as error:
        raise Fault(f"{path} cannot be read as sound: {_reason(error)}.") from error


def _check_header(path: Path, file: soundfile.SoundFile) -> None:
    if file.samplerate not in RATES:
        raise Fault(f"{path} claims {file.samplerate} samples a second. Please make it anew.")
    if any(int(claimed) > int(held) for claimed, held in CUT_SHORT.findall(file.extra_info)):
        raise Fault(_cut_short(path))


def _resampled(path: Path, file: soundfile.SoundFile) -> Iterator[npt.NDArray[np.int16]]:
    rate = file.samplerate
    resampler = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="float32")
    read = 0
    while read < file.frames:
        part = file.read(READ_SECONDS * rate, dtype="float32", always_2d=True).mean(axis=1)
        if not len(part):
            raise Fault(_cut_short(path))
        if not np.isfinite(part).all():
            raise Fault(f"{path} holds samples that are no numbers. Please make it anew.")
        read += len(part)
        if resampler is not None:
            part = resampler.resample_chunk(part, last=read >= file.frames)
        yield np.rint(np.clip(part * 32_768, -32_768, 32_767)).astype(np.int16)


def _cut_short(path: Path) -> str:
    return f"{path} is cut short: it claims more sound than it holds. Please copy it again."


def _reason(error: soundfile.LibsndfileError) -> str:
    return str(error.error_string).removeprefix("Error : ").rstrip(".").lower()
