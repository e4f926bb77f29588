"""The page says the same things in every language, calmly."""

import re
from datetime import date
from string import Formatter

import pytest

from tests.conversation.test_language import CODES, FORBIDDEN
from voice_glimmer.conversation import language as languages
from voice_glimmer.journal.presence import Present
from voice_glimmer.review import rendering, words

READ_IN = [
    *(rendering.HERE / "templates").iterdir(),
    *rendering.HERE.glob("*.py"),
    rendering.HERE / "words" / "__init__.py",
]


def said(code: str) -> dict[str, str]:
    return dict(words.load(code, languages.load(code)).said)


@pytest.mark.parametrize("code", CODES)
def test_every_language_says_the_same_things_kindly(code):
    def places(text: str) -> set[str]:
        return {field for _, field, _, _ in Formatter().parse(text) if field}

    english, other = said("en"), said(code)
    assert {name: places(text) for name, text in other.items()} == {
        name: places(text) for name, text in english.items()
    }
    for name, text in other.items():
        assert not re.search(rf"\b({FORBIDDEN[code]})\b", text, re.IGNORECASE), name


def test_every_word_is_used():
    everything = "".join(path.read_text("utf-8") for path in READ_IN)
    # What is counted or stands for a state is asked for by the beginning of its name.
    unused = [
        name
        for name in said("en")
        if not {name, re.sub("(_one|_other)$", "", name), re.sub("_.*", "_", name)}
        & set(re.findall(r"""["'](\w+)["']""", everything))
    ]
    assert unused == []


def test_whatever_the_kitchen_does_has_its_words_on_the_page():
    jar = (rendering.HERE / "templates" / "jar.html").read_text("utf-8")
    (shown,) = re.findall(r"for state in \((.*?)\)", jar)
    assert set(re.findall(r"\w+", shown)) == {each.value for each in Present}


@pytest.mark.parametrize(
    ("code", "day", "many"),
    [
        ("en", "Monday, 2 March 2026", "1,204 glimmers"),
        ("de", "Montag, 2. März 2026", "1.204 Glimmer"),
    ],
)
def test_days_and_numbers_are_written_as_is_usual_there(code, day, many):
    shown = words.load(code, languages.load(code))
    assert shown.day(date(2026, 3, 2), date(2026, 11, 24)) == day
    assert shown.counted("glimmers", 1204) == many
