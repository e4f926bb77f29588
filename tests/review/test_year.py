"""A year as a calendar, and its hours."""

import re
from datetime import UTC, datetime, timedelta, timezone

from tests.journal.kept import keep
from voice_glimmer.journal import Journal


def test_a_year_is_the_one_where_the_speaker_was(house, client):
    journal = Journal(house.place)
    auckland = timezone(timedelta(hours=13))
    keep(journal, "first", datetime(2026, 1, 1, 0, 30, tzinfo=auckland), name="")
    keep(journal, "last", datetime(2025, 12, 31, 23, 30, tzinfo=UTC), name="")
    journal.close()
    this, before = client.get("/year").text, client.get("/year/2025").text
    assert "January: one glimmer" in this
    assert "December: one glimmer" in before
    assert [len(re.findall('class="l1"', page)) for page in (this, before)] == [1, 1]
    assert 'href="/year/2025"' in this
    assert "at about 0" in this
    assert "at about 23" in before
    assert 'href="/year/2024"' not in before


def test_years_that_were_not_yet_or_long_ago_are_not_there(client):
    assert [client.get(f"/year/{year}").status_code for year in (2026, 2027, 1, 99999)] == [
        200,
        404,
        404,
        404,
    ]
