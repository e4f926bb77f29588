"""Text to samples, with pyttsx3 in a process of its own.

pyttsx3 plays through a blocking `aplay`, prints to stdout and can hang for ever. So it only ever
writes files, in a child process whose stdout is not ours, and each sentence has a time limit;
after a hang, a crash or garbage the child is replaced.

Run as a module (`python -m voice_glimmer.speaking.voice`), this file is that child: it reads one
JSON object a line from stdin, `{"set": {property: value}}`, `{"text", "path"}` or both in one, and
answers each with one JSON object on what was its stdout, `{}` or `{"error": "..."}`.
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
from pathlib import Path
from typing import Any

import soundfile

from voice_glimmer.faults import Fault
from voice_glimmer.speaking.sound import Sound, read

START_SECONDS = 15.0
"""Loading pyttsx3 takes 0.3 s here; a Pi Zero with a cold card is allowed far more."""

SENTENCE_SECONDS = 3.0
"""espeak-ng is over a hundred times faster than speech; what takes longer is a hang."""

log = logging.getLogger(__name__)


class VoiceFailedError(Exception):
    """A text could not be spoken; the next may be."""


class Voice:
    """A pyttsx3 voice.

    Args:
        name: A pyttsx3 voice id, or an espeak-ng voice such as "en-us+f3".
        rate: Words a minute.
        command: How to start the child; the default starts this module.
        sentence_seconds: The time limit for one text.
    """

    def __init__(
        self,
        name: str,
        rate: int,
        command: list[str] | None = None,
        sentence_seconds: float = SENTENCE_SECONDS,
    ) -> None:
        self._name, self._rate = name, rate
        self._command = command or [sys.executable, "-P", "-m", "voice_glimmer.speaking.voice"]
        self._limit = sentence_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._folder = tempfile.TemporaryDirectory(prefix="voice-glimmer-")
        self._start()

    def check(self) -> None:
        """Wait until the voice is ready to speak.

        Raises:
            Fault: There is no espeak-ng, or no voice of this name.
        """
        try:
            self.sound("Hello.")
        except VoiceFailedError as error:
            log.info("the voice failed its first word: %s", error)
            if "espeak" in str(error).lower() and "SetVoice" not in str(error):
                raise Fault(
                    "I have no voice: espeak-ng is missing. "
                    "Install it with: sudo apt install espeak-ng"
                ) from error
            raise Fault(
                f'I cannot speak with the voice "{self._name}". '
                "Please choose another: espeak-ng --voices=en lists them."
            ) from error

    def sound(self, text: str, pace: float = 1.0) -> Sound:
        """Return `text` spoken, without silence at its end.

        Args:
            text: What to say.
            pace: How many times as fast as usual.

        Raises:
            VoiceFailedError: It could not be spoken within the time limit.
        """
        spoken = self._spoken(text, pace)
        if spoken.silent and any(map(str.isalnum, text)):
            # Rarely espeak-ng leaves an empty file behind, and a new process does not.
            log.info("a text came out silent, and is spoken again")
            self._stop()
            spoken = self._spoken(text, pace)
        return spoken.trimmed()

    def _spoken(self, text: str, pace: float) -> Sound:
        path = Path(self._folder.name) / "said.wav"
        path.unlink(missing_ok=True)
        try:
            rate = round(self._rate * pace)
            self._ask({"text": text, "path": str(path), "set": {"rate": rate}})
            spoken = read(path)
        except (OSError, ValueError, soundfile.LibsndfileError) as error:
            # Whatever it is in, it cannot be trusted with the next sentence.
            self._stop()
            raise VoiceFailedError(str(error)) from error
        finally:
            path.unlink(missing_ok=True)
        return spoken

    def close(self) -> None:
        """End the child process and remove what it wrote."""
        self._stop()
        self._folder.cleanup()

    def _ask(self, request: dict[str, Any]) -> None:
        deadline = time.monotonic() + self._limit
        if self._child is None:
            self._start()
        if not self._ready:
            deadline = time.monotonic() + START_SECONDS
            self._exchange({"set": {"voice": self._name}}, deadline)
            self._ready = True
        self._exchange(request, deadline)

    def _exchange(self, request: dict[str, Any], deadline: float) -> None:
        child = self._child
        assert child is not None and child.stdin is not None and child.stdout is not None  # noqa: S101, PT018
        child.stdin.write(json.dumps(request).encode() + b"\n")
        child.stdin.flush()
        answer = b""
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while not answer.endswith(b"\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError("the voice took too long")
                read_ = os.read(child.stdout.fileno(), 65_536)
                if not read_:
                    raise OSError("the voice process ended")
                answer += read_
        reply = json.loads(answer)
        if reply != {}:
            raise OSError(reply)

    def _start(self) -> None:
        self._child = subprocess.Popen(  # noqa: S603
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        self._ready = False

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _serve() -> None:
    """Be the child: answer requests until stdin ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    engine: Any = None
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, str] = {}
        try:
            if engine is None:
                import pyttsx3  # noqa: PLC0415
                from pyttsx3.drivers import _espeak as espeak  # noqa: PLC0415

                engine = pyttsx3.init()
            for name, value in request.get("set", {}).items():
                # By the driver: the engine's own queue swallows errors.
                engine.proxy._driver.setProperty(name, value)
            if "text" in request:
                engine.save_to_file(request["text"], request["path"])
                engine.runAndWait()
                # Despite its name that does not wait: espeak-ng writes in a thread of its own,
                # and whatever is asked of it meanwhile cuts the file short.
                espeak.Synchronize()
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    _serve()
