"""Unpacking a model's archive, which may be hostile: into place whole, or not at all."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.models import is_model

MOST_FILES = 1_000
"""A model has some twenty."""

MOST_GROWTH = 20
"""Times an archive's size that its files may have; a model's has twice its size."""

SPARE = 64 << 20
"""Bytes that stay free on the disk, and that may always be unpacked."""

WORKING = ".unpacking-"
"""What folders with unfinished models are called; nobody looks for models in there."""

_NO_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError)
"""What `zipfile` raises for one that is damaged, encrypted, or packed in a way it does not know."""


def unpacked(archive: Path, name: str, folder: Path) -> Path:
    """Unpack a model's archive into a folder, and return where the model is then.

    What is there under its name already is replaced.

    Args:
        archive: A zip that holds one folder of this name.
        name: The model's.
        folder: Where it is to be, on the archive's file system.

    Raises:
        Fault: It is no archive of a model, or one that would harm this machine; nothing is left of
            it.
        OSError: The disk does not take it.
    """
    for left in folder.glob(f"{WORKING}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=WORKING, dir=folder) as working:
        try:
            with zipfile.ZipFile(archive) as packed:
                _check(packed, name, archive)
                packed.extractall(working)
        except (*_NO_ZIP, FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise _refusal(name) from error
        made = Path(working) / name
        if not is_model(made):
            raise _refusal(name)
        place = folder / name
        if place.exists():
            place.rename(Path(working) / "before")
        made.rename(place)
    return place


def require_room(folder: Path, needed: int) -> None:
    """Make sure that so many bytes have room on a folder's disk, and some to spare.

    Raises:
        OSError: They have not.
    """
    free = shutil.disk_usage(folder).free
    if needed + SPARE > free:
        raise OSError(f"it needs {(needed + SPARE) >> 20} MiB, and {free >> 20} are free")


def _check(packed: zipfile.ZipFile, name: str, archive: Path) -> None:
    """Make sure of every file's place and kind, and of the size of all."""
    files = packed.infolist()
    size = archive.stat().st_size
    total = sum(file.file_size for file in files)
    if len(files) > MOST_FILES or total > max(SPARE, MOST_GROWTH * size):
        raise _refusal(name)
    for file in files:
        kind = stat.S_IFMT(file.external_attr >> 16)
        parts = PurePosixPath(file.filename).parts
        if parts[:1] != (name,) or ".." in parts or "\\" in file.filename:
            raise _refusal(name)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refusal(name)
    require_room(archive.parent, total)


def _refusal(name: str) -> Fault:
    return Fault(f"The archive of {name} is not that of a model. Nothing of it is left here.")
