"""What scripts/make-offline-bundle made: unpacked, and checked before anything of it is run."""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., bool]
    """Runs a command, with `stdin` as its input if that is given; returns whether it succeeded."""

SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
SIGNER, NAMESPACE = "voice-glimmer", "voice-glimmer"
"""Who has to have signed, and for what (ssh-keygen(1), -Y verify)."""


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
