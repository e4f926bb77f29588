"""What the appliance has to stand, in a virtual machine; see scripts/check-appliance.

.venv/bin/python -m scripts.vm.checks FOLDER [CHECK...]

All checks, one after the other, or those that are named, on a machine as the last ones left it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.bench import report
from scripts.vm import misfortunes, quiet, touch, upkeep
from scripts.vm.kitchen import SERVICE, Kitchen
from scripts.vm.machine import OUTSIDE, FailedError, Machine
from voice_glimmer.hearing import models

if TYPE_CHECKING:
    from collections.abc import Callable

TOLD = "my neighbor waved at me and smiled"
SAFE = 2.0
"""systemd-analyze security's rating, where 0 is the best."""

REACH = f"""
import socket
socket.create_connection(("{OUTSIDE}", 7), 3).close()
"""


def rated(kitchen: Kitchen) -> str:
    """Check that the unit's sandbox is tight."""
    told = kitchen.machine.run(f"systemd-analyze security --no-pager {SERVICE}", check=False)
    rating = float(told.split("level for ")[1].split(": ")[1].split()[0])
    if rating > SAFE:
        raise FailedError(f"it is rated {rating}")
    return f"rated {rating}"


def told(kitchen: Kitchen) -> str:
    """Check that a glimmer is told, read back and kept, and no word of it is in a log."""
    mark = kitchen.mark()
    kitchen.tell(TOLD)
    heard, kept = kitchen.heard(mark), kitchen.kept()
    for where in (heard, kept):
        if "smiled" not in where:
            raise FailedError(f"told: {TOLD}\nheard: {heard}\nkept: {kept}")
    if logged := kitchen.machine.run("journalctl -b | grep -i smiled", check=False):
        raise FailedError(f"in the log: {logged}")
    return f"kept: {kept.splitlines()[-1].strip()}; heard: {heard}"


def alone(kitchen: Kitchen) -> str:
    """Check that the listening process reaches no network, though the machine does."""
    run = kitchen.machine.run
    kitchen.put("/run/reach.py", REACH)
    run("python3 /run/reach.py")
    process = run(f"systemctl show --value -p MainPID {SERVICE}")
    inside = f"nsenter --net --mount --target {process}"
    reached = run(
        f"{inside} setpriv --reuid voice-glimmer --regid voice-glimmer --clear-groups"
        f" python3 -c '{REACH.strip()}' 2>&1 | tail -n 1",
    )
    links = run(f"{inside} ip -brief link")
    families = run(f"grep Seccomp: /proc/{process}/status")
    if "unreachable" not in reached or len(links.splitlines()) != 1 or "2" not in families:
        raise FailedError(f"{reached}\n{links}\n{families}")
    return f"{reached}; its only link: {links.split()[0]}, {links.split()[1]}"


def doctor(kitchen: Kitchen) -> str:
    """Check that the doctor finds nothing that is to be mended."""
    said = kitchen.machine.run("voice-glimmer doctor", user="pi", check=False)
    lines = said.splitlines()
    if any(line.startswith("To mend") for line in lines):
        raise FailedError(said)
    return f"{sum(line.startswith('Well') for line in lines)} things are well"


def sealed(kitchen: Kitchen) -> str:
    """Check that it goes on with a journal that was encrypted with what it brought along."""
    run = kitchen.machine.run
    key = "/var/lib/voice-glimmer/key"
    before = kitchen.kept()
    run(f"systemctl stop {SERVICE}")
    run(f"voice-glimmer seal --yes --key {key}", user="pi", limit=200)
    run(f"voice-glimmer settings set key {key}", user="pi")
    seen = kitchen.seen()
    run(f"systemctl start {SERVICE}")
    kitchen.sees("resting", seen, 60)
    kitchen.tell(TOLD)
    plain = run("grep -rl 'SQLite format 3' /var/lib/voice-glimmer/.local", check=False)
    kept = kitchen.kept()
    if plain or not set(before.splitlines()) < set(kept.splitlines()):
        raise FailedError(f"plain: {plain}\nbefore: {before}\nafter: {kept}")
    return f"{len(kept.splitlines())} glimmers are there, none of them plain"


CHECKS: tuple[Callable[[Kitchen], str], ...] = (
    upkeep.installed,
    rated,
    told,
    alone,
    doctor,
    touch.pressed,
    misfortunes.killed,
    misfortunes.crashed,
    misfortunes.hung,
    misfortunes.unplugged,
    misfortunes.years_later,
    misfortunes.power_cut,
    misfortunes.full_disk,
    misfortunes.twice,
    quiet.a_day,
    quiet.nothing,
    upkeep.paged,
    upkeep.updated,
    upkeep.rolled_back,
    upkeep.held_back,
    sealed,
    upkeep.taken_away,
)


def main(folder: Path, *names: str) -> int:
    """Run the checks, print what comes of each, and return how many failed."""
    known = {check.__name__: check for check in CHECKS}
    if unknown := set(names) - known.keys():
        report.stop(f"I do not know {', '.join(unknown)}. There are: {', '.join(known)}.")
    failed = 0
    with tempfile.TemporaryDirectory() as said:
        machine = Machine(folder)
        kitchen = Kitchen(machine, Path(said), models.load(models.BUNDLED, Path(said)))
        machine.start()
        try:
            kitchen.furnish()
            chosen = [known[name] for name in names] or list(CHECKS)
            if "current" in machine.run("ls /opt/voice-glimmer", check=False):
                kitchen.listens()
            elif upkeep.installed not in chosen:
                chosen.insert(0, upkeep.installed)
            for check in chosen:
                began = time.monotonic()
                try:
                    verdict, came = "pass", check(kitchen)
                except (
                    FailedError,
                    OSError,
                    LookupError,
                    ValueError,
                    subprocess.SubprocessError,
                ) as error:
                    verdict, came = "FAIL", str(error) or repr(error)
                    failed += 1
                print(f"{verdict}  {_promise(check)} {came}", flush=True)
                print(f"      ({time.monotonic() - began:.0f} s of this computer)", flush=True)
        finally:
            machine.cut()
    print(f"{failed} failed. {report.today()}, {report.machine()}")
    return failed


def _promise(check: Callable[[Kitchen], str]) -> str:
    assert check.__doc__  # noqa: S101
    return f"{check.__name__}: {check.__doc__.removeprefix('Check that ')}"


if __name__ == "__main__":
    sys.exit(bool(main(Path(sys.argv[1]), *sys.argv[2:])))
