"""Text to samples, with pyttsx3 or Piper in a process of its own.

pyttsx3 plays through a blocking `aplay`, prints to stdout and can hang for ever. So it only ever
writes files, in a child process whose stdout is not ours, and each text has a time limit; after a
hang, a crash or garbage the child is replaced, and the text tried once more within that limit.
Piper does the same, under another licence than ours: there, too, only requests pass between us.

The child is `espeak.py` or `piper.py`. It reads one JSON object a line from stdin, `{"id", "set":
{property: value}}`, `{"id", "text", "path"}` or both in one, and answers each with one on what was
its stdout: `{"id", "engine": version}`, or with an `"error"` beside the id. What has another id is
no answer.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import soundfile

from voice_glimmer.faults import Fault
from voice_glimmer.speaking import voices
from voice_glimmer.speaking.phrasing import AT_ONCE
from voice_glimmer.speaking.sound import Sound, read

START_SECONDS = 30.0
"""Loading pyttsx3 takes 0.3 s here; a Pi Zero with a cold card is allowed far more."""

SENTENCE_SECONDS = 3.0
"""espeak-ng is over a hundred times faster than speech, and Piper has shorter texts to make; what
takes longer is a hang, or a voice too slow for the machine."""

FIRST_TRY, FIRST_TRY_OF_PIPER = 0.5, 1.0
"""The part of the time limit after which a text is tried anew, with another child. Loading a Piper
voice takes so long that the other would not be in time, unless the first one failed at once."""

LONGEST_ANSWER = 10_000
"""Bytes; an error names a file at most."""

AT_ONCE_BY_PIPER = 60
"""Characters, which take Piper 0.5 s here; nearly every sentence of our own stays whole."""

PROBE = "What small good thing did you notice today, or yesterday?"
"""As long as what Piper makes at once: who cannot say that in time is too slow."""

log = logging.getLogger(__name__)


class VoiceFailedError(Exception):
    """A text could not be spoken; the next may be."""


class Voice:
    """A voice of espeak-ng's, or of Piper's.

    Args:
        name: A pyttsx3 voice id, an espeak-ng voice such as "en-us+f3", or the path of a Piper
            voice's .onnx file.
        rate: Words a minute.
        command: How to start the child; the default starts the one for this voice.
        start_seconds: The time limit until it has once spoken.

    Attributes:
        name: The voice's name.
        rate: Words a minute.
        engine: What the child is, with its version; empty until the voice has spoken.
        at_once: How many characters are to be made in one piece.
    """

    def __init__(
        self,
        name: str,
        rate: int,
        command: list[str] | None = None,
        start_seconds: float = START_SECONDS,
    ) -> None:
        self.name, self.rate = name, rate
        self.engine = ""
        piper = voices.is_piper(name)
        self.at_once = AT_ONCE_BY_PIPER if piper else AT_ONCE
        self._first_try = FIRST_TRY_OF_PIPER if piper else FIRST_TRY
        child = "piper" if piper else "espeak"
        self._command = command or [sys.executable, "-P", "-m", f"voice_glimmer.speaking.{child}"]
        self._start_seconds = start_seconds
        self._folder = tempfile.TemporaryDirectory(prefix="voice-glimmer-")
        self._asked, self._heard = 0, b""
        self._ready, self._started_at = False, 0.0
        self._child: subprocess.Popen[bytes] | None = None
        self._start()

    def check(self) -> None:
        """Wait until the voice is ready to speak.

        Raises:
            Fault: It cannot, for a reason that the person can mend.
        """
        try:
            self.sound("Hello.")
            if voices.is_piper(self.name):
                self.sound(PROBE)
        except VoiceFailedError as error:
            log.info("the voice failed its first words: %s", error)
            raise Fault(voices.why_silent(self.name, str(error))) from error

    def called(self, *, whispers: bool) -> str:
        """Return the voice's name, or the one by which it whispers, if it can."""
        return voices.whispering(self.name) if whispers else self.name

    def sound(
        self,
        text: str,
        pace: float = 1.0,
        limit: float = SENTENCE_SECONDS,
        *,
        whispers: bool = False,
    ) -> Sound:
        """Return `text` spoken, without silence at its end.

        Args:
            text: What to say.
            pace: How many times as fast as usual.
            limit: For how many seconds to wait, both tries together; longer until the voice has
                once spoken.
            whispers: Whether to whisper it, where the voice can.

        Raises:
            VoiceFailedError: It could not be spoken within the time limit.
        """
        begun, limit = time.monotonic(), limit if self.engine else self._start_seconds
        if limit <= 0:
            raise VoiceFailedError("no time is left")
        try:
            spoken = self._spoken(text, begun + self._first_try * limit, pace, whispers=whispers)
        except VoiceFailedError as error:
            log.info("the voice is tried once more: %s", error)
        else:
            if not spoken.silent or not any(map(str.isalnum, text)):
                return spoken.trimmed()
            # Rarely espeak-ng leaves an empty file behind, and a new process does not.
            log.info("a text came out silent, and is spoken again")
            self._replace()
        return self._spoken(text, begun + limit, pace, whispers=whispers).trimmed()

    def close(self) -> None:
        """End the child process and remove what it wrote."""
        self._stop()
        self._folder.cleanup()

    def _spoken(self, text: str, deadline: float, pace: float, *, whispers: bool) -> Sound:
        path = Path(self._folder.name) / "said.wav"
        if not self._ready:
            self._await_start(deadline)
        try:
            # What is in /tmp for long, some systems remove.
            path.parent.mkdir(mode=0o700, exist_ok=True)
            manner = {"voice": self.called(whispers=whispers), "rate": round(self.rate * pace)}
            self._request(text=text, path=str(path), set=manner)
            self._answer(deadline)
            return read(path)
        except (OSError, ValueError, RecursionError, soundfile.LibsndfileError) as error:
            # Whatever it is in, it cannot be trusted with the next sentence.
            self._replace()
            raise VoiceFailedError(str(error)) from error
        finally:
            path.unlink(missing_ok=True)

    def _await_start(self, deadline: float) -> None:
        try:
            if self._child is None:
                self._start()
            self.engine = self._answer(deadline)
        except TimeoutError as error:
            # On a slow machine it may only need longer than a sentence.
            if time.monotonic() - self._started_at > self._start_seconds:
                self._replace()
            raise VoiceFailedError(str(error)) from error
        except (OSError, ValueError, RecursionError) as error:
            self._replace()
            raise VoiceFailedError(str(error)) from error
        self._ready = True

    def _request(self, **request: Any) -> None:  # noqa: ANN401
        child = self._child
        assert child is not None and child.stdin is not None  # noqa: S101, PT018
        self._asked += 1
        line = json.dumps({"id": self._asked, **request}).encode() + b"\n"
        if child.stdin.write(line) != len(line):
            raise OSError("the voice does not listen")

    def _answer(self, deadline: float) -> str:
        """Return the engine's version, once what was asked has been done."""
        child = self._child
        assert child is not None and child.stdout is not None  # noqa: S101, PT018
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while not self._heard.endswith(b"\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError("the voice took too long")
                more = os.read(child.stdout.fileno(), LONGEST_ANSWER)
                if not more:
                    raise OSError("the voice process ended")
                self._heard += more
                if len(self._heard) > LONGEST_ANSWER:
                    raise OSError("the voice babbles")
        answer, self._heard = json.loads(self._heard), b""
        match answer:
            case {"id": self._asked, "engine": str(engine)}:
                return engine
            case {"id": self._asked, "error": str(error)}:
                raise OSError(error)
            case _:
                raise OSError(str(answer))

    def _start(self) -> None:
        self._child = child = subprocess.Popen(  # noqa: S603
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        assert child.stdin is not None  # noqa: S101
        # A child that hangs would otherwise hold whoever writes to it.
        os.set_blocking(child.stdin.fileno(), False)
        self._heard, self._started_at = b"", time.monotonic()
        with suppress(OSError):  # the answer tells
            self._request(set={"voice": self.name})

    def _replace(self) -> None:
        self._stop()
        try:
            self._start()
        except OSError as error:
            log.error("the voice cannot be started just now: %s", error)

    def _stop(self) -> None:
        child, self._child, self._ready = self._child, None, False
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
