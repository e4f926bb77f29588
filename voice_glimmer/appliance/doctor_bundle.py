"""A report for whoever helps, in which there is not one word of the journal."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import zipfile
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, get_origin

from voice_glimmer.appliance.doctor_log import without_words
from voice_glimmer.faults import Fault
from voice_glimmer.settings import Origin, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from voice_glimmer.appliance.doctor import Finding
    from voice_glimmer.settings import Layers

LIBRARIES = ("voice-glimmer", "vosk", "pyttsx3", "sounddevice", "sqlite-utils", "numpy")
SHORTEST = 3
"""Letters of what is taken out: a shorter one is part of too much else."""


def contents(
    findings: Sequence[Finding],
    given: Layers,
    lines: Iterable[str],
    personal: Mapping[str, str],
) -> dict[str, str]:
    """Return the files of the report (pure).

    Args:
        findings: What was found.
        given: The settings, by where they come from.
        lines: What the service has printed and logged.
        personal: What is this person's, such as their folders, and what stands in its place.
    """
    told = [
        {name: redacted(text, personal) for name, text in asdict(each).items()} for each in findings
    ]
    return {
        "findings.json": json.dumps(told, ensure_ascii=False, indent=2),
        "settings.json": json.dumps(_settings(given), indent=2),
        "log.txt": "\n".join(without_words(lines)),
    }


def machine() -> str:
    """Return what this is run by and on, as JSON."""
    return json.dumps(
        {
            "python": platform.python_version(),
            "kernel": platform.release(),
            "processor": platform.machine(),
            "processors": os.cpu_count(),
            "system": platform.libc_ver(),
            "libraries": {
                each.name: each.version
                for name in LIBRARIES
                for each in importlib.metadata.distributions(name=name)
            },
        },
        indent=2,
    )


def write(path: Path, files: Mapping[str, str]) -> None:
    """Write the report as a zip.

    Raises:
        Fault: There is such a file already, or it cannot be written.
    """
    try:
        with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in files.items():
                bundle.writestr(name, text + "\n")
    except FileExistsError as error:
        raise Fault(f"There is a file {path} already. Please choose another name.") from error
    except OSError as error:
        raise Fault(f"I cannot write {path}: {error.strerror}.") from error


def redacted(text: str, personal: Mapping[str, str]) -> str:
    """Return a text with what is personal replaced, the longest first (pure)."""
    for each in sorted(personal, key=len, reverse=True):
        if len(each) >= SHORTEST:
            text = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", personal[each], text)
    return text


def _settings(given: Layers) -> dict[str, Any]:
    """Return what is set: numbers and choices as they are; of texts, that they are set."""
    return {
        key: {"value": value if _is_no_text(key, value) else "(set)", "origin": origin}
        for origin in Origin
        for key, value in given.get(origin, {}).items()
        if key in Settings.model_fields
    }


def _is_no_text(key: str, value: object) -> bool:
    is_choice = get_origin(Settings.model_fields[key].annotation) is Literal
    return isinstance(value, bool | int | float) or is_choice
