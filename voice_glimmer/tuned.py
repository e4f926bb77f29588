"""What the program writes into the person's settings file, and how a tuning is undone.

Only its own keys are touched: comments, order and everything else stay as they are. What stood
there before a tuning is remembered beside the file.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from typing import TYPE_CHECKING, TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEYS = ("gain", "sensitivity")

ROOM = 65_536
"""Bytes that the disk must have left, more than any settings file: a full one is told before the
person has spoken."""

Values: TypeAlias = "Mapping[str, str | None]"
"""The keys' values as they are written in TOML; None where there is none."""


def values(text: str) -> Values:
    """Return the two keys' values in a settings file's text.

    Raises:
        tomlkit.exceptions.ParseError: It is no TOML.
    """
    document = tomlkit.parse(text)
    return {key: document[key].as_string() if key in document else None for key in KEYS}


def edited(text: str, changes: Values) -> str:
    """Return a settings file's text with these values in it, and all else as it was.

    Raises:
        tomlkit.exceptions.ParseError: It is no TOML.
    """
    document = tomlkit.parse(text)
    for key, value in changes.items():
        if value is not None:
            document[key] = tomlkit.value(value)
        elif key in document:
            del document[key]
    return document.as_string()


class Tuned:
    """The settings file, as far as the program writes it.

    Args:
        file: Where it is, or would be.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._memory = file.with_name("before-tuning.json")

    def check(self) -> None:
        """Make sure that it can be written.

        Raises:
            Fault: It cannot, or it cannot be read.
        """
        self._read()
        target = self._file.resolve()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists() and not target.stat().st_mode & stat.S_IWUSR:
                raise PermissionError(f"{target} is write-protected")
            for folder in {target.parent, self._file.parent}:
                with tempfile.TemporaryFile(dir=folder) as probe:
                    probe.write(bytes(ROOM))
        except OSError as error:
            raise self._unwritable() from error

    def save(self, changes: Values) -> None:
        """Write these values, and remember what they replace.

        Raises:
            Fault: It cannot be written. Nothing is changed then.
        """
        text = self._read()
        after = edited(text, changes)
        try:
            # What can be undone is known before anything is done.
            memory = {"before": values(text), "after": values(after)}
            _replace(self._memory, json.dumps(memory, indent=2) + "\n")
            _replace(self._file.resolve(), after)
        except OSError as error:
            raise self._unwritable() from error

    def put(self, changes: Values) -> None:
        """Write these values, of any keys; a tuning from before can still be undone.

        Raises:
            Fault: It cannot be written. Nothing is changed then.
        """
        self.check()
        try:
            _replace(self._file.resolve(), edited(self._read(), changes))
        except OSError as error:
            raise self._unwritable() from error

    def undo(self) -> Values | None:
        """Bring back the values before the last tuning, and return them; None if there was none.

        Raises:
            Fault: They were changed by hand since, or the file cannot be read or written.
        """
        text = self._read()
        now = values(text)
        try:
            memory = json.loads(self._memory.read_text("utf-8"))
            before, after = memory["before"], memory["after"]
            restored = edited(text, before)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
            # What is no TOML is a ValueError, too.
            raise Fault(
                f"I cannot read what stood there before, in {self._memory}. I changed nothing."
            ) from error
        if now not in (before, after):
            raise Fault(
                f"{self._file} was changed by hand since the tuning, so I left it as it is. "
                f"Before the tuning it held: {told(before)}."
            )
        try:
            if now == after:
                _replace(self._file.resolve(), restored)
            # Last, so that what fails can be tried again.
            self._memory.unlink()
        except OSError as error:
            raise self._unwritable() from error
        return before if now == after else None

    def _read(self) -> str:
        try:
            text = self._file.read_bytes().decode("utf-8")
            values(text)
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError, TOMLKitError) as error:
            raise Fault(f"The settings file {self._file} cannot be read: {error}.") from error
        return text

    def _unwritable(self) -> Fault:
        return Fault(
            f"I cannot write the settings file {self._file}, so I changed nothing. "
            "Please check its permissions, its folder's, and the disk."
        )


def told(found: Values) -> str:
    """Return these values as a person would read them."""
    return ", ".join(f"{key} {value or 'not set'}" for key, value in found.items())


def _replace(file: Path, text: str) -> None:
    """Write a file whole or not at all, with the permissions that it had."""
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
