from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tests.journal.kept import SPOKEN, keep
from voice_glimmer.cli.figures import WEEKS, calendar
from voice_glimmer.conversation import mentions
from voice_glimmer.conversation.events import Reckoning
from voice_glimmer.journal import Which
from voice_glimmer.patterns import patterns

EN = mentions.load("en")
PARIS = timezone(timedelta(hours=1))


def test_days_and_hours_are_those_of_where_the_speaker_was(journal):
    keep(journal, at=datetime(2026, 11, 24, 23, 59, 59, 999_999, PARIS), name="a")
    keep(journal, at=datetime(2026, 11, 25, 0, 30, tzinfo=PARIS), name="b")
    keep(journal, at=datetime(2026, 12, 1, 0, 5, tzinfo=PARIS), name="c")
    found = patterns(journal, Which(), EN)
    assert found.by_day == {date(2026, 11, 24): 1, date(2026, 11, 25): 1, date(2026, 12, 1): 1}
    assert list(found.by_day) == sorted(found.by_day)
    assert (found.by_hour[0], found.by_hour[23], sum(found.by_hour)) == (2, 1, 3)
    assert found.by_month == (0,) * 10 + (2, 1)


def test_only_what_is_meant_and_not_deleted_counts(journal):
    keep(journal, "a robin sang to grandma", name="a")
    keep(journal, "a robin sang in the garden", name="b")
    keep(journal, "tea in the garden", name="c")
    journal.delete(keep(journal, "a robin in the park", name="d"), SPOKEN)
    found = patterns(journal, Which(topic="robin"), EN)
    assert found.total == sum(found.by_hour) == 2
    assert found.mentions.words == (("robin", 2), ("sang", 2))
    assert found.mentions.people == (("grandma", 1),)
    assert found.mentions.places == (("garden", 1),)


def test_what_was_said_at_no_known_time_is_in_the_total_alone(journal):
    journal.keep(
        *("a robin sang", [], SPOKEN),
        **{"duration": 0.0, "prompt": "", "name": "", "voice": b"", "rate": 16_000},
        reckoning=Reckoning("a", 1.0),
    )
    found = patterns(journal, Which(), EN)
    assert (found.total, found.untimed, found.by_day) == (1, 1, {})


@pytest.mark.parametrize("year", [1, 2, 9999])
def test_a_time_that_cannot_be_breaks_no_calendar(journal, year: int):
    keep(journal, at=datetime(year, 6, 1, tzinfo=UTC))
    assert patterns(journal, Which(), EN).by_day == {}


@pytest.mark.parametrize("day", [date(3, 1, 1), date(9998, 12, 31)])
def test_the_first_and_the_last_day_have_a_calendar(journal, day: date):
    keep(journal, at=datetime(day.year, day.month, day.day, tzinfo=UTC))
    found = patterns(journal, Which(), EN)
    assert found.by_day == {day: 1}
    assert calendar(found.by_day, day, WEEKS)[1 + day.weekday()].endswith("░")


def test_of_nothing_there_is_nothing_to_tell(journal):
    found = patterns(journal, Which(), EN)
    assert (found.total, sum(found.by_hour), found.mentions.words) == (0, 0, ())
