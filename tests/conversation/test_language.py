import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from voice_glimmer.conversation.language import Language
from voice_glimmer.speaking.mouth import AUDIO_PROMPTS
from voice_glimmer.speaking.prompts import load, pieces

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "From today."),
        (1, "From yesterday."),
        (2, "From Sunday."),
        (6, "From Wednesday."),
        (7, "From 17 November."),
        (400, "From 20 October 2025."),
    ],
)
def test_days_are_said_as_people_say_them(language: Language, days: int, said: str):
    assert pieces(language.when(NOW - timedelta(days=days), NOW))[0] == said


def test_the_day_is_the_speakers_own(language: Language):
    auckland = timezone(timedelta(hours=13))
    late = datetime(2026, 11, 23, 23, 50, tzinfo=auckland)
    early = datetime(2026, 11, 24, 0, 10, tzinfo=auckland)
    assert pieces(language.when(late, early))[0] == "From yesterday."


FORBIDDEN = re.compile(r"\b(streak|missed|failed|should|must|error|wrong)\b", re.IGNORECASE)


def test_what_is_said_is_short_and_kind(language: Language):
    # The longest that can stand in each place.
    day = {"weekday": "Wednesday", "day": 30, "month": "September", "season": "autumn"}
    topic = language.replies["about"].format(topic="the robin in our garden")
    where = f"{topic} {language.replies['from_date'].format(**day)}"
    glimmers = f"{language.replies['glimmers_other'].format(total=2000)} {where}"
    fill = {**day, "year": 2025, "topic": "the robin in our garden", "where": where}
    fill |= {"glimmers": glimmers, "total": 2000, "shown": 20}
    spoken = [reply.format(**fill) for reply in language.replies.values()]
    spoken += load(AUDIO_PROMPTS / "prompts.toml")
    for text in spoken:
        assert not FORBIDDEN.search(text), text
        for piece in pieces(text):
            if isinstance(piece, str):
                assert len(piece.split()) <= 18, piece
                assert not re.search(r"[{}\[\]]", piece), piece
