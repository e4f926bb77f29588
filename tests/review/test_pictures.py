from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from voice_glimmer.journal import Glimmer
from voice_glimmer.review.pictures import (
    BOTTOM,
    LEFT,
    MOST_LIGHTS,
    RIGHT,
    TOP,
    lights,
    months,
    ring,
)

TODAY = date(2026, 11, 24)


def glimmers(numbers: list[int], day: int = 23) -> list[Glimmer]:
    at = datetime(2026, 11, day, 8, tzinfo=UTC)
    return [Glimmer(number, "", at, "", None, 0.0, False, ()) for number in numbers]


@given(st.lists(st.integers(1, 10**9), unique=True), st.integers(0, 10**6))
def test_every_light_is_in_the_jar_and_never_are_there_too_many(numbers, more):
    found = lights(glimmers(numbers), len(numbers) + more, TODAY)
    assert len(found) == min(len(numbers), MOST_LIGHTS)
    assert all(LEFT <= light.x <= RIGHT and TOP <= light.y <= BOTTOM for light in found)
    assert [light.number for light in found] == numbers[:MOST_LIGHTS][::-1]


def test_the_jar_fills_from_the_bottom_and_todays_light_lies_on_top():
    few = lights(glimmers([3, 2, 1]), 3, TODAY)
    full = lights([*glimmers([200], day=24), *glimmers(list(range(199, 0, -1)))], 200, TODAY)
    assert min(light.y for light in few) > min(light.y for light in full)
    assert [light.kind for light in full[-2:]] == ["kept", "today"]
    assert sum(light.y for light in full[:50]) > sum(light.y for light in full[-50:])


def test_each_day_of_a_year_has_its_place_and_its_own_shade():
    found = months(2024, {date(2024, 2, 29): 5, date(2024, 12, 31): 1}, 0)
    assert sum(len(month.days) for month in found) == 366
    leap = found[1].days[-1]
    # A Thursday, in the fifth week.
    assert (leap.day, leap.column, leap.row, leap.level) == (29, 3, 4, 4)
    assert [month.total for month in found] == [0, 5, *[0] * 9, 1]
    assert found[11].days[-1].level == 1
    assert months(2024, {}, 6)[1].days[-1].column == 4


def test_the_ring_begins_at_midnight_on_top_and_is_as_long_as_it_counts():
    hours = [0] * 24
    hours[6], hours[12] = 4, 2
    spokes = ring(hours)
    longs = [round(((s.x2 - s.x1) ** 2 + (s.y2 - s.y1) ** 2) ** 0.5) for s in spokes]
    assert longs == [48 if hour == 6 else 24 if hour == 12 else 0 for hour in range(24)]
    assert spokes[0].y1 < spokes[12].y1
    assert spokes[18].x1 < spokes[6].x1
