"""Glimmers and requests as people say them, told apart by the words alone.

`said/more_glimmers.txt` and `fresh_glimmers.txt` hold one glimmer a line. `said/more_requests.tsv`
holds one request a line: what is said, the kind that is asked for and the slots that count, after
one tab each. Slots are `name=value`, a space apart, with "_" for the spaces of a value:

    number   how many glimmers at most; any number where it is not given
    order    newest, oldest or any; newest where it is not given
    period   since..until in ISO 8601, half-open, as seen from `NOW` in its zone
    on_day   month-day, in years before
    topic    the words searched for
    tag      the tag that is given or searched for
    favourite  true

A slot that is not given has to stay empty. A request that is not understood (`Kind.UNCLEAR`) is
not kept as a glimmer: the program asks. A glimmer to which it asks that counts as misunderstood.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from voice_glimmer.conversation.requests import Request, understand
from voice_glimmer.conversation.sentences import Kind

if TYPE_CHECKING:
    from voice_glimmer.conversation.language import Language

SAID = Path(__file__).parent / "said"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 19, tzinfo=BERLIN)  # a Tuesday


@dataclass(frozen=True)
class Asked:
    """A line of `more_requests.tsv`."""

    text: str
    kind: Kind
    slots: dict[str, str]


def asked(line: str) -> Asked:
    text, kind, *slots = line.split("\t")
    pairs = (slot.split("=") for slot in " ".join(slots).split())
    return Asked(text, Kind(kind), {name: value.replace("_", " ") for name, value in pairs})


GLIMMERS = [
    text
    for name in ("more_glimmers.txt", "fresh_glimmers.txt")
    for text in (SAID / name).read_text(encoding="utf-8").splitlines()
]
REQUESTS = [
    asked(line) for line in (SAID / "more_requests.tsv").read_text(encoding="utf-8").splitlines()
]


def slots(request: Request) -> dict[str, str]:
    """Return what was understood in the notation of `more_requests.tsv`."""
    found = {
        "number": str(request.limit),
        "order": request.order.value,
        "topic": request.topic,
        "tag": request.tag,
        "favourite": "true" if request.favourite else "",
    }
    if request.on_day:
        found["on_day"] = "{}-{}".format(*request.on_day)
    elif request.period:
        found["period"] = f"{hour(request.period.since)}..{hour(request.period.until)}"
    return {name: value for name, value in found.items() if value and value != "newest"}


def hour(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H}".removesuffix("T00")


def given(said: Asked, request: Request) -> dict[str, str]:
    """Return the slots that the line of a request gives, written as `slots` writes them."""
    expected = {"number": str(request.limit)} | said.slots
    if "period" in expected:
        ends = expected["period"].split("..")
        expected["period"] = "..".join(hour(datetime.fromisoformat(end)) for end in ends)
    return expected


@pytest.fixture(scope="module")
def understood(language: Language) -> list[tuple[Asked, Request | None]]:
    return [(said, understand(said.text, NOW, language)) for said in REQUESTS]


def test_the_lists_are_as_long_as_the_bars_ask():
    assert len(set(GLIMMERS)) == 600
    assert len({said.text for said in REQUESTS}) == 300


def test_glimmers_are_not_taken_for_requests(language: Language):
    heard = {text: understand(text, NOW, language) for text in GLIMMERS}
    taken = {text: request.kind for text, request in heard.items() if request}
    assert len(taken) <= 0.01 * len(GLIMMERS), taken


def test_requests_are_not_taken_for_glimmers(understood):
    taken = [said.text for said, request in understood if request is None]
    assert len(taken) <= 0.01 * len(REQUESTS), taken


def test_requests_are_understood_as_what_they_ask_for(understood):
    other = {
        said.text: request and request.kind
        for said, request in understood
        if not request or request.kind != said.kind
    }
    assert len(other) <= 0.03 * len(REQUESTS), other


def test_requests_are_understood_with_their_slots(understood):
    other = {
        said.text: request and (request.kind, slots(request))
        for said, request in understood
        if not request or request.kind != said.kind or slots(request) != given(said, request)
    }
    assert len(other) <= 0.05 * len(REQUESTS), other
