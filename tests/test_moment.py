"""What a prompt has to fit, from the journal and the clock."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.pi import Pi
from voice_glimmer.clock import Certain, Clock
from voice_glimmer.journal.glimmers import Journal
from voice_glimmer.speaking.choosing import Moment
from voice_glimmer.turns import moment

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
CLOCK = Certain(lambda: NOW)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal(tmp_path)) as journal:
        yield journal


def keep(journal: Journal, days_ago: int) -> int:
    at = NOW - timedelta(days=days_ago)
    return journal.keep("a robin", (), at, duration=1.0, prompt="", name="", voice=b"", rate=16_000)


def test_of_an_empty_journal(journal: Journal):
    assert moment(journal, CLOCK) == Moment(NOW, 0, None)


def test_how_many_and_when_the_newest_was(journal: Journal):
    for days in (9, 2, 5):
        keep(journal, days)
    assert moment(journal, CLOCK) == Moment(NOW, 3, NOW - timedelta(days=2))


def test_what_was_deleted_does_not_count(journal: Journal):
    journal.delete(keep(journal, 1), NOW)
    assert moment(journal, CLOCK) == Moment(NOW, 0, None)


def test_a_time_that_is_only_reckoned_is_none(journal: Journal):
    assert moment(journal, Clock(UTC, None, Pi())) == Moment(None, 0, None)


def test_a_journal_that_cannot_be_read_is_not_taken_for_an_empty_one(journal: Journal, caplog):
    journal._db.execute("drop table glimmers")
    assert moment(journal, CLOCK) == Moment(NOW, None, None)
    assert "could not be read for a prompt" in caplog.text
