"""Keeping the libraries of sound off the terminal."""

from __future__ import annotations

import logging
import os
import sys


def hush_libraries() -> None:
    """Keep what ALSA and PortAudio print by themselves off the terminal, but for a bug report.

    Python's own stderr, and the log, stay as they are.
    """
    if logging.getLogger().isEnabledFor(logging.INFO):
        return
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
