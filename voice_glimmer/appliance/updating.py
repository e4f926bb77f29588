"""Another version from a file, for a machine without a network; the former one is kept.

Under one root, such as /opt/voice-glimmer, each version has a folder of its own in `versions/`, and
`current` is a link to the one that runs. `scripts/install-pi` makes that, and
`scripts/make-offline-bundle` the file: a tar with wheels, and with SHA256SUMS of all that is in it.

The power may go at any moment. So what is new is on the disk before anything names it, and what
names it (the link, systemd's units) is renamed into its place.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from voice_glimmer.appliance import service
from voice_glimmer.appliance.bundle import SUMS
from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from voice_glimmer.appliance.bundle import Run

    Ask = Callable[..., str]
    """Runs a command; returns what it prints: nothing, if it cannot be run."""

UP_SECONDS = 60
"""How long a new version may take until it listens, before the former one comes back."""

STEADY_SECONDS = 10
"""How long it has to go on listening: what ends after a few seconds is started anew every time."""

NEEDED_MIB = 600
"""What has to be free: the bundle, unpacked, and a version installed from it; as in install-pi."""

SERVICE, PAGE = "voice-glimmer.service", "voice-glimmer-page.service"
ACCOUNT, HOME = "voice-glimmer", "/var/lib/voice-glimmer"
"""Whose the journal is; as in install-pi."""

log = logging.getLogger(__name__)


@contextmanager
def workroom(root: Path, needed: int = NEEDED_MIB) -> Iterator[Path]:
    """Yield an empty folder for one update at a time; what a power cut left there is gone.

    Args:
        root: Where the versions are.
        needed: How many MiB have to be free there.

    Raises:
        Fault: Another update is under way, or there is too little room.
    """
    lock = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise Fault("Another update is under way. Please wait until it is done.") from error
    folder = root / "update"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        free = shutil.disk_usage(root).free // 2**20
        if free < needed:
            raise Fault(f"There are {free} MiB free, and {needed} are needed. Please make room.")
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


class Versions:
    """The versions on this machine.

    Args:
        root: Where they are.
        units: Where systemd's units are.
        models: Where speech models are looked for.
        run: Runs a command.
        ask: Asks systemd.
        wait: Waits for so many seconds.
    """

    def __init__(
        self,
        root: Path,
        units: Path,
        models: Path,
        *,
        run: Run,
        ask: Ask,
        wait: Callable[[float], object],
    ) -> None:
        self._root = root
        self._units = units
        self._models = models
        self._run = run
        self._ask = ask
        self._wait = wait
        self._current = root / "current"

    def update(self, bundle: Path) -> str:
        """Install what a checked bundle holds and let it listen, or bring the former version back.

        Args:
            bundle: Its folder.

        Returns:
            Which version is there now, in a sentence for a person.

        Raises:
            Fault: The new one cannot be installed, or did not come up, or was not waited for.
        """
        former = self._current.resolve()
        models = {
            folder: self._models / folder.name.removeprefix("model-")
            for folder in bundle.glob("model-*/")
        }
        added = [place for place in models.values() if not os.path.lexists(place)]
        failed = "The new version did not listen within a minute"
        try:
            new = self._installed(bundle)
            if new == former:
                return "That is the version that you have."
            was_up, was_read = self._is_up(), self._is_read_by(former)
            try:
                self._place(models)
                self._switch(new)
                stays = not was_up or self._comes_up()
            except KeyboardInterrupt:
                stays, failed = False, "You did not wait for the new version"
        except OSError as error:
            _remove(added)
            raise Fault(
                f"The new version cannot be put in place: {error.strerror or error}. "
                "I leave everything as it is."
            ) from error
        if not stays:
            self._take_back(new, former, added, failed, was_read=was_read)
        for other in new.parent.iterdir():
            if other not in {new, former}:
                shutil.rmtree(other, ignore_errors=True)
        if was_up:
            return "The new version listens now. The former one is kept."
        return (
            "The new version is in place, and the former one is kept. That one did not listen, so "
            "I have not waited until this one does. To look closer: voice-glimmer doctor"
        )

    def _take_back(
        self, new: Path, former: Path, added: list[Path], failed: str, *, was_read: bool
    ) -> NoReturn:
        """Bring the former version back, unless the journal has become too new for it."""
        self._run("systemctl", "stop", SERVICE)
        if was_read and not self._is_read_by(former):
            self._run("systemctl", "start", "--no-block", SERVICE)
            raise Fault(
                f"{failed}, but the former one cannot read the journal any more. "
                "So the new one stays. To look closer: voice-glimmer doctor"
            )
        # The former one may be too weak for a model that came with the new one.
        _remove(added)
        self._switch(former)
        _remove([new])
        raise Fault(f"{failed}. The former one is back.")

    def _is_read_by(self, version: Path) -> bool:
        """Tell whether this version can read the journal as it is."""
        program = str(version / "bin" / "voice-glimmer")
        return self._run("runuser", "-u", ACCOUNT, "--", "env", f"HOME={HOME}", program, "list")

    def _installed(self, bundle: Path) -> Path:
        """Return the folder of the bundle's version, beside the one that runs."""
        digest = hashlib.sha256((bundle / SUMS).read_bytes()).hexdigest()[:12]
        new = self._root / "versions" / digest
        if (new / "complete").exists():
            return new
        shutil.rmtree(new, ignore_errors=True)
        python, program = new / "bin" / "python", new / "bin" / "voice-glimmer"
        wheels = bundle / "wheels"
        # pip runs from its own wheel: Debian's venv has none without another package.
        pip = next((f"{wheel}/pip" for wheel in wheels.glob("pip-*.whl")), "pip")
        alone = ("--isolated", "--no-index", "--find-links", str(wheels), "--only-binary", ":all:")
        whole = (
            self._run("/usr/bin/python3", "-m", "venv", "--without-pip", str(new))
            and self._run(str(python), pip, "install", *alone, "voice-glimmer[pi,encryption]")
            and self._run(str(program), "--help")
            and self._run("sync")
        )
        if not whole:
            shutil.rmtree(new, ignore_errors=True)
            raise Fault(
                "The new version cannot be installed on this machine, so I leave everything as "
                "it is. Was the file made for it?"
            )
        (new / "complete").touch()
        return new

    def _place(self, models: dict[Path, Path]) -> None:
        """Copy speech models to their places; each is there whole, or not at all."""
        for folder, place in models.items():
            # On the same disk, under a name by which nobody looks for a model.
            room = self._models / ".new"
            _remove([room])
            try:
                for file in (each for each in folder.rglob("*") if each.is_file()):
                    copy = room / "whole" / file.relative_to(folder)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, copy)
                self._run("sync")
                if os.path.lexists(place):
                    place.rename(room / "former")
                (room / "whole").rename(place)
            finally:
                _remove([room])

    def _switch(self, version: Path) -> None:
        """Let this version listen from now on, with its own units.

        Raises:
            OSError: What names it cannot be written; nothing has changed.
        """
        link = self._current.with_suffix(".new")
        link.unlink(missing_ok=True)
        link.symlink_to(version)
        named = {link: self._current}
        for unit in version.glob("lib/python3*/site-packages/voice_glimmer/appliance/*.service"):
            if (installed := self._units / unit.name).exists():
                # systemd passes over a name that ends so.
                named[installed.with_suffix(".new")] = installed
                shutil.copyfile(unit, installed.with_suffix(".new"))
        try:
            self._run("sync")
            self._run("systemctl", "stop", SERVICE)
            for new, place in named.items():
                os.replace(new, place)  # noqa: PTH105 - of a link, not of what it leads to
            self._run("sync")
        finally:
            self._run("systemctl", "daemon-reload")
            self._run("systemctl", "start", "--no-block", SERVICE)
            self._run("systemctl", "try-restart", "--no-block", PAGE)
        log.info("%s is to listen now", version.name)

    def _comes_up(self) -> bool:
        steady = 0
        for _ in range(UP_SECONDS + STEADY_SECONDS):
            steady = steady + 1 if self._is_up() else 0
            if steady > STEADY_SECONDS:
                return True
            self._wait(1.0)
        return False

    def _is_up(self) -> bool:
        # What is held after a fault is as active as what listens.
        told = self._ask("systemctl", "show", "--property=ActiveState,StatusText", SERVICE)
        well = [f"StatusText={words}" for words in (service.LISTENING, service.MUTED)]
        lines = told.splitlines()
        return "ActiveState=active" in lines and any(each in lines for each in well)


def _remove(folders: Iterable[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
