"""The process in which espeak-ng speaks, by pyttsx3.

Run as a module, it answers `voice.py`. With a language's code it prints the voices that espeak-ng
has for it instead, as JSON: `{"voices": [{"name", "language"}], "variants": [name]}`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from voice_glimmer.speaking.serving import serve


class Espeak:
    """pyttsx3 with espeak-ng, loaded with the first request."""

    def __init__(self) -> None:
        self._engine: Any = None

    def fulfil(self, request: dict[str, Any]) -> str:
        """Set properties, write a text to a file as speech, or both; return the version.

        Raises:
            ValueError: There is no such voice.
        """
        from pyttsx3.drivers import _espeak  # noqa: PLC0415 - what fails here is an answer

        properties = request.get("set", {})
        loading = self._engine is None
        if loading:
            import pyttsx3  # noqa: PLC0415

            self._engine = pyttsx3.init()
        for name, value in properties.items():
            # By the driver: the engine's own queue swallows errors.
            self._engine.proxy._driver.setProperty(name, value)
        # A variant that is not there is passed over in silence. Later only whispering is set, and a
        # voice that cannot do that speaks.
        variant = properties.get("voice", "").partition("+")[2]
        if loading and not _identifier(_espeak.GetCurrentVoice().contents).endswith(variant):
            raise ValueError(f"SetVoice: no variant {variant}")
        if "text" in request:
            self._engine.save_to_file(request["text"], request["path"])
            self._engine.runAndWait()
            # Despite its name that does not wait: espeak-ng writes in a thread of its own, and
            # whatever is asked of it meanwhile cuts the file short.
            _espeak.Synchronize()
        return str(_espeak.Info(None).decode())


def voices(language: str) -> dict[str, Any]:
    """Return the voices of a language, and the variants in which each of them can speak.

    Args:
        language: A code such as "en".
    """
    import pyttsx3  # noqa: PLC0415
    from pyttsx3.drivers import _espeak  # noqa: PLC0415

    pyttsx3.init()
    found = []
    for voice in _espeak.ListVoices(None):
        # A priority, and the code.
        code = voice.languages[1:].decode()
        # By its file it is always found, by its language's code not: "en" is the one for "en-gb".
        group, _, file = _identifier(voice).rpartition("/")
        if code.split("-")[0] == language and group != "mb":
            found.append({"name": file.lower(), "language": voice.name.decode()})
    variants = _espeak.ListVoices(_espeak.VOICE(None, b"variant", None, 0, 0, 0, 0, 0, None))
    names = (_identifier(voice).rsplit("/", 1)[-1] for voice in variants)
    return {"voices": found, "variants": sorted(names)}


def _identifier(voice: Any) -> str:  # noqa: ANN401
    return str(voice.identifier.decode())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(voices(sys.argv[1])))
    else:
        serve(Espeak().fulfil)
