"""A small file that remembers one thing, also after a restart or a power cut."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from voice_glimmer.durable import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

log = logging.getLogger(__name__)


class Note(Generic[T]):
    """Remembers a value as JSON, whole or not at all, for its owner alone.

    Where the file is lost, broken or cannot be written, that is no fault: nothing is remembered.

    Args:
        path: The file, in a folder that is there.
        kind: A type that pydantic knows how to check.
        nothing: What holds where nothing is remembered.
    """

    def __init__(self, path: Path, kind: type[T], nothing: T) -> None:
        self._path = path
        self._kind = TypeAdapter(kind)
        self._nothing = nothing

    def read(self) -> T:
        """Return what is remembered."""
        try:
            return self._kind.validate_json(self._path.read_bytes(), strict=True)
        except FileNotFoundError:
            return self._nothing
        except (OSError, ValidationError) as error:
            log.warning("%s is not known any more: %s", self._path.name, error)
            return self._nothing

    def write(self, value: T) -> None:
        """Remember this from now on."""
        part = self._path.with_suffix(".part")
        try:
            part.touch(mode=0o600)
            with part.open("wb") as file:
                file.write(self._kind.dump_json(value))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
            sync_folder(part.parent)
        except OSError as error:
            log.warning("%s could not be noted: %s", self._path.name, error)
