"""What happens in a kitchen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.vm.kitchen import SERVICE
from scripts.vm.machine import FailedError

if TYPE_CHECKING:
    from scripts.vm.kitchen import Kitchen

BAR = 15
"""Within how many seconds it has to listen again (issue 9's bars)."""

ROBIN = "this morning the robin sang outside my window and i felt at home"
DRIVER, PERSON = "/sys/bus/platform/drivers/snd_aloop", "snd_aloop.0"
YEARS = 10 * 365 * 86_400


def killed(kitchen: Kitchen) -> str:
    """Check that after SIGKILL it listens again."""
    return _signalled(kitchen, "SIGKILL")


def crashed(kitchen: Kitchen) -> str:
    """Check that after a crash it listens again."""
    return _signalled(kitchen, "SIGSEGV")


def hung(kitchen: Kitchen) -> str:
    """Check that after a hang it listens again."""
    return _signalled(kitchen, "SIGSTOP")


def unplugged(kitchen: Kitchen) -> str:
    """Check that it hears and speaks again once microphone and loudspeaker are plugged in again."""
    machine = kitchen.machine
    seen = kitchen.seen()
    machine.unplug()
    # Which waits until nobody holds it any more.
    machine.run(f"echo {PERSON} >{DRIVER}/unbind", limit=30)
    seen = kitchen.sees("microphone lost", seen)
    kitchen.waits("sleep 10", 11, "a while passes")
    machine.plug()
    kitchen.waits("grep -q ICH /proc/asound/cards", 30, "the card did not come back")
    machine.run(f"echo {PERSON} >{DRIVER}/bind")
    took = kitchen.waits(
        f"tail -n +{seen + 1} /run/followed | grep -e 'microphone back' -e resting",
        90,
        "it does not listen again",
    )
    mark = kitchen.mark()
    kitchen.tell("the kettle sang and the whole house smelled of bread")
    heard = kitchen.heard(mark)
    if "kept" not in heard:
        raise FailedError(f"it does not speak: {heard}")
    return _in_time(took, f"then it said: {heard}")


def years_later(kitchen: Kitchen) -> str:
    """Check that it goes on where the clock jumps by ten years, and back."""
    run = kitchen.machine.run
    before = _restarts(kitchen)
    for by in (YEARS, -2 * YEARS, YEARS):
        run(f"date --set=@$(($(date +%s) + {by}))")
        fed = run(f"systemctl show --value -p WatchdogTimestampMonotonic {SERVICE}")
        kitchen.waits(
            f"[ $(systemctl show --value -p WatchdogTimestampMonotonic {SERVICE}) != {fed} ]",
            BAR,
            f"after {by} s it hangs",
        )
    kitchen.tell("we laughed until the soup was cold")
    if _restarts(kitchen) != before:
        raise FailedError("it was started anew")
    return "it went on, without a restart"


def power_cut(kitchen: Kitchen) -> str:
    """Check that a glimmer that was told when the power went is kept, and no other is lost."""
    machine = kitchen.machine
    before = kitchen.kept().splitlines()
    kitchen.say(f"hey glimmer {ROBIN}", until=0.9)
    machine.cut()
    machine.start()
    kitchen.listens()
    took = int(machine.run(f"systemctl show --value -p ActiveEnterTimestampMonotonic {SERVICE}"))
    kept = kitchen.kept()
    if "robin" not in kept or not set(map(_words, before)) <= set(map(_words, kept.splitlines())):
        raise FailedError(f"before: {before}\nafter: {kept}")
    return f"kept: {kept.splitlines()[-1].strip()}; {took / 1e6:.0f} s from the start to listening"


def full_disk(kitchen: Kitchen) -> str:
    """Check that a glimmer that was told while the disk was full is kept once there is room."""
    run = kitchen.machine.run
    fill = "/var/lib/voice-glimmer/fill"
    run(
        "runuser -u voice-glimmer -- sh -c 'fallocate -l"
        f" $(df --output=avail -B1 /var/lib | tail -n 1) {fill} || dd if=/dev/zero of={fill} bs=1M"
        f" 2>/dev/null; dd if=/dev/zero of={fill}2 bs=4k 2>/dev/null'; df /var/lib",
        limit=200,
        check=False,
    )
    seen = kitchen.seen()
    mark = kitchen.mark()
    kitchen.say("hey glimmer the postman waited for me with a parcel")
    try:
        seen = kitchen.sees("resting", kitchen.sees("not kept yet", seen, 90), 60)
        said = kitchen.heard(mark)
    finally:
        run(f"rm -f {fill} {fill}2")
    kitchen.sees('"kept"', seen, 60)
    kept = kitchen.kept()
    told = {"write", "again", "soon"} & set(said.split())
    if not told or ("postman" not in kept and "parcel" not in kept):
        raise FailedError(f"it said: {said}; then: {kept}")
    return f"it said: {said}; then: {kept.splitlines()[-1].strip()}"


def twice(kitchen: Kitchen) -> str:
    """Check that a second one is told so in a sentence, and the first goes on."""
    before = _restarts(kitchen)
    said = kitchen.machine.run("voice-glimmer listen; echo exit code $?", user="pi", limit=60)
    kitchen.waits("sleep 10", 11, "a while passes")
    if "exit code 2" not in said or "Traceback" in said or _restarts(kitchen) != before:
        raise FailedError(said)
    return said.replace("\n", " ")


def _signalled(kitchen: Kitchen, name: str) -> str:
    run = kitchen.machine.run
    began = 1e6 * kitchen.machine.uptime()
    run(f"systemctl kill --signal {name} --kill-whom main {SERVICE}")
    ready = f"systemctl show --value -p ActiveEnterTimestampMonotonic {SERVICE}"
    kitchen.waits(
        f"systemctl is-active {SERVICE} && [ $({ready}) -gt {began:.0f} ]", 90, "it does not listen"
    )
    return _in_time((int(run(ready)) - began) / 1e6)


def _in_time(took: float, more: str = "") -> str:
    told = f"after {took:.1f} s" + (f"; {more}" if more else "")
    if took > BAR:
        raise FailedError(f"{told}; the bar is {BAR} s")
    return told


def _restarts(kitchen: Kitchen) -> str:
    return kitchen.machine.run(f"systemctl show --value -p NRestarts {SERVICE}")


def _words(line: str) -> str:
    return " ".join(line.split()[4:])
