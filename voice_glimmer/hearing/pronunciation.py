"""How words are pronounced, by espeak-ng in a process of its own, with a time limit.

The library is asked and not the command: that synthesises all it transcribes, and takes forty
times as long.

Run as a module (`python -m voice_glimmer.hearing.pronunciation`), this file is that process: it
reads a JSON list of words from stdin and writes one of their transcriptions to stdout.
"""

from __future__ import annotations

import ctypes
import json
import logging
import subprocess
import sys
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

LIBRARY = "libespeak-ng.so.1"
VOICE = "en-us"
NO_LIBRARY = 3
"""The exit status that tells that espeak-ng is not installed."""

SECONDS = 20.0
"""28,000 words take 0.7 s here; a Pi Zero with a cold card is allowed far more."""

log = logging.getLogger(__name__)


def transcriptions(
    words: Collection[str], command: Sequence[str] | None = None, seconds: float = SECONDS
) -> dict[str, str]:
    """Return the IPA of each word.

    Args:
        words: Lower case.
        command: How to start the process; the default starts this module.
        seconds: The time limit.

    Raises:
        Fault: There is no espeak-ng, or it does not do what it should.
    """
    asked = list(words)
    try:
        done = subprocess.run(  # noqa: S603
            command or [sys.executable, "-P", "-m", "voice_glimmer.hearing.pronunciation"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        if done.returncode:
            log.info("espeak-ng failed: %s", done.stderr.decode(errors="replace")[-1000:])
        if done.returncode == NO_LIBRARY:
            raise Fault(
                "I cannot tell how words sound: espeak-ng is missing. "
                "Install it with: sudo apt install espeak-ng"
            )
        return dict(zip(asked, map(str, json.loads(done.stdout)), strict=True))
    except (OSError, subprocess.TimeoutExpired, ValueError, TypeError) as error:
        log.info("espeak-ng told no pronunciations: %s", error)
        raise Fault("I cannot tell how words sound: espeak-ng does not answer.") from error


def remembered(
    words: Collection[str],
    cache: Path,
    ask: Callable[[Collection[str]], dict[str, str]] = transcriptions,
) -> dict[str, str]:
    """Return the IPA of each word, asking only for those that the cache's file lacks.

    Raises:
        Fault: As `ask` does.
    """
    file = cache / f"pronunciations-{VOICE}.json"
    try:
        known = {str(word): str(ipa) for word, ipa in json.loads(file.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError) as error:
        log.info("pronunciations are asked for anew: %s", error)
        known = {}
    new = [word for word in words if word not in known]
    if new:
        known |= ask(new)
        try:
            cache.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(known), "utf-8")
        except OSError as error:
            log.info("pronunciations will be asked for again: %s", error)
    return {word: known[word] for word in words}


def _serve() -> int:
    """Be the process; return its exit status."""
    try:
        espeak = ctypes.CDLL(LIBRARY)
    except OSError as error:
        sys.stderr.write(str(error))
        return NO_LIBRARY
    # From speak_lib.h: AUDIO_OUTPUT_SYNCHRONOUS, and espeakINITIALIZE_DONT_EXIT.
    if espeak.espeak_Initialize(2, 0, None, 0x8000) < 0:
        return 1
    if espeak.espeak_SetVoiceByName(VOICE.encode()):
        return 1
    espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
    json.dump([_transcribed(espeak, word) for word in json.load(sys.stdin)], sys.stdout)
    return 0


def _transcribed(espeak: ctypes.CDLL, word: str) -> str:
    text = ctypes.pointer(ctypes.c_char_p(word.encode()))
    ipa = b""
    # One clause at a time; after the last, the pointer is null. 1: UTF-8 in, 2: IPA out.
    while text.contents:
        ipa += espeak.espeak_TextToPhonemes(text, 1, 2) or b""
    return ipa.decode()


if __name__ == "__main__":
    sys.exit(_serve())
