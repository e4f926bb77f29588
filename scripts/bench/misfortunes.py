"""One misfortune after the other, while somebody tells glimmers."""

from __future__ import annotations

import signal
import time
from itertools import cycle, islice
from random import Random
from typing import TYPE_CHECKING, Any

from tests.conftest import kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.bench.manager import Manager
    from tests.e2e.conftest import Kitchen

TOLD = (
    "my neighbor waved at me and smiled",
    "the children laughed in the kitchen",
    "i drank my tea in the sun",
    "a friend called me on the phone",
)
MEANWHILE = (1.3, 9.0)
"""Seconds from somebody's beginning to speak to the misfortune: within the glimmer, or after it."""

TEN_YEARS = 3_652
WOKE = "You: hey glimmer"


def cycles(kitchen: Kitchen, manager: Manager, many: int) -> dict[str, Any]:
    """Return how long each misfortune kept it from listening, and what was told and kept."""
    random = Random(0)  # noqa: S311 - the same misfortunes every time
    server, log = kitchen.microphone, kitchen.folder / "log"
    woke, before = log.read_text().count(WOKE), len(kept(kitchen.journal))

    def die(number: int) -> Callable[[], str]:
        def inflict() -> str:
            manager.send(number)
            return "READY=1"

        return inflict

    def lose() -> str:
        server.kill()
        manager.until("STATUS=I cannot hear the microphone.")
        server.start()
        kitchen.unmute()
        return "STATUS=I listen."

    def jump() -> str:
        manager.shift(random.choice([-TEN_YEARS, 0, TEN_YEARS]))
        return "WATCHDOG=1"

    misfortunes = {
        "crash": die(signal.SIGSEGV),
        "killed": die(signal.SIGKILL),
        "hang": die(signal.SIGSTOP),
        "device": lose,
        "clock": jump,
    }
    took: dict[str, list[float]] = {name: [] for name in misfortunes}
    told = 0
    for number, name in enumerate(islice(cycle(misfortunes), many)):
        manager.until("WATCHDOG=1")
        if number % 2 == 0:
            while not kitchen.loudspeaker.is_quiet(1.0):  # nobody talks over it without barge_in
                manager.until("", 0.2)
            told += 1
            with kitchen.saying(f"hey glimmer {random.choice(TOLD)}"):
                manager.until("", random.uniform(*MEANWHILE))
        manager.forget()
        began = time.monotonic()
        manager.until(misfortunes[name]())
        took[name].append(time.monotonic() - began)
        print(f"{number + 1:3} {name:7} {took[name][-1]:5.1f} s", flush=True)
    manager.until("", 40)  # what was told last is read back, and kept
    manager.end()
    return {
        "seconds": {name: [round(each, 2) for each in every] for name, every in took.items()},
        "told": told,
        "woke": log.read_text().count(WOKE) - woke,
        "kept": len(kept(kitchen.journal)) - before,
    }
