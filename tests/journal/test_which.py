import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from voice_glimmer.journal.glimmers import Journal, Which


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal(tmp_path)) as made:
        yield made


def keep(journal: Journal, at: datetime) -> int:
    return journal.keep(
        "warm sun", (), at, duration=0.0, prompt="", name="", voice=b"", rate=16_000
    )


def hours(offset: float) -> timezone:
    return timezone(timedelta(hours=offset))


@pytest.mark.parametrize(
    ("spoken_at", "day"),
    [
        # Half past midnight in Berlin is the day before in UTC, and the reverse in New York.
        (datetime(2026, 6, 1, 0, 30, tzinfo=hours(2)), (6, 1)),
        (datetime(2026, 5, 31, 23, 30, tzinfo=hours(-4)), (5, 31)),
        (datetime(2026, 1, 1, 0, 15, tzinfo=hours(5.75)), (1, 1)),
        (datetime(2025, 12, 31, 23, 59, 59, 999_900, tzinfo=hours(14)), (12, 31)),
        (datetime(2026, 6, 1, 0, 0, 0, 0, tzinfo=hours(-12)), (6, 1)),
        (datetime(2026, 6, 1, 23, 59, 59, 999_999, tzinfo=UTC), (6, 1)),
        (datetime(2024, 2, 29, 23, 0, tzinfo=hours(-8)), (2, 29)),
        (datetime(2024, 3, 1, 0, 30, tzinfo=hours(9)), (3, 1)),
        (datetime(2023, 2, 28, 23, 30, tzinfo=hours(-8)), (2, 28)),
        (datetime(2023, 3, 1, 0, 30, tzinfo=hours(9)), (3, 1)),
    ],
)
def test_a_day_is_the_speaker_s_own(journal: Journal, spoken_at: datetime, day: tuple[int, int]):
    number = keep(journal, spoken_at)
    assert [found.id for found in journal.find(Which(on_day=day), limit=5)] == [number]
    for days in (-1, 1):
        near = spoken_at + timedelta(days=days)
        assert journal.count(Which(on_day=(near.month, near.day))) == 0


def test_a_day_is_found_in_all_years_and_until_limits_them(journal: Journal):
    for year in (2022, 2024, 2026):
        keep(journal, datetime(year, 11, 24, 8, tzinfo=UTC))
    keep(journal, datetime(2025, 11, 25, 8, tzinfo=UTC))
    on_day = Which(on_day=(11, 24), until=datetime(2026, 11, 24, tzinfo=UTC))
    assert [found.spoken_at.year for found in journal.find(on_day, limit=5)] == [2024, 2022]


def test_29_february_is_no_other_day_in_other_years(journal: Journal):
    keep(journal, datetime(2023, 2, 28, 8, tzinfo=UTC))
    keep(journal, datetime(2023, 3, 1, 8, tzinfo=UTC))
    keep(journal, datetime(2024, 2, 29, 8, tzinfo=UTC))
    (found,) = journal.find(Which(on_day=(2, 29)), limit=5)
    assert found.spoken_at.year == 2024


def test_all_that_is_asked_narrows_together(journal: Journal):
    day = datetime(2026, 6, 1, 8, tzinfo=UTC)
    numbers = [keep(journal, day + timedelta(days=365 * years)) for years in range(3)]
    for number in numbers:
        journal.tag(number, "tea")
    journal.favour(numbers[1], favourite=True)
    asked = Which(topic="suns", tag="tea", favourite=True, on_day=(6, 1), since=day)
    assert [found.id for found in journal.find(asked, limit=5)] == [numbers[1]]
    journal.untag(numbers[1], "tea")
    assert journal.count(asked) == 0


@pytest.fixture(scope="module")
def ten_thousand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """A journal of 10,000: each hour one, each tenth a favourite, each twentieth with a tag."""
    with closing(Journal(tmp_path_factory.mktemp("journal"))) as made:
        db = made._db
        first = datetime(2025, 1, 1, tzinfo=UTC)
        with db.atomic():
            db["glimmers"].insert_all(
                {
                    "id": number,
                    **{"uid": str(number), "zone": "", "source": "typed"},
                    "text": f"the {'robin' if number % 50 == 0 else 'tea'} of hour {number}",
                    "spoken_at": (first + timedelta(hours=number)).isoformat(),
                    "utc_offset_minutes": 60,
                    "duration": 1.0,
                    "prompt": "",
                    "favourite": int(number % 10 == 0),
                    "deleted_at": first.isoformat() if number % 100 == 7 else None,
                }
                for number in range(1, 10_001)
            )
            db["tags"].insert_all(
                {"glimmer_id": number, "tag": "kindness"} for number in range(20, 10_001, 20)
            )
        yield made


SINCE = datetime(2025, 6, 1, tzinfo=UTC)
ASKED = {
    "all": Which(),
    "since": Which(since=SINCE),
    "period": Which(since=SINCE, until=SINCE + timedelta(days=7)),
    "before": Which(before=(SINCE, 3_624)),
    "topic": Which(topic="robin"),
    "favourite": Which(favourite=True),
    "tag": Which(tag="kindness"),
    "on_day": Which(on_day=(6, 1)),
    "everything": Which(SINCE, None, "robin", True, "kindness", (6, 9)),
}


def plans(journal: Journal, ask) -> list[str]:
    """Return how SQLite goes about all that `ask` asks of it."""
    asked = []
    with journal._db.tracer(lambda sql, values: asked.append((sql, values))):
        ask()
    return [
        row[3]
        for sql, values in asked
        if sql.startswith("select")
        for row in journal._db.conn.execute(f"explain query plan {sql}", values or [])
    ]


@pytest.mark.parametrize("name", ASKED)
def test_ten_thousand_are_never_looked_through_one_by_one(ten_thousand: Journal, name: str):
    for ask in (
        lambda: ten_thousand.find(ASKED[name], limit=3),
        lambda: ten_thousand.count(ASKED[name]),
    ):
        steps = plans(ten_thousand, ask)
        assert steps
        assert [step for step in steps if re.match(r"SCAN (glimmers|tags)\b", step)] == []


@pytest.mark.parametrize("name", ["all", "since", "period", "before", "favourite", "on_day"])
def test_the_newest_of_ten_thousand_are_found_without_sorting_them(
    ten_thousand: Journal, name: str
):
    steps = plans(ten_thousand, lambda: ten_thousand.find(ASKED[name], limit=3))
    assert steps
    assert [step for step in steps if "B-TREE" in step] == []


def test_of_ten_thousand_all_filters_find_what_they_say(ten_thousand: Journal):
    count = {name: ten_thousand.count(which) for name, which in ASKED.items()}
    # Of 10,000, 100 are deleted, none of them with another property: 7 is no multiple of 10.
    assert count["all"] == 9_900
    assert (count["topic"], count["favourite"], count["tag"]) == (200, 1_000, 500)


@pytest.mark.parametrize("name", ["topic", "tag"])
def test_of_ten_thousand_only_those_with_a_topic_or_tag_are_looked_up(
    ten_thousand: Journal, name: str
):
    steps = plans(ten_thousand, lambda: ten_thousand.count(ASKED[name]))
    assert "SEARCH glimmers USING INTEGER PRIMARY KEY (rowid=?)" in steps
