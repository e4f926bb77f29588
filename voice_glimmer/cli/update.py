"""The command that brings another version onto a machine without a network."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voice_glimmer.faults import Fault

ROOT = Path("/opt/voice-glimmer")
UNITS = Path("/etc/systemd/system")
SIGNERS = Path("/etc/voice-glimmer/allowed_signers")

log = logging.getLogger(__name__)


def update(
    *,
    bundle: Annotated[Path, typer.Option("--from", help="What scripts/make-offline-bundle made.")],
) -> None:
    """Install another version from a file, on a machine that scripts/install-pi set up.

    The former one is kept, and comes back if the new one does not start.

    Example: sudo voice-glimmer update --from /media/stick/voice-glimmer.tar
    """
    from voice_glimmer.appliance import updating  # noqa: PLC0415 - keeps --help quick

    if not (ROOT / "current").exists():
        raise Fault(
            "I was not installed by scripts/install-pi here, so I cannot update myself. "
            "Please use what installed me."
        )
    if os.geteuid() != 0:
        raise Fault("Only root may do that: sudo voice-glimmer update --from FILE")
    console = Console()
    # Another account runs it, and nothing in it is a secret.
    os.umask(0o022)
    # Who does this over ssh, perhaps by Wi-Fi, is not to leave it half done.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with (
        updating.workroom(ROOT) as unpacked,
        console.status("Checking the file.") as status,
    ):
        updating.unpack(bundle, unpacked)
        updating.check(unpacked)
        updating.check_signature(unpacked, SIGNERS, _run)
        status.update("Installing it. Until it is there, the former version listens.")
        other = updating.Versions(ROOT, UNITS, _run, time.sleep).update(unpacked)
    if other:
        console.print("The new version listens now. The former one is kept.")
    else:
        console.print("That is the version that you have.")


def _run(*command: str, stdin: bytes = b"") -> bool:
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, check=False)  # noqa: S603
    except OSError as error:
        log.warning("%s cannot be run: %s", command[0], error)
        return False
    log.info("%s: %d %s", command, done.returncode, done.stderr.decode(errors="replace")[-500:])
    return done.returncode == 0


def add_to(app: typer.Typer) -> None:
    """Add this command to the program's."""
    app.command()(update)
