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
MODELS = Path("/usr/share/vosk")
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
    from voice_glimmer.appliance import bundle as unpacking  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.appliance import updating  # noqa: PLC0415

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
    signal.signal(signal.SIGINT, _interrupt_once)
    with (
        updating.workroom(ROOT) as unpacked,
        console.status("Checking the file.") as status,
    ):
        unpacking.unpack(bundle, unpacked)
        unpacking.check(unpacked)
        unpacking.check_signature(unpacked, SIGNERS, _run)
        status.update("Installing it. Until it is there, the former version listens.")
        versions = updating.Versions(ROOT, UNITS, MODELS, run=_run, ask=_ask, wait=time.sleep)
        said = versions.update(unpacked)
    console.print(said)


def _interrupt_once(*_: object) -> None:
    """Whoever presses Ctrl-C again does not keep the former version from coming back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _run(*command: str, stdin: bytes = b"") -> bool:
    done = _done(command, stdin)
    return done is not None and done.returncode == 0


def _ask(*command: str) -> str:
    done = _done(command)
    return "" if done is None else done.stdout.decode(errors="replace")


def _done(
    command: tuple[str, ...], stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes] | None:
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, check=False)  # noqa: S603
    except OSError as error:
        log.warning("%s cannot be run: %s", command[0], error)
        return None
    log.info("%s: %d %s", command, done.returncode, done.stderr.decode(errors="replace")[-500:])
    return done


def add_to(app: typer.Typer) -> None:
    """Add this command to the program's."""
    app.command()(update)
