"""A recording from elsewhere as samples, decoded in a process of its own with little to spend.

What is claimed of it is not believed: libsndfile looks at the bytes. Nothing of it is written to a
disk, so that beside an encrypted journal nothing stays readable, and nothing stays behind.

    python -P -m voice_glimmer.review.decoding < RECORDING > SAMPLES
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.files import from_file
from voice_glimmer.hearing.frames import RATE

if TYPE_CHECKING:
    import numpy.typing as npt

LONGEST_SECONDS = 600
PATIENCE_SECONDS = 30.0

MIB = 2**20
LIMITS = {
    resource.RLIMIT_AS: 512 * MIB,  # ten minutes take 220
    resource.RLIMIT_CPU: 20,  # ten minutes take a fifth of a second on a PC
    resource.RLIMIT_FSIZE: LONGEST_SECONDS * RATE * 2 + MIB,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NPROC: 0,
    resource.RLIMIT_NOFILE: 4,  # its three, and the recording
}
_TOO_LONG = 3


class UnreadableError(Exception):
    """A recording that cannot be decoded; its argument is a sentence's name."""


def decoded(content: bytes, patience: float = PATIENCE_SECONDS) -> npt.NDArray[np.int16]:
    """Return a recording as int16 samples, shape (n,), mono, at `RATE`.

    Args:
        content: A file of any format that libsndfile reads; hostile, perhaps.
        patience: Seconds after which it is given up.

    Raises:
        UnreadableError: It is no sound, cut short, too long, or takes too much to decode.
    """
    given, made = os.memfd_create("recording"), os.memfd_create("samples")
    with os.fdopen(given, "r+b") as stdin, os.fdopen(made, "r+b") as stdout:
        stdin.write(content)
        stdin.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "voice_glimmer.review.decoding"],
                stdin=stdin,
                stdout=stdout,
                stderr=subprocess.DEVNULL,
                timeout=patience,
                cwd="/",
                env={"OPENBLAS_NUM_THREADS": "1"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadableError("unreadable") from error
        if done.returncode:
            raise UnreadableError("too_long" if done.returncode == _TOO_LONG else "unreadable")
        stdout.seek(0)
        return np.frombuffer(stdout.read(), "<i2").astype(np.int16)


def _decode() -> int:
    for what, most in LIMITS.items():
        resource.setrlimit(what, (most, most))
    try:
        samples = from_file(Path("/dev/stdin"))
    except Fault:
        return 2
    if len(samples) > LONGEST_SECONDS * RATE:
        return _TOO_LONG
    sys.stdout.buffer.write(samples.astype("<i2").tobytes())
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(_decode())
