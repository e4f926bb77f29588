from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_glimmer.conversation.inviting import (
    HEARD_LATELY,
    NOBODY_SPEAKS,
    Plan,
    Standing,
    is_due,
    is_quiet,
    moments,
)

BERLIN = ZoneInfo("Europe/Berlin")
AT_NINE = Plan(times=(time(9),))
NINE = datetime(2026, 11, 24, 9, tzinfo=BERLIN)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("after", "due"),
    [(-1 * MINUTE, False), (0 * MINUTE, True), (59 * MINUTE, True), (60 * MINUTE, False)],
)
def test_it_is_due_at_its_time_and_for_an_hour(after: timedelta, due: bool):
    assert is_due(AT_NINE, Standing(), NINE + after, NOBODY_SPEAKS) == due


def test_nobody_is_invited_who_has_not_asked_for_it():
    assert not is_due(Plan(), Standing(), NINE, NOBODY_SPEAKS)


def test_only_who_was_heard_lately_is_invited():
    assert is_due(AT_NINE, Standing(), NINE, HEARD_LATELY)
    assert not is_due(AT_NINE, Standing(), NINE, HEARD_LATELY + 1)
    assert not is_due(AT_NINE, Standing(), NINE, float("inf"))
    assert not is_due(AT_NINE, Standing(), NINE, NOBODY_SPEAKS - 0.1), "they are still talking"


def test_one_invitation_a_time_and_two_a_day_where_two_are_wanted():
    plan = Plan(times=(time(9), time(18)))
    standing = Standing().invited(NINE).answered(gladly=True)
    assert not is_due(plan, standing, NINE + MINUTE, NOBODY_SPEAKS)
    assert is_due(plan, standing, NINE.replace(hour=18), NOBODY_SPEAKS)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [(time(21, 29), False), (time(21, 30), True), (time(0), True), (time(7, 30), False)],
)
def test_the_quiet_hours_go_over_midnight(at: time, quiet: bool):
    assert is_quiet((time(21, 30), time(7, 30)), at) == quiet


def test_in_the_quiet_hours_nobody_is_invited():
    assert not is_due(Plan(times=(time(22),)), Standing(), NINE.replace(hour=22), NOBODY_SPEAKS)
    assert is_due(
        Plan(times=(time(22),), quiet=(time(23), time(7))),
        Standing(),
        NINE.replace(hour=22),
        NOBODY_SPEAKS,
    )


@pytest.mark.parametrize(("declined", "days"), [(0, 1), (1, 1), (2, 3), (3, 7), (9, 7)])
def test_not_now_makes_it_rarer_up_to_once_a_week(declined: int, days: int):
    standing = Standing(last=NINE, declined=declined)
    waited = next(
        each for each in range(1, 30) if is_due(AT_NINE, standing, NINE + each * DAY, NOBODY_SPEAKS)
    )
    assert waited == days


def test_a_glad_answer_makes_it_as_often_as_before():
    standing = Standing(last=NINE, declined=5).answered(gladly=True)
    assert is_due(AT_NINE, standing, NINE + DAY, NOBODY_SPEAKS)


@given(st.dates(datetime(2026, 1, 1).date(), datetime(2030, 1, 1).date()))  # noqa: DTZ001
def test_the_moment_of_a_window_is_in_it_and_stays_that_day(day):
    plan = Plan(window=(time(9), time(11, 30)))
    morning = datetime.combine(day, time(6), BERLIN)
    (moment,) = moments(plan, morning)
    assert time(9) <= moment.time() <= time(11, 30)
    assert moments(plan, morning + timedelta(hours=10)) == [moment]


def test_the_moments_of_a_window_differ():
    plan = Plan(window=(time(9), time(11, 30)))
    days = [moments(plan, NINE + day * DAY)[0].time() for day in range(10)]
    assert len(set(days)) > 5


def test_where_the_clocks_change_each_day_has_its_moment():
    for day in (
        datetime(2026, 3, 29, 12, tzinfo=BERLIN),
        datetime(2026, 10, 25, 12, tzinfo=BERLIN),
    ):
        (moment,) = moments(AT_NINE, day)
        assert (moment.hour, moment.date()) == (9, day.date())
        assert is_due(AT_NINE, Standing(), moment.astimezone(UTC).astimezone(BERLIN), NOBODY_SPEAKS)
