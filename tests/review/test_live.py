"""What open pages are told, without waiting for any clock."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, closing

import pytest

from tests.journal.kept import LATER, keep
from tests.review.door import Door
from voice_glimmer.journal import Journal, JournalUnavailableError
from voice_glimmer.journal.presence import Present
from voice_glimmer.review.live import MOST_LISTENERS, Live, Seen

FIRST = Seen((1, 0), 3, Present.RESTING)
KEPT = Seen((2, 0), 4, Present.RESTING)
EDITED = Seen((3, 0), 4, Present.RESTING)
AWAKE = Seen((3, 0), 4, Present.LISTENING)


class Eyes:
    """Sees one thing after the other, then nothing new."""

    def __init__(self, *seen: Seen | Exception) -> None:
        self._seen = list(seen)
        self.looked = 0

    async def __call__(self) -> Seen:
        self.looked += 1
        seen = self._seen.pop(0) if len(self._seen) > 1 else self._seen[0]
        if isinstance(seen, Exception):
            raise seen
        return seen


async def some(events: AsyncIterator[str], count: int) -> list[str]:
    """Return the next events, without their last line ends and comments."""
    told = list[str]()
    async for each in events:
        told += [] if each.startswith(":") else [each.strip()]
        if len(told) >= count:
            break
    return told


async def heard(eyes: Eyes, count: int) -> list[str]:
    live = Live(eyes, every=0, heartbeat=60)
    async with aclosing(live.listen(lambda: True)) as events:
        return await some(events, count)


def lines(told: Iterable[str]) -> list[str]:
    return [line for each in told for line in each.splitlines() if line]


def test_at_first_all_is_told_and_then_what_has_changed():
    told = asyncio.run(heard(Eyes(FIRST, KEPT, KEPT, EDITED, AWAKE), 5))
    assert told[0].startswith("retry: ")
    assert lines(told[1:]) == [
        *("event: journal", "data: 3", "event: kitchen", "data: resting"),
        *("event: journal", "data: 4", "event: journal", "data: 4"),
        *("event: kitchen", "data: listening"),
    ]


def test_a_journal_that_cannot_be_read_for_a_while_is_waited_for():
    told = asyncio.run(heard(Eyes(JournalUnavailableError(), FIRST), 2))
    assert "data: 3" in told[1]


def test_one_watcher_looks_for_all():
    async def run() -> int:
        eyes = Eyes(FIRST)
        live = Live(eyes, every=60, heartbeat=60)
        listening = [live.listen(lambda: True) for _ in range(50)]
        for events in listening:
            assert len(await some(events, 2)) == 2
        for events in listening:
            await events.aclose()
        looked = eyes.looked
        async with aclosing(live.listen(lambda: True)) as again:
            await some(again, 2)
        assert eyes.looked == looked + 1
        return looked

    assert asyncio.run(run()) == 1


def test_nobody_looks_once_nobody_listens():
    async def run() -> None:
        eyes = Eyes(FIRST)
        live = Live(eyes, every=0, heartbeat=60)
        async with aclosing(live.listen(lambda: True)) as events:
            await some(events, 2)
        await asyncio.sleep(0)
        looked = eyes.looked
        for _ in range(10):
            await asyncio.sleep(0)
        assert eyes.looked == looked

    asyncio.run(run())


def test_where_nothing_happens_a_heartbeat_is_sent():
    async def run() -> str:
        live = Live(Eyes(FIRST), every=60, heartbeat=0)
        async with aclosing(live.listen(lambda: True)) as events:
            return [await anext(events) for _ in range(8)][-1]

    assert asyncio.run(run()) == ":\n\n"


def test_who_is_no_longer_welcome_and_all_at_the_end_are_let_go():
    async def run() -> None:
        welcome = [True, True, False]
        live = Live(Eyes(FIRST), every=0, heartbeat=0)
        beats = 0
        async for _ in live.listen(lambda: welcome.pop(0) if welcome else False):
            beats += 1
            assert beats <= 3
        assert beats == 3
        events = live.listen(lambda: True)
        await some(events, 2)
        live.end()
        assert await some(events, 1) == []

    asyncio.run(run())


def test_no_more_than_so_many_listen(house):
    async def fill(live: Live) -> list[AsyncIterator[str]]:
        listening = [live.listen(lambda: True) for _ in range(MOST_LISTENERS)]
        for events in listening:
            await anext(events)
        return listening

    async def run(door: Door) -> None:
        listening = await fill(door.app.state.live)
        assert door.app.state.live.is_full
        await listening[0].aclose()
        assert not door.app.state.live.is_full
        for events in listening:
            await events.aclose()

    with closing(Door(house)) as door:
        asyncio.run(run(door))


def test_every_change_makes_another_version_here_and_elsewhere(house):
    with closing(Journal(house.place)) as here, closing(Journal(house.place)) as there:
        versions = [here.version()]
        for act in (
            lambda: keep(here),
            lambda: keep(there, "a wren", name="b"),
            lambda: there.tag(1, "garden"),
            lambda: here.favour(1, favourite=True),
            lambda: there.delete(2, LATER),
        ):
            act()
            versions.append(here.version())
        assert len(set(versions)) == len(versions)
        assert here.version() == versions[-1]
        assert here.newest_number() == 1


@pytest.mark.parametrize("way", ["here", "there"])
def test_what_is_kept_while_the_page_is_open_is_told(house, way: str):
    async def run(door: Door) -> list[str]:
        journal = Journal(house.place) if way == "there" else None
        live, ask = Live(door.app.state.live._look, every=0), door.app.state.access.ask
        async with aclosing(live.listen(lambda: True)) as events:
            told = await some(events, 2)
            if journal:
                keep(journal)
                journal.close()
            else:
                await ask(keep)
            return lines(told[1:] + await some(events, 1))

    with closing(Door(house)) as door:
        told = asyncio.run(run(door))
    assert told[:4] == ["event: journal", "data: 0", "event: kitchen", "data: away"]
    assert told[4:] == ["event: journal", "data: 1"]
