"""One typed object from defaults, a TOML file, the environment and flags, in that order."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from voice_glimmer.faults import Fault

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


def _part(text: object) -> object:
    """Return a percentage as the part of 1 that it is."""
    if isinstance(text, str) and (found := re.fullmatch(r"(\d{1,3}) ?%", text.strip())):
        return int(found[1]) / 100
    return text


Hour = Annotated[time, BeforeValidator(_hour)]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
HomePath = Annotated[Path, AfterValidator(Path.expanduser)]


class Settings(BaseSettings):
    """Everything a person can choose."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", env_ignore_empty=True)
    file: ClassVar[Path]

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
        Field(max_length=2, description='one or two times of the day, such as ["9:00", "18:30"].'),
    ] = []
    invitation_window: Annotated[
        Hours | None, Field(description='two times of the day, such as "9:00-11:30".')
    ] = None
    quiet: Annotated[Hours, Field(description='two times of the day, such as "21:30-7:30".')] = (
        time(21, 30),
        time(7, 30),
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library names it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return flags, environment and file; the first that has a value wins."""
        file = TomlConfigSettingsSource(settings_cls, settings_file())
        return init_settings, env_settings, file


def load(**flags: Any) -> Settings:  # noqa: ANN401
    """Return the settings; `flags` that are None were not given.

    Raises:
        Fault: A value is wrong: where it stands, what was found and what is allowed.
    """
    given = {key: value for key, value in flags.items() if value is not None}
    for name in os.environ:
        key = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and key not in Settings.model_fields:
            raise Fault(f"In the environment variable {name}: {_unknown(key)}")
    try:
        return Settings(**given)
    except ValidationError as error:
        raise Fault(_sentence(error, given)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise Fault(f"The settings file {settings_file()} cannot be read: {error}.") from error
    except SettingsError as error:
        # Only a list has to be parsed there.
        raise Fault(
            f"In the environment variable {PREFIX}WAKE_PHRASES: "
            """please write a list, such as '["hey glimmer"]'."""
        ) from error


def _sentence(error: ValidationError, flags: dict[str, Any]) -> str:
    first = error.errors()[0]
    key = str(first["loc"][0])
    where = _origin(key, flags)
    if first["type"] == "extra_forbidden":
        return f"{where}: {_unknown(key)}"
    field = Settings.model_fields[key]
    return f"{where}: {key} is {first['input']!r}. Please give {field.description}"


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key, Settings.model_fields, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return f'there is no setting "{key}".{hint}'


def _origin(key: str, flags: dict[str, Any]) -> str:
    if key in flags:
        return f"In the flag --{key.replace('_', '-')}"
    if f"{PREFIX}{key}".upper() in os.environ:
        return f"In the environment variable {PREFIX}{key.upper()}"
    return f"In {settings_file()}"
