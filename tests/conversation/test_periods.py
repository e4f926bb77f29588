from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_glimmer.conversation.periods import Calendar, Period, resolve

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
CALENDAR = Calendar(
    week_begins=0,
    seasons={"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12},
    feasts={"christmas": (12, 24, 3), "new year": (12, 31, 2), "new year's day": (1, 1, 1)},
)
TUESDAY = datetime(2026, 11, 24, 8, 30, tzinfo=BERLIN)

WHOLE_DAYS = {
    "today": {},
    "yesterday": {},
    "this_week": {},
    "last_week": {},
    "this_month": {},
    "last_month": {},
    "this_year": {},
    "last_year": {},
    "weekday": {"weekday": 5},
    "date": {"month": 10, "ordinal": 25},
    "month": {"month": 3},
    "last_month_named": {"month": 11},
    "season": {"season": "winter"},
    "last_season": {"season": "summer"},
    "days_ago": {"many": 2},
    "weeks_ago": {"many": 3},
    "months_ago": {"many": 12},
    "years_ago": {"many": 5},
    "past_days": {"many": 3},
    "past_weeks": {"many": 2},
    "past_months": {"many": 6},
    "feast": {"feast": "christmas"},
    "last_feast": {"feast": "new year"},
    "since_weekday": {"weekday": 5},
    "since_month": {"month": 3},
    "since_last_week": {},
    "since_feast": {"feast": "new year"},
}
PARTS_OF_DAYS = ("this_morning", "this_afternoon", "this_evening", "last_night")


def days(first: str, beyond: str, zone: ZoneInfo = BERLIN) -> Period:
    return Period(
        *(datetime.combine(date.fromisoformat(day), datetime.min.time(), zone)
          for day in (first, beyond))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "slots", "first", "beyond"),
    [
        ("today", {}, "2026-11-24", "2026-11-25"),
        ("yesterday", {}, "2026-11-23", "2026-11-24"),
        ("this_week", {}, "2026-11-23", "2026-11-30"),
        ("last_week", {}, "2026-11-16", "2026-11-23"),
        ("this_month", {}, "2026-11-01", "2026-12-01"),
        ("last_month", {}, "2026-10-01", "2026-11-01"),
        ("this_year", {}, "2026-01-01", "2027-01-01"),
        ("last_year", {}, "2025-01-01", "2026-01-01"),
        ("weekday", {"weekday": 0}, "2026-11-23", "2026-11-24"),
        ("weekday", {"weekday": 1}, "2026-11-17", "2026-11-18"),
        ("weekday", {"weekday": 2}, "2026-11-18", "2026-11-19"),
        ("weekday", {"weekday": 6}, "2026-11-22", "2026-11-23"),
        ("date", {"month": 5, "ordinal": 3}, "2026-05-03", "2026-05-04"),
        ("date", {"month": 11, "ordinal": 24}, "2026-11-24", "2026-11-25"),
        ("date", {"month": 11, "ordinal": 25}, "2025-11-25", "2025-11-26"),
        ("date", {"month": 2, "ordinal": 29}, "2024-02-29", "2024-03-01"),
        ("month", {"month": 3}, "2026-03-01", "2026-04-01"),
        ("month", {"month": 11}, "2026-11-01", "2026-12-01"),
        ("month", {"month": 12}, "2025-12-01", "2026-01-01"),
        ("last_month_named", {"month": 3}, "2026-03-01", "2026-04-01"),
        ("last_month_named", {"month": 11}, "2025-11-01", "2025-12-01"),
        ("last_month_named", {"month": 12}, "2025-12-01", "2026-01-01"),
        ("season", {"season": "summer"}, "2026-06-01", "2026-09-01"),
        ("season", {"season": "autumn"}, "2026-09-01", "2026-12-01"),
        ("season", {"season": "winter"}, "2025-12-01", "2026-03-01"),
        ("day_before_yesterday", {}, "2026-11-22", "2026-11-23"),
        ("week_ago", {}, "2026-11-17", "2026-11-18"),
        ("year_ago", {}, "2025-11-24", "2025-11-25"),
        ("on_this_day", {}, "1900-01-01", "2026-11-24"),
        ("weekend", {}, "2026-11-21", "2026-11-23"),
        ("last_weekend", {}, "2026-11-21", "2026-11-23"),
        ("past_week", {}, "2026-11-17", "2026-11-25"),
        ("past_month", {}, "2026-10-25", "2026-11-25"),
        ("days_ago", {"many": 2}, "2026-11-22", "2026-11-23"),
        ("weeks_ago", {"many": 2}, "2026-11-09", "2026-11-16"),
        ("months_ago", {"many": 2}, "2026-09-01", "2026-10-01"),
        ("months_ago", {"many": 11}, "2025-12-01", "2026-01-01"),
        ("years_ago", {"many": 5}, "2021-01-01", "2022-01-01"),
        ("past_days", {"many": 3}, "2026-11-21", "2026-11-25"),
        ("past_weeks", {"many": 2}, "2026-11-10", "2026-11-25"),
        ("past_months", {"many": 3}, "2026-08-24", "2026-11-25"),
        ("past_months", {"many": 12}, "2025-11-24", "2026-11-25"),
        ("feast", {"feast": "christmas"}, "2025-12-24", "2025-12-27"),
        ("last_feast", {"feast": "christmas"}, "2025-12-24", "2025-12-27"),
        ("feast", {"feast": "new year's day"}, "2026-01-01", "2026-01-02"),
        ("feast_of_year", {"feast": "new year", "year": 2024}, "2024-12-31", "2025-01-02"),
        ("feast_last_year", {"feast": "christmas"}, "2025-12-24", "2025-12-27"),
        ("since_yesterday", {}, "2026-11-23", "2026-11-25"),
        ("since_last_week", {}, "2026-11-16", "2026-11-25"),
        ("since_weekday", {"weekday": 1}, "2026-11-17", "2026-11-25"),
        ("since_month", {"month": 3}, "2026-03-01", "2026-11-25"),
        ("since_month", {"month": 12}, "2025-12-01", "2026-11-25"),
        ("since_this_year", {}, "2026-01-01", "2026-11-25"),
        ("since_last_season", {"season": "winter"}, "2025-12-01", "2026-11-25"),
        ("since_year", {"year": 2030}, "2030-01-01", "2030-01-01"),
        ("year", {"year": 2025}, "2025-01-01", "2026-01-01"),
        ("month_of_year", {"month": 12, "year": 2024}, "2024-12-01", "2025-01-01"),
        ("month_last_year", {"month": 3}, "2025-03-01", "2025-04-01"),
        ("season_of_year", {"season": "winter", "year": 2024}, "2024-12-01", "2025-03-01"),
        ("season_last_year", {"season": "summer"}, "2025-06-01", "2025-09-01"),
        ("date_of_year", {"month": 2, "ordinal": 29, "year": 2024}, "2024-02-29", "2024-03-01"),
        ("last_season", {"season": "summer"}, "2026-06-01", "2026-09-01"),
        ("last_season", {"season": "fall"}, "2025-09-01", "2025-12-01"),
        ("last_season", {"season": "winter"}, "2025-12-01", "2026-03-01"),
    ],
)
def test_on_a_tuesday_in_november(name: str, slots: dict, first: str, beyond: str):
    assert resolve(name, slots, TUESDAY, CALENDAR) == days(first, beyond)


def test_on_a_sunday_the_weekend_is_now_and_the_last_one_is_over():
    sunday = TUESDAY.replace(day=22)
    assert resolve("weekend", {}, sunday, CALENDAR) == days("2026-11-21", "2026-11-23")
    assert resolve("last_weekend", {}, sunday, CALENDAR) == days("2026-11-14", "2026-11-16")


@pytest.mark.parametrize(
    ("name", "slots"),
    [
        ("date_of_year", {"month": 2, "ordinal": 29, "year": 2025}),
        ("since_date_of_year", {"month": 2, "ordinal": 29, "year": 2025}),
        ("year_ago", {}),
    ],
)
def test_a_day_that_year_did_not_have_has_no_period(name: str, slots: dict):
    leap_day = datetime(2028, 2, 29, 9, tzinfo=BERLIN)
    assert resolve(name, slots, leap_day, CALENDAR) is None


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("yesterday_morning", (23, 0), (23, 12)),
        ("yesterday_evening", (23, 18), (24, 0)),
        ("weekday_afternoon", (17, 12), (17, 18)),
        ("this_morning", (24, 0), (24, 12)),
        ("this_afternoon", (24, 12), (24, 18)),
        ("this_evening", (24, 18), (25, 0)),
        ("last_night", (23, 18), (24, 6)),
    ],
)
def test_parts_of_a_day(name: str, since: tuple[int, int], until: tuple[int, int]):
    expected = (datetime(2026, 11, day, hour, tzinfo=BERLIN) for day, hour in (since, until))
    assert resolve(name, {"weekday": 1}, TUESDAY, CALENDAR) == Period(*expected)


@pytest.mark.parametrize(
    ("now", "name", "slots", "first", "beyond"),
    [
        # In January the last month, and December, are last year's.
        ("2027-01-05T09:00", "last_month", {}, "2026-12-01", "2027-01-01"),
        ("2026-12-05T09:00", "this_month", {}, "2026-12-01", "2027-01-01"),
        ("2027-01-05T09:00", "season", {"season": "winter"}, "2026-12-01", "2027-03-01"),
        ("2027-01-05T09:00", "last_season", {"season": "winter"}, "2025-12-01", "2026-03-01"),
        ("2027-03-01T00:00", "last_season", {"season": "winter"}, "2026-12-01", "2027-03-01"),
        ("2026-06-01T00:00", "last_season", {"season": "summer"}, "2025-06-01", "2025-09-01"),
        # During a feast it is this one, and the last one is a year ago; the day after, it is over.
        ("2026-12-25T09:00", "feast", {"feast": "christmas"}, "2026-12-24", "2026-12-27"),
        ("2026-12-25T09:00", "last_feast", {"feast": "christmas"}, "2025-12-24", "2025-12-27"),
        ("2026-12-27T00:00", "last_feast", {"feast": "christmas"}, "2026-12-24", "2026-12-27"),
        ("2027-01-01T09:00", "feast", {"feast": "new year"}, "2026-12-31", "2027-01-02"),
        ("2027-01-01T09:00", "last_feast", {"feast": "new year"}, "2025-12-31", "2026-01-02"),
        ("2027-01-05T09:00", "since_feast", {"feast": "christmas"}, "2026-12-24", "2027-01-06"),
        # March has 31 days, February has not.
        ("2026-03-31T09:00", "past_months", {"many": 1}, "2026-03-01", "2026-04-01"),
        ("2027-01-05T09:00", "weeks_ago", {"many": 2}, "2026-12-21", "2026-12-28"),
        ("2027-01-05T09:00", "months_ago", {"many": 2}, "2026-11-01", "2026-12-01"),
        # Just before and just after midnight, between Sunday and Monday.
        ("2026-11-22T23:59:59", "last_week", {}, "2026-11-09", "2026-11-16"),
        ("2026-11-23T00:00", "last_week", {}, "2026-11-16", "2026-11-23"),
        ("2026-11-23T23:59:59", "today", {}, "2026-11-23", "2026-11-24"),
        ("2026-11-24T00:00", "today", {}, "2026-11-24", "2026-11-25"),
    ],
)
def test_at_the_turn_of_day_week_and_year(
    now: str, name: str, slots: dict, first: str, beyond: str
):
    at = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    assert resolve(name, slots, at, CALENDAR) == days(first, beyond)


def test_weeks_may_begin_on_sunday():
    sundays = Calendar(week_begins=6, seasons={}, feasts={})
    assert resolve("weeks_ago", {"many": 2}, TUESDAY, sundays) == days("2026-11-08", "2026-11-15")
    assert resolve("this_week", {}, TUESDAY, sundays) == days("2026-11-22", "2026-11-29")


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, "2026-03-29", 23),
        (BERLIN, "2026-10-25", 25),
        (NEW_YORK, "2026-03-08", 23),
        (NEW_YORK, "2026-11-01", 25),
    ],
)
def test_a_day_on_which_the_clocks_change_is_whole(zone: ZoneInfo, day: str, hours: int):
    for hour in (0, 1, 2, 4, 23):
        now = datetime.fromisoformat(f"{day}T{hour:02}:30").replace(tzinfo=zone)
        today = resolve("today", {}, now, CALENDAR)
        assert today.until.astimezone(UTC) - today.since.astimezone(UTC) == timedelta(hours=hours)
        tomorrow = resolve("yesterday", {}, now + timedelta(days=1), CALENDAR)
        assert tomorrow == today


@pytest.mark.parametrize(("month", "ordinal"), [(2, 30), (2, 31), (4, 31)])
def test_a_day_that_never_is_has_no_period(month: int, ordinal: int):
    assert resolve("date", {"month": month, "ordinal": ordinal}, TUESDAY, CALENDAR) is None


def test_the_day_that_was_longest_ago():
    leap = {"month": 2, "ordinal": 29}
    now = datetime(1904, 2, 28, 12, tzinfo=BERLIN)
    assert resolve("date", leap, now, CALENDAR) == days("1896-02-29", "1896-03-01")


def test_what_no_list_names_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="next_week"):
        resolve("next_week", {}, TUESDAY, CALENDAR)


moments = st.integers(946_684_800, 4_102_444_800).map(lambda at: datetime.fromtimestamp(at, UTC))
"""From 2000 to 2100, in seconds."""
zones = st.sampled_from([BERLIN, NEW_YORK, ZoneInfo("Pacific/Auckland"), ZoneInfo("Asia/Kolkata")])


@given(moments, zones, st.sampled_from(sorted(WHOLE_DAYS)), moments, st.floats(0, 1))
def test_a_period_holds_the_moments_of_its_days_and_no_others(
    now: datetime, zone: ZoneInfo, name: str, other: datetime, share: float
):
    period = resolve(name, WHOLE_DAYS[name], now.astimezone(zone), CALENDAR)
    since, until = period.since.astimezone(UTC), period.until.astimezone(UTC)
    inside = min(since + share * (until - since), until - timedelta(microseconds=1))
    for moment in (inside, other, since, until, since - timedelta(microseconds=1)):
        day = moment.astimezone(zone).date()
        held = period.since.date() <= day < period.until.date()
        assert (since <= moment < until) == held


@given(moments, zones, st.sampled_from([*sorted(WHOLE_DAYS), *PARTS_OF_DAYS]))
def test_a_period_is_in_order_and_has_begun_unless_it_is_later_today(
    now: datetime, zone: ZoneInfo, name: str
):
    local = now.astimezone(zone)
    period = resolve(name, WHOLE_DAYS.get(name, {}), local, CALENDAR)
    assert period.since.astimezone(UTC) < period.until.astimezone(UTC)
    assert period.since.date() <= local.date()
    assert period.since.tzinfo is zone
