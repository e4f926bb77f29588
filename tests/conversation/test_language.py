import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path
from string import Formatter

import pytest

from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.actions import Ear
from voice_glimmer.conversation.language import Language
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, load, pieces

CODES = ["en", "de"]
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


FORBIDDEN = {
    "en": "streak|missed|failed|should|must|error|wrong",
    "de": r"serie|verpasst|fehlgeschlagen|sollte\w*|muss\w*|fehler\w*|falsch",
}
MOST_WORDS = 18
"""Between two pauses."""


def spoken(code: str) -> dict[str, list[str]]:
    """Return all that can be said in a language, with the longest that can stand in each place."""
    language = languages.load(code)
    day = {
        "weekday": max(language.weekdays, key=len),
        "day": max(language.days, key=len),
        "month": max(language.months, key=len),
        "season": max(language.calendar.seasons, key=len),
        "feast": max(language.calendar.feasts, key=len),
        "many": 30,
        "year": 2025,
    }
    date = language.say("on_old_date", **day)
    topic = language.say("about", topic="the robin in our garden")
    where = f"{topic} {language.say('from_date', **day)}"
    fill = {
        **day,
        "day": date,
        "time": language.time(time(20, 45)),
        "other": language.time(time(8, 5)),
        "since": language.time(time(20, 45)),
        "until": language.time(time(8, 5)),
        "hour": 8,
        "minute": 45,
        "part": language.say("in_the_evening"),
        "topic": "the robin in our garden",
        "where": where,
        "glimmers": f"{language.say('glimmers_other', total=2000)} {where}",
        "total": 2000,
        "shown": 20,
        "tag": "kindness",
        "phrase": "hey glimmer",
        "moment": language.say("day_and_time", day=date, time=language.time(time(20, 45))),
    }
    said = {
        name: [wording.format(**fill) for wording in wordings]
        for name, wordings in language.replies.items()
    }
    if language.guesses:
        guesses = language.guesses
        which = [each.format(number=5, where=where) for each in guesses["which"].values()]
        said["guesses"] = [
            shall.format(which=each, where=where) + guesses["unless"]
            for shall in guesses["shall"].values()
            for each in which
        ]
    return said | {"prompts": [prompt.words for prompt in load(AUDIO_PROMPTS / f"{code}.toml")]}


@pytest.mark.parametrize("code", CODES)
def test_what_is_said_is_short_and_kind(code: str):
    for name, wordings in spoken(code).items():
        for text in wordings:
            assert not re.search(rf"\b({FORBIDDEN[code]})\b", text, re.IGNORECASE), name
            for piece in pieces(text):
                if isinstance(piece, str):
                    assert len(piece.split()) <= MOST_WORDS, (name, piece)
                    assert not re.search(r"[{}\[\]]", piece), (name, piece)


def places(replies: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """Return what is filled in, by reply: a place that only some wordings have counts, too."""
    return {
        name: {field for said in wordings for _, field, _, _ in Formatter().parse(said) if field}
        for name, wordings in replies.items()
    }


@pytest.mark.parametrize("code", CODES)
def test_every_language_says_the_same_things(code: str):
    english, other = languages.load("en"), languages.load(code)
    assert places(other.replies) == places(english.replies)
    assert other.typed.keys() == english.typed.keys() == {ear.name.lower() for ear in Ear}
    assert len(other.weekdays) == 7
    assert len(other.months) == 12
    assert len(other.days) == len(set(other.days)) == 31
    assert set(other.calendar.seasons.values()) == {3, 6, 9, 12}


@pytest.mark.parametrize("code", CODES)
def test_what_is_said_often_is_said_in_several_ways(code: str):
    language = languages.load(code)
    for name in ("heard", "keep_it", "kept", "resting", "nothing_heard", "read_end"):
        assert language.say(name, 1) != language.say(name, 2)


@pytest.mark.parametrize(
    ("at", "english", "german"),
    [
        (time(9), "9 o'clock in the morning", "9 Uhr morgens"),
        (time(18, 15), "6:15 in the evening", "6 Uhr 15 abends"),
        (time(0, 5), "12:05 at night", "12 Uhr 05 nachts"),
        (time(12), "12 o'clock at noon", "12 Uhr mittags"),
        (time(14, 30), "2:30 in the afternoon", "2 Uhr 30 nachmittags"),
        (time(4, 59), "4:59 at night", "4 Uhr 59 nachts"),
    ],
)
def test_times_are_said_as_people_say_them(at: time, english: str, german: str):
    assert (languages.load("en").time(at), languages.load("de").time(at)) == (english, german)


def test_how_much_is_known_is_told_with_where_it_is(language: Language):
    told = language.known(2, NOW)
    assert "on this device" in told
    assert "2 glimmers" in told
    assert "November 2026" in told
    assert "on this device" in language.known(0, None)


def test_an_hour_is_said_with_its_day(language: Language):
    at = NOW.replace(hour=8, minute=5)
    assert language.moment(at, NOW) == "today, at 8:05 in the morning"
    assert language.moment(at - timedelta(days=2), NOW) == "Sunday, at 8:05 in the morning"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Es war heute."),
        (2, "Es war am Sonntag."),
        (7, "Es war am siebzehnten November."),
        (400, "Es war am zwanzigsten Oktober 2025."),
    ],
)
def test_days_are_said_in_german(days: int, said: str):
    german = languages.load("de")
    assert pieces(german.when(NOW - timedelta(days=days), NOW))[0] == said


def test_another_word_that_is_understood_is_another_fingerprint(tmp_path: Path):
    folder = tmp_path / "en"
    shutil.copytree(languages.FOLDER / "en", folder)
    before = languages.fingerprint(folder)
    assert before == languages.fingerprint(languages.FOLDER / "en")
    sentences = next(folder.glob("sentences/*.yaml"))
    sentences.write_text(sentences.read_text() + "# read\n")
    assert languages.fingerprint(folder) != before
