"""The process in which a Piper voice speaks, with the extra `voice-glimmer[piper]`.

Run as a module, it answers `voice.py`; the name of a voice is the path of its .onnx file, beside
which lies its .onnx.json.
"""

from __future__ import annotations

import importlib.metadata
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice_glimmer.speaking.serving import serve

if TYPE_CHECKING:
    from piper import PiperVoice

OWN_PACE = 195.0
"""Words a minute that count as a voice's own pace: at that factor, en_US-joe-medium speaks the
calming prompts as fast as espeak-ng does."""

SENTENCE_PAUSE = 0.3
"""Seconds between two sentences, as with espeak-ng; Piper makes them one by one."""

SPELLINGS = ("espeak", "text")
"""How a text becomes phonemes without anything being fetched: for Chinese, Piper would do that."""


class Piper:
    """A Piper voice, loaded with the first request that names it."""

    def __init__(self) -> None:
        self._path = ""
        self._version = ""
        self._voice: PiperVoice | None = None
        self._rate = OWN_PACE

    def fulfil(self, request: dict[str, Any]) -> str:
        """Set voice or rate, write a text to a file as speech, or both.

        Returns:
            Piper's version, with what tells the voice's file from another of its name.

        Raises:
            Exception: The voice cannot be loaded, or cannot speak this.
        """
        wanted = request.get("set", {})
        self._rate = wanted.get("rate", self._rate)
        path = wanted.get("voice", self._path)
        if self._voice is None or path != self._path:
            self._load(path)
        if "text" in request:
            self._speak(request["text"], request["path"])
        return self._version

    def _load(self, path: str) -> None:
        from piper import PiperVoice  # noqa: PLC0415 - what fails here is an answer

        voice = PiperVoice.load(path)
        if voice.config.phoneme_type.value not in SPELLINGS:
            raise ValueError(f"spelling {voice.config.phoneme_type.value}")
        status = Path(path).stat()
        version = importlib.metadata.version("piper-tts")
        self._version = f"piper {version} {status.st_size} {status.st_mtime_ns}"
        self._path, self._voice = path, voice

    def _speak(self, text: str, path: str) -> None:
        from piper import SynthesisConfig  # noqa: PLC0415

        voice = self._voice
        assert voice is not None  # noqa: S101
        scale = voice.config.length_scale * OWN_PACE / self._rate
        pause = bytes(2 * round(SENTENCE_PAUSE * voice.config.sample_rate))
        said = voice.synthesize(text, SynthesisConfig(length_scale=scale))
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(voice.config.sample_rate)
            file.writeframes(pause.join(sentence.audio_int16_bytes for sentence in said))


if __name__ == "__main__":
    serve(Piper().fulfil)
