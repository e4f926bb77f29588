"""Another version from a file, for a machine without a network; the former one is kept.

Under one root, such as /opt/voice-glimmer, each version has a folder of its own in `versions/`, and
`current` is a link to the one that runs. `scripts/install-pi` makes that, and
`scripts/make-offline-bundle` the file: a tar with wheels, and with SHA256SUMS of all that is in it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., bool]
    """Runs a command, with `stdin` as its input if that is given; returns whether it succeeded."""

UP_SECONDS = 60
"""How long a new version may take until it listens, before the former one comes back."""

SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
SIGNER, NAMESPACE = "voice-glimmer", "voice-glimmer"
"""Who has to have signed, and for what (ssh-keygen(1), -Y verify)."""

SERVICE = "voice-glimmer.service"

log = logging.getLogger(__name__)


def unpack(bundle: Path, into: Path) -> None:
    """Unpack a bundle's files, which have plain names, and nothing else.

    Raises:
        Fault: It cannot be read, or is no bundle.
    """
    try:
        with tarfile.open(bundle) as tar:
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
    there = {
        str(path.relative_to(folder)): path
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {SUMS, SIGNATURE}
    }
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
    if not signers.exists():
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
            Fault: The new one cannot be installed, or did not come up and the former one is back.
        """
        former = self._current.resolve()
        new = self._installed(bundle)
        if new == former:
            return False
        was_up = self._is_up()
        self._switch(new)
        if was_up and not self._comes_up():
            self._switch(former)
            shutil.rmtree(new, ignore_errors=True)
            raise Fault("The new version did not start within a minute. The former one is back.")
        for other in new.parent.iterdir():
            if other not in {new, former}:
                shutil.rmtree(other, ignore_errors=True)
        return True

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
        offline = ("--no-index", "--find-links", str(wheels), "--only-binary", ":all:")
        whole = (
            self._run("/usr/bin/python3", "-m", "venv", "--without-pip", str(new))
            and self._run(str(python), pip, "install", *offline, "voice-glimmer[pi]")
            and self._run(str(program), "--help")
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
        """Let this version listen from now on, with its own units."""
        self._run("systemctl", "stop", SERVICE)
        link = self._current.with_suffix(".new")
        link.unlink(missing_ok=True)
        link.symlink_to(version)
        os.replace(link, self._current)  # noqa: PTH105 - as one step, of a link
        for unit in version.glob("lib/python3*/site-packages/voice_glimmer/appliance/*.service"):
            if (self._units / unit.name).exists():
                shutil.copyfile(unit, self._units / unit.name)
        self._run("systemctl", "daemon-reload")
        self._run("systemctl", "start", "--no-block", SERVICE)
        log.info("%s is to listen now", version.name)

    def _comes_up(self) -> bool:
        for _ in range(UP_SECONDS):
            if self._is_up():
                return True
            self._wait(1.0)
        return False

    def _is_up(self) -> bool:
        return self._run("systemctl", "is-active", "--quiet", SERVICE)
