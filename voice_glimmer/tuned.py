"""What the tuning writes into the person's settings file, and how that is undone.

Only the two keys are touched: comments, order and everything else stay as they are. What stood
there before a tuning is remembered beside the file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import tomlkit

from voice_glimmer.faults import Fault
from voice_glimmer.settings_text import check_writable, edited, replace, toml_of, unwritable

if TYPE_CHECKING:
    from pathlib import Path

    from voice_glimmer.settings_text import Values

KEYS = ("gain", "sensitivity")


def values(text: str) -> Values:
    """Return the two keys' values in a settings file's text.

    Raises:
        tomlkit.exceptions.ParseError: It is no TOML.
    """
    document = tomlkit.parse(text)
    return {key: document[key].as_string() if key in document else None for key in KEYS}


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
        toml_of(self._file)
        check_writable(self._file)

    def save(self, changes: Values) -> None:
        """Write these values, and remember what they replace.

        Raises:
            Fault: It cannot be written. Nothing is changed then.
        """
        text = toml_of(self._file)
        after = edited(text, changes)
        try:
            # What can be undone is known before anything is done.
            memory = {"before": values(text), "after": values(after)}
            replace(self._memory, json.dumps(memory, indent=2) + "\n")
            replace(self._file.resolve(), after)
        except OSError as error:
            raise unwritable(self._file) from error

    def undo(self) -> Values | None:
        """Bring back the values before the last tuning, and return them; None if there was none.

        Raises:
            Fault: They were changed by hand since, or the file cannot be read or written.
        """
        text = toml_of(self._file)
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
                replace(self._file.resolve(), restored)
            # Last, so that what fails can be tried again.
            self._memory.unlink()
        except OSError as error:
            raise unwritable(self._file) from error
        return before if now == after else None


def told(found: Values) -> str:
    """Return these values as a person would read them."""
    return ", ".join(f"{key} {value or 'not set'}" for key, value in found.items())
