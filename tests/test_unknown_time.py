"""What is said while the time is not known, as on a Pi without a network; what becomes of it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.home import BEGAN, House
from tests.pi import Pi
from voice_glimmer.clock import Clock
from voice_glimmer.conversation import language as languages
from voice_glimmer.journal.times import latest, set_right

NEWEST = datetime(2026, 11, 1, 9, tzinfo=UTC)
TRUE = datetime(2026, 11, 24, 9, tzinfo=UTC)
ROBIN = "a robin sang in the garden"


class InTheRoom(Pi):
    """A Pi whose time is the room's, once it is in one."""

    home: House | None = None

    def since_boot(self) -> float:
        since = (self.home.room.now() - BEGAN).total_seconds() if self.home else 0.0
        return self.seconds + since

    def wall(self) -> datetime:
        return self.wall_at + timedelta(seconds=self.since_boot() - self.seconds)


def at_home(house, machine: InTheRoom, *said) -> House:
    machine.home = None
    home = house(*said, clock=Clock(UTC, NEWEST, machine))
    machine.home = home
    return home


def test_what_is_said_then_is_uncertain_after_the_newest_and_set_right_once_it_is_known(
    house, person
):
    machine = InTheRoom()
    home = at_home(house, machine, person("hey glimmer"), person(ROBIN), person("yes"))
    home.loop.run(home.room.frames())
    (glimmer,) = home.journal.newest(1)
    assert glimmer.uncertain
    assert NEWEST < glimmer.spoken_at < NEWEST + timedelta(minutes=1)
    spoken = glimmer.spoken_at - NEWEST
    machine.hears_of_the_time(TRUE)
    for frame in home.room._speak(person("nothing")):
        home.loop._tick(frame.end + 1_000)
    (glimmer,) = home.journal.newest(1)
    assert not glimmer.uncertain
    assert abs(glimmer.spoken_at - TRUE - spoken) < timedelta(milliseconds=50)


def test_what_was_being_said_when_the_program_crashed_gets_its_time(house, person):
    machine = InTheRoom()
    at_home(house, machine, person("hey glimmer")).cut_off(person(ROBIN))
    again = at_home(house, InTheRoom(seconds=620.0))
    machine = again.loop._clock._machine
    machine.hears_of_the_time(TRUE)
    again.loop._clock.settle()
    assert again.loop.recover() == 1
    (glimmer,) = again.journal.newest(1)
    assert not glimmer.uncertain
    assert timedelta(seconds=560) < TRUE - glimmer.spoken_at < timedelta(seconds=600)


def test_what_was_being_said_when_the_power_went_stays_uncertain(house, person):
    at_home(house, InTheRoom(), person("hey glimmer")).cut_off(person(ROBIN))
    again = at_home(house, InTheRoom(boot="two", synchronised=True, wall_at=TRUE))
    assert again.loop.recover() == 1
    (glimmer,) = again.journal.newest(1)
    assert glimmer.uncertain
    assert NEWEST < glimmer.spoken_at < NEWEST + timedelta(minutes=1)


def keep(home: House, clock: Clock, text: str) -> int:
    now = clock.now()
    return home.journal.keep_typed(text, now, clock.reckoning(now))


def test_what_was_deleted_meanwhile_can_be_brought_back_for_as_long_as_ever(house):
    machine = Pi()
    clock = Clock(UTC, NEWEST, machine)
    home = house()
    number = keep(home, clock, ROBIN)
    home.journal.delete(number, clock.now())
    machine.runs(60)
    machine.hears_of_the_time(TRUE)
    correction = clock.settle()
    assert set_right(home.journal.folder, clock.time_of, correction) == 1
    assert latest(home.journal.folder) == TRUE - timedelta(seconds=60)


def test_an_earlier_run_of_the_same_start_is_set_right_too(house):
    machine = Pi()
    home = house()
    keep(home, Clock(UTC, NEWEST, machine), ROBIN)
    machine.runs(3600)
    machine.hears_of_the_time(TRUE)
    home.loop._clock = Clock(UTC, NEWEST, machine)
    home.loop.recover()
    (glimmer,) = home.journal.newest(1)
    assert not glimmer.uncertain
    assert glimmer.spoken_at == TRUE - timedelta(hours=1)


@pytest.mark.parametrize(("code", "perhaps"), [("en", "I think it was"), ("de", "Ich glaube")])
def test_that_it_is_not_certain_is_said(code: str, perhaps: str):
    words = languages.load(code)
    assert words.when(NEWEST, TRUE, uncertain=True).startswith(perhaps)
    assert not words.when(NEWEST, TRUE).startswith(perhaps)
