"""Which speech models there are: on this machine, and in the official list."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.models import BUNDLED, is_model, places, takes_grammar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PREFIX = "vosk-model-"

_VERSION = re.compile(r"-v?\d[\d.]*(?=-|$)")
_LANGUAGE = re.compile(r"(?:^|-)(?:small-)?(en|de)(?=-|$)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A model of the catalogue, `models/catalogue.toml`; everything as it is published.

    Attributes:
        name: Its full name.
        language: "en" or "de".
        size: Of the download, such as "40M".
        licence: Such as "Apache 2.0".
        wake: Whether it takes a wake phrase at run time.
        word_error_rate: In percent, with the test sets.
        pi: Which Raspberry Pi has the memory for it; empty where nothing is published.
    """

    name: str
    language: str
    size: str
    licence: str
    wake: bool
    word_error_rate: str
    pi: str = ""


@dataclass(frozen=True, slots=True)
class Installed:
    """A model on this machine.

    Attributes:
        name: Its folder's name.
        path: Its folder.
        language: "en" or "de"; empty where its name does not tell.
        bytes: On disk.
        wake: Whether it takes a wake phrase at run time.
    """

    name: str
    path: Path
    language: str
    bytes: int
    wake: bool


def catalogue() -> list[Entry]:
    """Return the models of the catalogue, the smallest of each language first."""
    text = (BUNDLED.parent / "catalogue.toml").read_text("utf-8")
    return TypeAdapter(list[Entry]).validate_python(tomllib.loads(text)["model"])


def short(name: str) -> str:
    """Return a model's name without what all have, and without its version: "small-en-us"."""
    return _VERSION.sub("", name.removeprefix(PREFIX))


def named(asked: str, names: Iterable[str]) -> str | None:
    """Return the one of these names that is meant, in full or in short; the first that fits."""
    wanted = asked.strip().lower()
    there = list(names)
    for form in (str, lambda name: name.removeprefix(PREFIX), short):
        for name in there:
            if form(name).lower() == wanted:
                return name
    return None


def language_of(name: str) -> str:
    """Return the language that a model's name tells, "en" or "de"; empty where it tells neither."""
    if name == BUNDLED.name:
        return "en"
    found = _LANGUAGE.search(name.removeprefix(PREFIX))
    return found[1] if found else ""


def installed(setting: Path | None, home: Path) -> list[Installed]:
    """Return the models on this machine, in the order in which they are looked for.

    Args:
        setting: The folder in the settings; None where there is none.
        home: The person's.
    """
    folders = [setting] if setting else []
    for place in places(home):
        folders += [place, *_inside(place)]
    found: dict[Path, Path] = {}
    for path in [*folders, BUNDLED]:
        if is_model(path):
            found.setdefault(path.resolve(), path)
    return [_installed(path) for path in found.values()]


def at_hand(asked: str, setting: Path | None, home: Path) -> Installed:
    """Return the model on this machine that is meant by this name.

    Raises:
        Fault: There is none; it says how to get it, or which there are.
    """
    there = installed(setting, home)
    name = named(asked, (model.name for model in there))
    if name is not None:
        return next(model for model in there if model.name == name)
    if official := named(asked, (entry.name for entry in catalogue())):
        raise Fault(
            f"{official} is not on this machine yet. "
            f"Please fetch it with: voice-glimmer model get {short(official)}"
        )
    names = ", ".join(model.name for model in there)
    raise Fault(f'I know no model called "{asked}". On this machine are: {names}.')


def _inside(place: Path) -> list[Path]:
    try:
        return sorted(place.iterdir())
    except OSError:
        return []


def _installed(path: Path) -> Installed:
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return Installed(path.name, path, language_of(path.name), size, takes_grammar(path))
