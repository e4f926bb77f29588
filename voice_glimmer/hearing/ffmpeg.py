"""Sound files that libsndfile does not read, such as a telephone's .m4a, by way of ffmpeg."""

from __future__ import annotations

import logging
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import RATE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

ENDINGS = frozenset({".m4a", ".mp4", ".aac", ".amr", ".3gp", ".wma", ".webm", ".mka"})
"""Of the files that ffmpeg is asked for."""

BLOCK_BYTES = 10 * 2 * RATE

log = logging.getLogger(__name__)


def pieces(path: Path, program: str = "ffmpeg") -> Iterator[npt.NDArray[np.int16]]:
    """Yield a sound file as int16 samples, shape (n,), n of any size, mono, at `RATE`.

    A file that names others, or an address, is not followed there.

    Args:
        path: The file.
        program: ffmpeg, or what behaves like it.

    Raises:
        Fault: It is not there, holds no sound, or there is no ffmpeg.
    """
    if not path.is_file():
        raise Fault(f"There is no file {path}. Please check the path.")
    found = shutil.which(program)
    if found is None:
        raise Fault(
            f"To read {path.suffix} I need ffmpeg. Install it with: sudo apt install ffmpeg"
        )
    command = [found, "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe"]
    command += ["-i", f"file:{path}", "-vn", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints
        ) as decoder,
    ):
        assert decoder.stdout is not None  # noqa: S101
        some = False
        try:
            while block := decoder.stdout.read(BLOCK_BYTES):
                some = True
                yield np.frombuffer(block[: len(block) // 2 * 2], "<i2").astype(np.int16)
        finally:
            decoder.kill()
        if decoder.wait() or not some:
            complaints.seek(0)
            log.info("ffmpeg: %s", complaints.read(1_000).decode(errors="replace"))
            raise Fault(f"{path} cannot be read as sound. Please choose another file.")
