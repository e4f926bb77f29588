"""Which voices there are: those of espeak-ng, and Piper's, which are files."""

from __future__ import annotations

import difflib
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SYSTEM_FOLDER = Path("/usr/share/piper-voices")
"""Where distributions that have packages of Piper's voices put them, in folders of folders."""

SUFFIX = ".onnx"

SOFT = ("f3", "steph", "m7", "belinda", "f4", "f2", "m1")
"""espeak-ng's variants that are soft: the default, and then by how little they have above 2.5 kHz,
of those of which the speech model understands 97 % of the words or more; docs/voices.md."""

WHISPERS = "whisper"
"""espeak-ng's whispering variant; of "whisperf", a woman's, still fewer words are understood."""

LISTING_SECONDS = 20.0
"""It takes 0.2 s here; a Pi Zero with a cold card is allowed far more."""

NO_ESPEAK = "I have no voice: espeak-ng is missing. Install it with: sudo apt install espeak-ng"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """A voice that can be chosen.

    Attributes:
        name: What it is chosen by.
        engine: "espeak-ng" or "piper".
        about: Whose voice it is, in a few words.
        lacks: What is missing before it can speak; empty for nothing.
    """

    name: str
    engine: str
    about: str
    lacks: str = ""


def is_piper(name: str) -> bool:
    """Tell whether a voice is the path of one of Piper's."""
    return name.endswith(SUFFIX)


def files(folders: Iterable[Path]) -> dict[str, Path]:
    """Return Piper's voices in these folders by name, sorted; the first of a name counts."""
    found: dict[str, Path] = {}
    for folder in folders:
        try:
            for path in sorted(folder.rglob(f"*{SUFFIX}")):
                found.setdefault(path.stem, path)
        except OSError as error:
            log.warning("no voice can be looked for in %s: %s", folder, error)
    return found


def called(name: str, folders: Iterable[Path]) -> str:
    """Return what a voice by this name is made of: the path of a Piper voice, or the name itself.

    Args:
        name: A path, or the name of a Piper voice or of one of espeak-ng's.
        folders: Where Piper's voices are.
    """
    if is_piper(name):
        # Of a person who is unknown here, it stays as it is.
        return os.path.abspath(os.path.expanduser(name))  # noqa: PTH100, PTH111
    path = files(folders).get(name)
    return str(path) if path else name


def of_language(language: str, folder: Path) -> str | None:
    """Return the first of Piper's voices in a folder that speaks a language and is complete."""
    for name, path in files([folder]).items():
        about = _description(path)
        if about and _code(about).split("-")[0] == language:
            return name
    return None


def whispering(name: str) -> str:
    """Return the name by which a voice whispers; its own, where it cannot.

    >>> whispering("en-us+f3"), whispering("de")
    ('en-us+whisper', 'de+whisper')
    """
    return name if is_piper(name) else f"{name.partition('+')[0]}+{WHISPERS}"


def why_silent(name: str, error: str) -> str:
    """Return a sentence for a person about a voice that could not speak.

    Args:
        name: The voice, or the path of a Piper voice.
        error: What its process answered.
    """
    if not is_piper(name):
        if "espeak" in error.lower() and "SetVoice" not in error:
            return NO_ESPEAK
        return f'I cannot speak with the voice "{name}". voice-glimmer voice list shows others.'
    path = Path(name)
    if lacks := _lacks(path):
        return f'I cannot speak with the voice "{path.stem}": {lacks}'
    if error.startswith(("ImportError", "ModuleNotFoundError")):
        return (
            f'The voice "{path.stem}" needs Piper. '
            'Install it with: pip install "voice-glimmer[piper]"'
        )
    if "too long" in error or "no time" in error:
        return f'The voice "{path.stem}" is too slow on this machine. A smaller one may do.'
    return f"{path} is damaged, or no Piper voice that I can use. Please fetch its two files again."


def known(language: str, usual: str, folders: Iterable[Path]) -> list[Known]:
    """Return the voices for a language: Piper's, the soft ones of espeak-ng, then other accents.

    Args:
        language: A code such as "en".
        usual: The default voice, whose accent comes first.
        folders: Where Piper's voices are.

    Raises:
        Fault: There is no espeak-ng, and no voice of Piper's either.
    """
    found = list(_pipers(language, folders))
    try:
        listed = _espeak(language)
    except Fault:
        if not found:
            raise
        return found
    accent = usual.partition("+")[0]
    own = [each for each in listed["voices"] if each["name"] == accent]
    others = [each for each in listed["voices"] if each["name"] != accent]
    soft = [variant for variant in SOFT if variant in listed["variants"]] or [""]
    named = [(each, variant) for each in own for variant in soft]
    named += [(each, soft[0]) for each in others]
    found += [
        Known(f"{each['name']}+{variant}".rstrip("+"), "espeak-ng", each["language"])
        for each, variant in named
    ]
    return found


def nearest(name: str, voices: Sequence[Known]) -> str:
    """Return a sentence that names the voice that is called nearly so; empty for none."""
    near = difflib.get_close_matches(name, [each.name for each in voices], n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _pipers(language: str, folders: Iterable[Path]) -> Iterable[Known]:
    for name, path in files(folders).items():
        about = _description(path)
        if about is None:
            yield Known(name, "piper", "", _lacks(path) or "its .json cannot be read.")
        elif _code(about).split("-")[0] == language:
            yield Known(name, "piper", _code(about))


def _lacks(path: Path) -> str:
    beside = path.with_name(f"{path.name}.json")
    for file in (path, beside):
        if not os.path.isfile(file):  # noqa: PTH113 - of any name, however wrong
            return f"{file} is missing. Each of Piper's voices has two files."
    return ""


def _description(path: Path) -> dict[str, Any] | None:
    """Return what a Piper voice's JSON says; None where it lacks one, or that is none."""
    try:
        about = json.loads(path.with_name(f"{path.name}.json").read_text("utf-8"))
        return about if isinstance(about, dict) and _code(about) else None
    except (OSError, ValueError, RecursionError):
        return None


def _code(about: dict[str, Any]) -> str:
    """Return the language that a Piper voice speaks, such as "en-us"."""
    espeak = about.get("espeak")
    return str(espeak.get("voice", "")) if isinstance(espeak, dict) else ""


def _espeak(language: str) -> dict[str, Any]:
    """Return espeak-ng's voices for a language, and its variants.

    Raises:
        Fault: There is no espeak-ng, or it does not answer.
    """
    command = [sys.executable, "-P", "-m", "voice_glimmer.speaking.espeak", language]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, timeout=LISTING_SECONDS, check=True
        )
        listed: dict[str, Any] = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.info("espeak-ng listed no voices: %s", error)
        raise Fault(NO_ESPEAK) from error
    return listed
