"""One typed object from defaults, a TOML file, the environment and flags, in that order."""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_origin

import platformdirs
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from voice_glimmer.faults import Fault
from voice_glimmer.settings_text import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

APP = "voice-glimmer"
PREFIX = "VOICE_GLIMMER_"
DEFAULT_SENSITIVITY = 0.5
"""At most a false accept in ten hours of household talk; the curve is in docs/benchmarks.md."""

VOICES = {"en": "en-us+f3", "de": "de+f3"}
WAKE_PHRASES = {"en": "hey glimmer", "de": "hallo glimmer"}
"""By language, for those who have not chosen otherwise."""


def settings_file() -> Path:
    """Return where the person's settings are read from."""
    return platformdirs.user_config_path(APP) / "settings.toml"


def prompts_file(language: str) -> Path:
    """Return where the person's own prompts of a language are, and which they leave out."""
    return platformdirs.user_config_path(APP) / "prompts" / f"{language}.toml"


def voices_folder() -> Path:
    """Return where the person puts Piper's voices."""
    return platformdirs.user_data_path(APP) / "voices"


def cache_folder() -> Path:
    """Return where things are kept that can be made again."""
    return platformdirs.user_cache_path(APP)


def _hour(text: object) -> object:
    """Return a time of the day, of hours and minutes."""
    if isinstance(text, time):
        return text
    if isinstance(text, str) and (found := re.fullmatch(r"(\d{1,2}):(\d\d)", text.strip())):
        return time(int(found[1]), int(found[2]))
    raise ValueError("no time of the day")


def _hours(text: object) -> object:
    """Return the two times of the day between which something is so."""
    if isinstance(text, tuple):
        return text
    if isinstance(text, str) and len(both := text.split("-")) == 2:
        return tuple(map(_hour, both))
    raise ValueError("no two times of the day")


def _some(path: object) -> object:
    """Return a path that is not empty: that would be wherever the program is started."""
    if path == "":
        raise ValueError("no path")
    return path


def _part(text: object) -> object:
    """Return a percentage as the part of 1 that it is."""
    if isinstance(text, str) and (found := re.fullmatch(r"(\d{1,3}) ?%", text.strip())):
        return int(found[1]) / 100
    return text


Hour = Annotated[time, BeforeValidator(_hour)]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
HomePath = Annotated[Path, BeforeValidator(_some), AfterValidator(Path.expanduser)]


class Settings(BaseModel):
    """Everything a person can choose."""

    model_config = ConfigDict(extra="forbid")

    journal: Annotated[HomePath, Field(description="the folder in which glimmers are kept.")] = (
        Field(default_factory=lambda: platformdirs.user_data_path(APP))
    )
    language: Annotated[
        Literal["en", "de"],
        Field(description="the language: en, or de, for which listening needs a German model."),
    ] = "en"
    model: Annotated[HomePath | None, Field(description="the folder of a Vosk model.")] = None
    input: Annotated[str | None, Field(description="the microphone's name.")] = None
    gain: Annotated[
        float,
        Field(ge=-20, le=40, description="what to amplify the microphone by, from -20 to 40 dB."),
    ] = 0.0
    output: Annotated[str | None, Field(description="the loudspeaker's name.")] = None
    lead_in: Annotated[
        float,
        Field(
            ge=0,
            le=5,
            description="the seconds of silence that wake a loudspeaker which sleeps, "
            "such as one with Bluetooth, from 0 to 5.",
        ),
    ] = 0.0
    voice: Annotated[
        str,
        Field(
            min_length=1,
            description="the name of a voice, such as en-us+f3, or the path of a Piper voice.",
        ),
    ] = Field(default_factory=lambda given: VOICES[given.get("language", "en")])
    rate: Annotated[
        int, Field(ge=80, le=300, description="whole words a minute, from 80 to 300.")
    ] = 145
    max_volume: Annotated[
        float,
        BeforeValidator(_part),
        Field(gt=0, le=1, description='how loud I may be: above 0, up to 1, or such as "60%".'),
    ] = 1.0
    wake_phrases: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z']+( [a-z']+)+$")]],
        Field(
            min_length=1,
            description="a list of phrases of two or more words in small letters, "
            'such as ["hey glimmer"].',
        ),
    ] = Field(default_factory=lambda given: [WAKE_PHRASES[given.get("language", "en")]])
    sensitivity: Annotated[
        float,
        Field(ge=0, le=1, description="how readily a wake phrase wakes me, from 0 to 1."),
    ] = DEFAULT_SENSITIVITY
    barge_in: Annotated[
        bool,
        Field(
            description="true if the microphone is echo-cancelled, so that you can be heard "
            "while I speak, or false."
        ),
    ] = False
    pause: Annotated[
        float,
        Field(ge=1, le=15, description="the seconds of silence that end a glimmer, from 1 to 15."),
    ] = 2.5

    light: Annotated[
        str,
        Field(
            pattern=r"^(none|gpio(\d|1\d|2[0-7])|respeaker-[24])$",
            description="the light that shows what I do: none, a pin such as gpio18, "
            "or respeaker-2 or respeaker-4 for the boards with so many microphones.",
        ),
    ] = "none"
    button: Annotated[
        str,
        Field(
            min_length=1,
            description="the button that wakes me, and held switches the microphone off: none, "
            "a pin such as gpio17, or a USB button's name.",
        ),
    ] = "none"

    recordings: Annotated[
        Literal["opus", "flac", "none"],
        Field(description="how your voice is kept: opus, flac, or none."),
    ] = "opus"
    recordings_days: Annotated[
        int | None, Field(ge=1, description="for how many days your voice is kept, 1 or more.")
    ] = None
    recordings_mib: Annotated[
        int | None, Field(ge=1, description="how many MiB of your voice are kept, 1 or more.")
    ] = None
    backups: Annotated[
        HomePath | None, Field(description="the folder for a backup every night.")
    ] = None
    key: Annotated[
        Literal["credential", "keyring"] | HomePath | None,
        Field(description="where an encrypted journal's key is: a file, credential or keyring."),
    ] = None

    invitations: Annotated[
        list[Hour],
        Field(
            max_length=2,
            description='one or two times of the day to be invited at, such as ["9:00", "18:30"].',
        ),
    ] = []
    invitation_window: Annotated[
        Hours | None,
        Field(
            description="two times of the day between which you are invited once, "
            'such as "9:00-11:30".'
        ),
    ] = None
    quiet: Annotated[
        Hours,
        Field(
            description="two times of the day between which I speak softly and invite nobody, "
            'such as "21:30-7:30".'
        ),
    ] = (
        time(21, 30),
        time(7, 30),
    )


class Origin(StrEnum):
    """Where a value comes from, the weakest first."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    FLAG = "flag"


Layers = dict[Origin, dict[str, Any]]
"""What each source says, the weakest first; a value of a later one wins."""


def load(**flags: Any) -> Settings:  # noqa: ANN401
    """Return the settings; `flags` that are None were not given.

    Raises:
        Fault: A value is wrong: where it stands, what was found and what is allowed.
    """
    return settled(layers(**flags))


def layers(**flags: Any) -> Layers:  # noqa: ANN401
    """Return what the file, the environment and the flags say; those that are None say nothing.

    Raises:
        Fault: The file cannot be read, or a variable is of no setting or no list.
    """
    return {
        Origin.FILE: parsed(text_of(settings_file())),
        Origin.ENVIRONMENT: _environment(),
        Origin.FLAG: {key: value for key, value in flags.items() if value is not None},
    }


def settled(given: Layers) -> Settings:
    """Return the settings of these layers.

    Raises:
        Fault: A value is wrong: where it stands, what was found and what is allowed.
    """
    values = {key: value for layer in given.values() for key, value in layer.items()}
    return checked(values, lambda key: f"{_place(key, origin(key, given))}: ")


def origin(key: str, given: Layers) -> Origin:
    """Return which layer's value of a setting counts."""
    return next((each for each in reversed(given) if key in given[each]), Origin.DEFAULT)


def checked(values: Mapping[str, Any], where: Callable[[str], str]) -> Settings:
    """Return the settings that have these values, and else the defaults.

    Args:
        values: What is set.
        where: Returns how a sentence about a key begins, such as "In the flag --voice: ".

    Raises:
        Fault: A value is wrong, or there is no such setting.
    """
    for key in values:
        if key not in Settings.model_fields:
            raise Fault(f"{where(key)}{unknown(key)}")
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        allowed = Settings.model_fields[key].description
        raise Fault(f"{where(key)}{key} is {first['input']!r}. Please give {allowed}") from error


def parsed(text: str, name: str = "") -> dict[str, Any]:
    """Return the values in a settings file's text.

    Args:
        text: The text.
        name: What it is called in a sentence; else the settings file, with its path.

    Raises:
        Fault: It is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what = name or f"The settings file {settings_file()}"
        raise Fault(f"{what} cannot be read: {error}.") from error


def unknown(key: str) -> str:
    """Return that there is no such setting, and the nearest one that there is."""
    near = difflib.get_close_matches(key, Settings.model_fields, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return f'there is no setting "{key}".{hint}'


def overriding(keys: Iterable[str], environment: Mapping[str, str]) -> list[str]:
    """Return the environment variables that win over what the file says of these settings."""
    ours = {f"{PREFIX}{key}".upper() for key in keys}
    return [name for name, value in environment.items() if value and name.upper() in ours]


def _environment() -> dict[str, Any]:
    found = dict[str, Any]()
    for name, text in os.environ.items():
        key = name.removeprefix(PREFIX).lower()
        if not name.startswith(PREFIX):
            continue
        if key not in Settings.model_fields:
            raise Fault(f"In the environment variable {name}: {unknown(key)}")
        if text:
            found[key] = _listed(key, text) if _is_list(key) else text
    return found


def _is_list(key: str) -> bool:
    return get_origin(Settings.model_fields[key].annotation) is list


def _listed(key: str, text: str) -> object:
    """Return a list, which is written as JSON in the environment."""
    try:
        return json.loads(text)
    except ValueError as error:
        allowed = Settings.model_fields[key].description
        where = _place(key, Origin.ENVIRONMENT)
        raise Fault(f"{where}: {key} is no list. Please give {allowed}") from error


def _place(key: str, origin: Origin) -> str:
    match origin:
        case Origin.FLAG:
            return f"In the flag --{key.replace('_', '-')}"
        case Origin.ENVIRONMENT:
            return f"In the environment variable {PREFIX}{key.upper()}"
        case _:
            return f"In {settings_file()}"
