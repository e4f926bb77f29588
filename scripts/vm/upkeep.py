"""Installing, updating and taking away."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from scripts.vm import bundles
from scripts.vm.kitchen import MICROPHONE, SERVICE
from scripts.vm.machine import PAGE, FailedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scripts.vm.kitchen import Kitchen


def installed(kitchen: Kitchen) -> str:
    """Check that it listens once it is installed from a bundle, without a network."""
    run = kitchen.machine.run
    kitchen.machine.send(kitchen.machine.folder / "bundle.tar", "/root/bundle.tar")
    run("rm -rf bundle && mkdir bundle && tar -xf bundle.tar -C bundle")
    began = kitchen.machine.uptime()
    said = run("bundle/install-pi --yes", limit=300)
    took = kitchen.machine.uptime() - began
    if "It listens." not in said:
        raise FailedError(said)
    run(f"voice-glimmer settings set input {MICROPHONE}", user="pi")
    seen = kitchen.seen()
    run(f"systemctl restart {SERVICE}")
    kitchen.sees("resting", seen)
    return f"in {took:.0f} s"


def paged(kitchen: Kitchen) -> str:
    """Check that the house can open the page once it is installed again with it."""
    kitchen.machine.run("bundle/install-pi --yes --page", limit=300)
    kitchen.waits(f"systemctl is-active {SERVICE}", 60, "it does not listen")
    # Once, what is said often is rendered meanwhile, which goes first.
    took = kitchen.waits(f"ss -ltn | grep -q :{PAGE}", 180, "there is no page")
    address = f"http://127.0.0.1:{kitchen.machine.page_port}/"
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            code = answer.status
    except urllib.error.HTTPError as error:
        code = error.code
    return f"it answers {code}, {took:.0f} s after listening began"


def updated(kitchen: Kitchen) -> str:
    """Check that another version from a file listens, and the former one is kept."""
    kitchen.machine.send(
        bundles.changed(kitchen.machine.folder / "bundle.tar", bundles.newer), "/root/newer.tar"
    )
    before = kitchen.kept()
    said = kitchen.machine.run("voice-glimmer update --from /root/newer.tar", user="pi", limit=300)
    versions = kitchen.machine.run("ls /opt/voice-glimmer/versions").split()
    if "listens now" not in said or len(versions) != 2 or kitchen.kept() != before:
        raise FailedError(f"{said}\n{versions}\n{kitchen.kept()}")
    return said


def rolled_back(kitchen: Kitchen) -> str:
    """Check that a version that does not listen makes room for the former one."""
    return _taken_back(kitchen, bundles.broken)


def held_back(kitchen: Kitchen) -> str:
    """Check that a version that fails once it listens makes room for the former one, too."""
    return _taken_back(kitchen, bundles.held)


def _taken_back(kitchen: Kitchen, change: Callable[[Path], None]) -> str:
    run = kitchen.machine.run
    kitchen.machine.send(
        bundles.changed(kitchen.machine.folder / "bundle.tar", change), "/root/broken.tar"
    )
    before = run("readlink /opt/voice-glimmer/current")
    said = run(
        "voice-glimmer update --from /root/broken.tar 2>&1", user="pi", limit=400, check=False
    )
    kitchen.waits(f"systemctl is-active {SERVICE}", 60, "nothing listens")
    gone = float(run(f"systemctl show --value -p ActiveEnterTimestampMonotonic {SERVICE}")) - float(
        run(f"systemctl show --value -p InactiveExitTimestampMonotonic {SERVICE}")
    )
    if "The former one is back" not in said or run("readlink /opt/voice-glimmer/current") != before:
        raise FailedError(said)
    return f"{said} It then needed {gone / 1e6:.0f} s to listen."


def taken_away(kitchen: Kitchen) -> str:
    """Check that the journal stays when it is taken away, and is there when it is back."""
    run = kitchen.machine.run
    before = kitchen.kept()
    run("bundle/install-pi --uninstall --yes")
    left = run(
        "ls -d /opt/voice-glimmer /usr/local/bin/voice-glimmer /etc/systemd/system/voice-glimmer*"
        " 2>/dev/null; systemctl list-units --all --no-legend 'voice-glimmer*'",
        check=False,
    )
    if left:
        raise FailedError(f"left behind: {left}")
    run("bundle/install-pi --yes", limit=300)
    if kitchen.kept() != before:
        raise FailedError(f"before: {before}\nafter: {kitchen.kept()}")
    return f"{len(before.splitlines())} glimmers are there"
