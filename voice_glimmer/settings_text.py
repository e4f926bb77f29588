"""The settings file as text: read, changed where it is meant to, written whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from typing import TYPE_CHECKING, TypeAlias

from voice_glimmer.durable import sync_folder
from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROOM = 65_536
"""Bytes that the disk must have left, more than any settings file."""

Values: TypeAlias = "Mapping[str, str | None]"
"""Keys' values as they are written in TOML; None where there is none."""


def text_of(file: Path) -> str:
    """Return a settings file's text, without a byte order mark; none where there is no file.

    Raises:
        Fault: It cannot be read.
    """
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"The settings file {file} cannot be read: {error}.") from error


def toml_of(file: Path) -> str:
    """Return a settings file's text, which is TOML.

    Raises:
        Fault: It cannot be read, or is no TOML.
    """
    import tomlkit  # noqa: PLC0415 - who only reads settings needs none of it
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    text = text_of(file)
    try:
        tomlkit.parse(text)
    except TOMLKitError as error:
        raise Fault(f"The settings file {file} cannot be read: {error}.") from error
    return text


def edited(text: str, changes: Values) -> str:
    """Return a settings file's text with these values in it, and all else as it was.

    Raises:
        tomlkit.exceptions.ParseError: It is no TOML.
    """
    import tomlkit  # noqa: PLC0415 - as above

    document = tomlkit.parse(text)
    for key, value in changes.items():
        if value is not None:
            document[key] = tomlkit.value(value)
        elif key in document:
            del document[key]
    return document.as_string()


def check_writable(file: Path) -> None:
    """Make sure that a settings file can be written; its folder is made where there is none.

    Raises:
        Fault: It cannot.
    """
    target = file.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.stat().st_mode & stat.S_IWUSR:
            raise PermissionError(f"{target} is write-protected")
        for folder in {target.parent, file.parent}:
            with tempfile.TemporaryFile(dir=folder) as probe:
                probe.write(bytes(ROOM))
    except OSError as error:
        raise unwritable(file) from error


def save(file: Path, text: str) -> None:
    """Write a settings file; one that is linked stays so.

    Raises:
        Fault: It cannot be written. Nothing is changed then.
    """
    check_writable(file)
    try:
        replace(file.resolve(), text)
    except OSError as error:
        raise unwritable(file) from error


def choose(file: Path, choices: Mapping[str, str]) -> None:
    """Write what a person chose into their settings file: texts, by the names of the settings.

    Raises:
        Fault: It cannot be read or written. Nothing is changed then.
    """
    import tomlkit  # noqa: PLC0415 - as above

    changes = {name: tomlkit.item(text).as_string() for name, text in choices.items()}
    save(file, edited(toml_of(file), changes))


def replace(file: Path, text: str) -> None:
    """Write a file whole or not at all, with the permissions that it had.

    Raises:
        OSError: It cannot be written. It is as it was.
    """
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as new:
        try:
            new.write(text.encode("utf-8"))
            new.flush()
            os.fsync(new.fileno())
            if file.exists():
                os.fchmod(new.fileno(), stat.S_IMODE(file.stat().st_mode))
            os.replace(new.name, file)  # noqa: PTH105 - on one file system
        except BaseException:
            os.unlink(new.name)  # noqa: PTH108
            raise
    sync_folder(file.parent)


def unwritable(file: Path) -> Fault:
    """Return what to say of a settings file that cannot be written; aloud, without its path."""
    advice = "so I changed nothing. Please check its permissions, its folder's, and the disk."
    return Fault(
        f"I cannot write the settings file {file}, {advice}",
        aloud=f"I cannot write the settings file, {advice}",
    )
