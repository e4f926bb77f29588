"""A day of normal use: what it writes to the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conftest import kept

if TYPE_CHECKING:
    from scripts.bench.manager import Manager
    from tests.e2e.conftest import Kitchen

GLIMMERS = (
    "my neighbor waved at me and smiled when i took the bread out of the oven this morning",
    "the children laughed in the kitchen and we all had tea together in the garden",
    "i drank my tea in the sun and listened to the birds and nobody wanted anything from me",
    "a friend called me on the phone and we talked about the old house by the sea",
    "i was tired and my daughter made me a cup of coffee and sat down with me for a while",
)
REQUESTS = (
    "read my last glimmer",
    "how many glimmers do i have",
    "play my last glimmer",
    "surprise me",
    "read my glimmers from last week",
    "read my last three glimmers",
    "what time is it",
    "read the one about the garden",
    "breathe with me",
    "read my glimmers",
)
NIGHT_SECONDS = 20.0
"""More than the night's work takes for five voices."""


def day(kitchen: Kitchen, manager: Manager) -> dict[str, float]:
    """Return the bytes that the program writes in a day: five glimmers, ten requests, one night."""

    def quiet(seconds: float) -> None:
        manager.until("", seconds)
        while not kitchen.loudspeaker.is_quiet(2.0):
            manager.until("", 0.2)

    manager.until("READY=1")
    quiet(5.0)
    before = manager.written()
    for text in GLIMMERS:
        kitchen.say("hey glimmer")
        quiet(3.0)  # the prompt
        kitchen.say(text)
        quiet(5.0)  # what was heard
        kitchen.say("yes")
        quiet(5.0)
    for text in REQUESTS:
        kitchen.say(f"hey glimmer {text}")
        quiet(5.0)
    quiet(20.0)
    by_day = manager.written() - before
    manager.end()
    manager.until("READY=1")  # the night's work is done also when it was started
    manager.until("", NIGHT_SECONDS)
    return {"written_bytes": by_day + manager.written(), "kept": len(kept(kitchen.journal))}
