from datetime import UTC, datetime, timedelta, timezone

from tests.journal.kept import LATER, keep
from voice_glimmer.journal import Which

AUCKLAND = timezone(timedelta(hours=13))


def test_days_and_hours_are_those_where_the_speaker_was(journal):
    keep(journal, at=datetime(2026, 3, 1, 0, 10, tzinfo=AUCKLAND), name="a")
    keep(journal, at=datetime(2026, 2, 28, 23, 59, 59, 999_900, tzinfo=UTC), name="b")
    keep(journal, at=datetime(2026, 2, 28, 23, tzinfo=UTC), name="c")
    journal.delete(keep(journal, name="d"), LATER)
    assert journal.by_hour(Which()) == {
        datetime(2026, 2, 28, 23): 2,  # noqa: DTZ001 - where the speaker was
        datetime(2026, 3, 1, 0): 1,  # noqa: DTZ001
    }
    assert journal.by_hour(Which(topic="pudding")) == {}
