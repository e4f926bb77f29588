"""What it writes and costs, in a day of use and in an hour of nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.vm.kitchen import SERVICE
from scripts.vm.machine import FailedError

if TYPE_CHECKING:
    from scripts.vm.kitchen import Kitchen

MIB = 2**20
A_DAY = 5 * MIB
"""Bytes that a day of normal use may write."""

QUIET_SECONDS = 600
GLIMMERS = (
    "the neighbor's cat sat in the sun on our wall",
    "my daughter drew me a purple whale",
    "the tea was just right this morning",
    "a stranger held the door and smiled",
    "the first snow fell while we had breakfast",
)
REQUESTS = (
    *("read my last glimmer", "how many glimmers do i have", "surprise me", "help"),
    *("read my glimmers from today", "what happened on this day", "give me another prompt"),
    *("read the one about the cat", "how many this week", "play my last glimmer"),
)


@dataclass(frozen=True, slots=True)
class Spent:
    """What has been spent so far.

    Attributes:
        service: Bytes that the listening process made the kernel write.
        disk: Bytes that were written to the machine's disk.
        seconds: Of the processor, by the service's control group.
        memory: Bytes that are resident of the listening process.
    """

    service: int
    disk: int
    seconds: float
    memory: int


def spent(kitchen: Kitchen) -> Spent:
    """Return what has been spent so far."""
    run = kitchen.machine.run
    run("sync")
    process = run(f"systemctl show --value -p MainPID {SERVICE}")
    io = dict(line.split(": ") for line in run(f"cat /proc/{process}/io").splitlines())
    cpu = run(f"cat /sys/fs/cgroup/system.slice/{SERVICE}/cpu.stat").split()[1]
    pages = run(f"cat /proc/{process}/statm").split()[1]
    written = int(io["write_bytes"]) - int(io["cancelled_write_bytes"])
    return Spent(written, kitchen.machine.written(), int(cpu) / 1e6, int(pages) * 4_096)


def a_day(kitchen: Kitchen) -> str:
    """Check that a day of use, five glimmers and ten requests, writes little."""
    before = spent(kitchen)
    for glimmer in GLIMMERS:
        kitchen.tell(glimmer)
    for request in REQUESTS:
        seen = kitchen.seen()
        kitchen.say(f"hey glimmer {request}")
        kitchen.sees("resting", kitchen.sees("woke", seen), 180)
    after = spent(kitchen)
    told = (
        f"{(after.service - before.service) / MIB:.1f} MiB by the service,"
        f" {(after.disk - before.disk) / MIB:.1f} MiB to the disk"
    )
    if after.service - before.service > A_DAY:
        raise FailedError(told)
    return told


def nothing(kitchen: Kitchen) -> str:
    """Check that nothing is written while nobody says anything."""
    kitchen.waits("sleep 30", 31, "it settles")
    before = spent(kitchen)
    kitchen.waits(f"sleep {QUIET_SECONDS}", QUIET_SECONDS + 1, "it is quiet")
    after = spent(kitchen)
    told = (
        f"{after.service - before.service} bytes by the service,"
        f" {after.disk - before.disk} to the disk by the whole machine,"
        f" {100 * (after.seconds - before.seconds) / QUIET_SECONDS:.1f} % of the processor,"
        f" {after.memory / MIB:.0f} MiB resident, in {QUIET_SECONDS / 60:.0f} minutes"
    )
    if after.service != before.service:
        raise FailedError(told)
    return told
