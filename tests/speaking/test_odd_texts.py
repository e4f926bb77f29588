"""Whatever is to be said is said as well as possible, and what comes after it, too."""

import pytest

from tests.conftest import needs
from tests.speaking.conftest import Home, spoken
from voice_glimmer.speaking.mouth import Mouth
from voice_glimmer.speaking.voice import Voice


class Spoken(Home):
    """The home with the real voice in it."""

    def __init__(self, voice: Voice) -> None:
        super().__init__()
        self.sound = voice.sound


@pytest.fixture
def home():
    needs("espeak-ng", "espeak-ng")
    voice = Voice("en-us+f3", 145)
    voice.check()
    yield Spoken(voice)
    voice.close()


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("🙂👍🏽👨‍👩‍👧", 0.5),
        ("https://example.org/?q=1&r=%20", 2.0),
        ("a\x00b\x1b[31m\r\nc\x7f", 0.5),
        ("שלום עולם", 0.5),
        ("مرحبا", 0.3),
        ("\u202eabc\u202c", 0.2),
        ("今天天气很好" * 100, 10.0),
        ("<speak>&amp;</speak> [[h@l'oU]] {name}", 1.0),
        ("x" * 3_000, 5.0),
        ("\udcff\ud800", 0.0),
        ("—", 0.0),
        ("\u200b", 0.0),
        (" \t\n", 0.0),
    ],
)
def test_odd_texts_are_spoken_and_the_next_is_too(
    mouth: Mouth, home: Spoken, text: str, least: float
):
    assert mouth.quote(text)
    spoken(mouth, home)
    assert sum(sound.seconds for sound in home.played) >= least
    assert mouth.say("Still here.")


def test_ten_thousand_words_begin_at_once_and_come_to_their_end(mouth: Mouth, home: Spoken):
    assert mouth.quote("word " * 10_000)
    assert len(home.played) == 1
    spoken(mouth, home, step=1.0)
    assert 3_000 < sum(sound.seconds for sound in home.played) < 6_000
