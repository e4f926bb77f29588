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
import tarfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NoReturn

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., bool]
    """Runs a command, with `stdin` as its input if that is given; returns whether it succeeded."""

UP_SECONDS = 60
"""How long a new version may take until it listens, before the former one comes back."""

STEADY_SECONDS = 10
"""How long it has to go on listening: what ends after a few seconds is started anew every time."""

NEEDED_MIB = 600
"""What has to be free: the bundle, unpacked, and a version installed from it; as in install-pi."""

SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
SIGNER, NAMESPACE = "voice-glimmer", "voice-glimmer"
"""Who has to have signed, and for what (ssh-keygen(1), -Y verify)."""

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


def unpack(bundle: Path, into: Path) -> None:
    """Unpack a bundle's files, which have plain names, and nothing else.

    Raises:
        Fault: It cannot be read, or is no bundle.
    """
    try:
        with tarfile.open(bundle, "r:") as tar:
            for member in tar:
                path = PurePosixPath(member.name)
                plain = not any(part.startswith((".", "/")) for part in path.parts)
                content = tar.extractfile(member) if member.isreg() and plain else None
                if content is None:
                    if member.isdir() and plain:
                        continue
                    raise Fault(f"{bundle} is no update: it has strange files in it.")
                target = into / path
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as file:
                    shutil.copyfileobj(content, file)
    except (tarfile.TarError, EOFError) as error:
        raise Fault(f"{bundle} is no update, or damaged. Please copy it again.") from error
    except OSError as error:
        raise Fault(f"I cannot unpack {bundle}: {error.strerror or error}.") from error


def check(folder: Path) -> None:
    """Check that a bundle's files are all those that its hash list names, as they were.

    Raises:
        Fault: One is missing, changed or not named.
    """
    try:
        lines = (folder / SUMS).read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Fault("This is no update: its hash list is missing.") from error
    named = dict(line.split("  ", 1)[::-1] for line in lines if "  " in line)
    there = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    for own in (SUMS, SIGNATURE):
        there.pop(own, None)
    wrong = sorted(named.keys() ^ there.keys()) or [
        name
        for name, path in there.items()
        if hashlib.sha256(path.read_bytes()).hexdigest() != named[name]
    ]
    if wrong:
        raise Fault(f"The update is damaged: {wrong[0]} is not as it was. Please copy it again.")


def check_signature(folder: Path, signers: Path, run: Run) -> None:
    """Check who made a bundle, where this machine has a list of those who may.

    Args:
        folder: The bundle's.
        signers: The list, as ssh-keygen(1) describes it; without it, no signature is asked for.
        run: Runs ssh-keygen.

    Raises:
        Fault: It is not signed by one of them.
    """
    # A link that leads nowhere is no permission.
    if not os.path.lexists(signers):
        return
    signature = folder / SIGNATURE
    command = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", SIGNER, "-n", NAMESPACE]
    verified = signature.exists() and run(
        *command, "-s", str(signature), stdin=(folder / SUMS).read_bytes()
    )
    if not verified:
        raise Fault(f"Nobody in {signers} has signed this update, so I leave everything as it is.")


class Versions:
    """The versions on this machine.

    Args:
        root: Where they are.
        units: Where systemd's units are.
        run: Runs a command.
        wait: Waits for so many seconds.
    """

    def __init__(self, root: Path, units: Path, run: Run, wait: Callable[[float], object]) -> None:
        self._root = root
        self._units = units
        self._run = run
        self._wait = wait
        self._current = root / "current"

    def update(self, bundle: Path) -> bool:
        """Install what a checked bundle holds and let it listen, or bring the former version back.

        Args:
            bundle: Its folder.

        Returns:
            Whether that is another version than the one that listens.

        Raises:
            Fault: The new one cannot be installed, or did not come up.
        """
        former = self._current.resolve()
        try:
            new = self._installed(bundle)
            if new == former:
                return False
            was_up, was_read = self._is_up(), self._is_read_by(former)
            self._switch(new)
        except OSError as error:
            raise Fault(
                f"The new version cannot be put in place: {error.strerror or error}. "
                "I leave everything as it is."
            ) from error
        try:
            if was_up and not self._comes_up():
                self._take_back(new, former, was_read=was_read)
        except KeyboardInterrupt:
            self._switch(former)
            raise
        for other in new.parent.iterdir():
            if other not in {new, former}:
                shutil.rmtree(other, ignore_errors=True)
        return True

    def _take_back(self, new: Path, former: Path, *, was_read: bool) -> NoReturn:
        """Bring the former version back, unless the journal has become too new for it."""
        self._run("systemctl", "stop", SERVICE)
        if was_read and not self._is_read_by(former):
            self._run("systemctl", "start", "--no-block", SERVICE)
            raise Fault(
                "The new version did not start within a minute, but the former one cannot read "
                "the journal any more. So the new one stays. To look closer: voice-glimmer doctor"
            )
        self._switch(former)
        shutil.rmtree(new, ignore_errors=True)
        raise Fault("The new version did not start within a minute. The former one is back.")

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
        return self._run("systemctl", "is-active", "--quiet", SERVICE)
