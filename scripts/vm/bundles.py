"""Bundles beside the first: another version, and two that do not listen."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def newer(folder: Path) -> None:
    """Call it another version, which makes it one."""
    (folder / "VERSION").write_text("newer\n")


def broken(folder: Path) -> None:
    """Let it end as soon as it is to listen; all else of it works."""
    _append(folder, "cli/listen.py", "def listen(*_: object) -> None:\n    raise SystemExit(3)\n")


def held(folder: Path) -> None:
    """Let it fail as soon as it has told systemd that it listens."""
    _append(
        folder,
        "appliance/service.py",
        "ready = Service._tick\n"
        "def fail(self: Service, now: float) -> None:\n    ready(self, now)\n    raise OSError\n"
        "Service._tick = fail\n",
    )


def _append(folder: Path, module: str, code: str) -> None:
    (wheel,) = (folder / "wheels").glob("voice_glimmer-*.whl")
    whole = wheel.rename(folder / "whole.whl")
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == f"voice_glimmer/{module}":
                data += f"\n\n{code}".encode()
            new.writestr(name, data)
    whole.unlink()


def changed(bundle: Path, change: Callable[[Path], None]) -> Path:
    """Return a bundle like this one, after this change."""
    made = bundle.with_name(f"{change.__name__}.tar")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with tarfile.open(bundle) as tar:
            tar.extractall(folder, filter="data")
        (folder / "SHA256SUMS").unlink()
        change(folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        sums = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n"
            for path in files
        ]
        (folder / "SHA256SUMS").write_text("".join(sums))
        with tarfile.open(made, "w") as tar:
            for path in sorted(folder.iterdir()):
                tar.add(path, path.name)
    return made
