"""Speech that was rendered once, and is there at once: the program's own fixed words.

What a person said, and what is filled in with it, is never kept here.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import stat
import time
from functools import cached_property
from typing import TYPE_CHECKING

import soundfile

from voice_glimmer.speaking.sound import Sound
from voice_glimmer.speaking.voice import SENTENCE_SECONDS, VoiceFailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from voice_glimmer.speaking.voice import Voice

MOST_BYTES = 64 * 2**20
"""Some 40 minutes of speech; what was used longest ago goes first."""

LARGEST_BYTES, LONGEST_SECONDS, RATES = 2**21, 60, range(8_000, 192_001)
"""What a file is believed to hold: ours are far below."""

USED_DAYS = 1.0
"""How old the note of its last use may become: a memory card is spared the others."""

log = logging.getLogger(__name__)


class Rendered:
    """A voice that has its fixed words at hand.

    Args:
        voice: What makes words into sound.
        folder: Where what was made is kept; made when needed.
        fixed: The texts that are kept; asked for with the first text.
        progress: Is told how many of them are made, and of how many, while that goes on.
        most: How many bytes are kept.
    """

    def __init__(
        self,
        voice: Voice,
        folder: Path,
        fixed: Iterable[str],
        progress: Callable[[int, int], None] = lambda _done, _total: None,
        most: int = MOST_BYTES,
    ) -> None:
        self._voice = voice
        self._folder = folder
        self._given = fixed
        self._progress = progress
        self._most = most
        self._looked_at = 0

    @cached_property
    def _fixed(self) -> list[str]:
        return list(dict.fromkeys(self._given))

    @property
    def at_once(self) -> int:
        """How many characters the voice makes in one piece."""
        return self._voice.at_once

    def sound(
        self,
        text: str,
        pace: float = 1.0,
        limit: float = SENTENCE_SECONDS,
        *,
        whispers: bool = False,
    ) -> Sound:
        """Return `text` spoken, as `Voice.sound` does; what is at hand needs no voice.

        Raises:
            VoiceFailedError: It could not be spoken within the time limit.
        """
        if text not in self._fixed:
            return self._voice.sound(text, pace, limit, whispers=whispers)
        path = self._path(text, pace, whispers=whispers)
        kept = _read(path)
        if kept is None:
            kept = self._voice.sound(text, pace, limit, whispers=whispers)
            self._write(path, kept)
        return kept

    def rest(self) -> None:
        """Make one of the fixed texts that are not yet there; call this while nobody speaks."""
        total = len(self._fixed)
        while self._looked_at < total:
            text = self._fixed[self._looked_at]
            self._looked_at += 1
            if not self._path(text).exists():
                try:
                    self.sound(text)
                except VoiceFailedError as error:
                    log.warning("speech is not rendered ahead before the next start: %s", error)
                    self._looked_at = total
                self._progress(self._looked_at, total)
                return

    def _path(self, text: str, pace: float = 1.0, *, whispers: bool = False) -> Path:
        voice = self._voice
        called = voice.called(whispers=whispers)
        what = json.dumps([voice.engine, called, round(voice.rate * pace), text])
        return self._folder / f"{hashlib.sha256(what.encode()).hexdigest()}.flac"

    def _write(self, path: Path, sound: Sound) -> None:
        if sound.silent:
            return
        encoded = io.BytesIO()
        soundfile.write(encoded, sound.samples, sound.rate, format="FLAC", subtype="PCM_16")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new = path.with_suffix(".new")
            new.write_bytes(encoded.getbuffer())
            new.replace(path)
            self._trim()
        except OSError as error:
            log.warning("rendered speech is not kept: %s", error)

    def _trim(self) -> None:
        """Remove what was used longest ago, where there is too much."""
        files = [(file.stat(), file) for file in self._folder.iterdir()]
        total = sum(status.st_size for status, _ in files)
        for status, file in sorted(files, key=lambda each: each[0].st_mtime):
            if total <= self._most:
                return
            file.unlink()
            total -= status.st_size


def _read(path: Path) -> Sound | None:
    """Return the speech in a file; None where it is none of ours, or cannot be read."""
    try:
        # Whatever lies there is not waited for.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_BYTES:
                return None
            content = io.BytesIO(file.read(LARGEST_BYTES))
        with soundfile.SoundFile(content) as opened:
            rate = opened.samplerate
            if opened.channels != 1 or rate not in RATES:
                return None
            samples = opened.read(LONGEST_SECONDS * rate, dtype="int16")
        if time.time() - status.st_mtime > USED_DAYS * 86_400:
            os.utime(path)
    except FileNotFoundError:
        return None
    except (OSError, RuntimeError, ValueError) as error:
        log.info("rendered speech cannot be read, and is made anew: %s", error)
        return None
    sound = Sound(samples, rate)
    return None if sound.silent else sound
