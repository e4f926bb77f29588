"""What is said when."""

import math

import numpy as np
import pytest

from tests.speaking.conftest import RATE, Home, spoken
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.speaking.manner import LOUDEST, Manner
from voice_glimmer.speaking.mouth import AHEAD_SECONDS, PATIENCE_SECONDS, Mouth
from voice_glimmer.speaking.sound import LEVEL, Sound

LONG = " ".join(f"word{number}" for number in range(400))


def test_of_a_long_text_little_is_made_before_it_is_heard(mouth: Mouth, home: Home):
    assert mouth.quote(LONG)
    assert len(home.made) == 1
    assert home.made[0].startswith("word0 word1")


def test_the_next_is_made_while_this_one_plays_and_nothing_is_left_out(mouth: Mouth, home: Home):
    home.takes = 0.5
    mouth.quote(LONG)
    assert spoken(mouth, home) == 0.0
    assert " ".join(home.made) == LONG
    assert home.ahead < AHEAD_SECONDS


def test_until_all_is_made_it_is_not_known_when_it_is_quiet(mouth: Mouth, home: Home):
    mouth.quote(LONG)
    assert mouth.quiet_at == math.inf
    spoken(mouth, home)
    assert mouth.quiet_at == home.ends_at


def test_what_comes_after_a_long_text_waits_for_its_turn(mouth: Mouth, home: Home):
    mouth.quote(LONG)
    mouth.say("[0.5s]Shall I keep it?")
    mouth.chime("kept")
    spoken(mouth, home)
    assert home.made[-1] == "Shall I keep it?"
    assert [round(sound.seconds, 2) for sound in home.played[-3:]] == [0.5, 0.8, 0.58]


def test_hushed_it_makes_nothing_more(mouth: Mouth, home: Home):
    mouth.quote(LONG)
    made = len(home.made)
    mouth.hush()
    assert mouth.quiet_at <= home.now
    mouth.go_on()
    assert len(home.made) == made


def test_all_that_is_to_be_said_is_told_at_once(mouth: Mouth):
    mouth.say("I heard.[0.5s]")
    mouth.quote(LONG)
    assert mouth.said() == f"I heard. {LONG}"
    assert mouth.said() == ""


def test_what_cannot_be_spoken_is_told_and_chimed_once(mouth: Mouth, home: Home):
    home.fails = {"word"}
    assert not mouth.quote("a word")
    assert not mouth.quote("another word")
    assert [sound.seconds for sound in home.played] == [pytest.approx(0.58, abs=0.01)]
    assert mouth.say("All right.")


@pytest.mark.parametrize("texts", [[LONG], ["word"] * 20, ["hello " * 60, LONG, "word", "hello"]])
def test_a_voice_that_hangs_costs_three_seconds_of_silence_in_all(
    mouth: Mouth, home: Home, texts: list[str]
):
    home.fails = {"word"}
    asked_at = home.now
    for text in texts:
        mouth.quote(text)
    assert home.now - asked_at <= PATIENCE_SECONDS
    assert spoken(mouth, home) <= PATIENCE_SECONDS


def test_in_the_next_turn_it_is_waited_for_again(mouth: Mouth, home: Home):
    home.fails = {"word"}
    mouth.quote("word")
    spoken(mouth, home)
    mouth.quote("word")
    assert home.limits == [PATIENCE_SECONDS, PATIENCE_SECONDS]


def test_slower_holds_for_what_is_not_yet_made(mouth: Mouth, home: Home):
    mouth.quote(LONG)
    mouth.adjust(Kind.SLOWER)
    spoken(mouth, home)
    assert home.paces[0] == 1.0
    assert home.paces[1] < 1.0


def test_a_whisper_is_whispered_and_half_as_loud_at_night_too(mouth: Mouth, home: Home):
    mouth.say("Hello.")
    mouth.adjust(Kind.WHISPER)
    mouth.say("Hello there.")
    mouth.quiet = True
    mouth.say("Hello you.")
    mouth.adjust(Kind.ALOUD)
    mouth.quiet = False
    mouth.say("Hello again.")
    assert home.whispered == ["Hello there.", "Hello you."]
    peaks = [np.abs(sound.samples).max() for sound in home.played]
    assert peaks == pytest.approx([peaks[0], peaks[0] / 2, peaks[0] / 2, peaks[0]], abs=1)


def test_nothing_is_louder_than_the_most_that_is_allowed(home: Home):
    mouth = Mouth(home, home, Manner(volume=LOUDEST**-1 / 4), lambda: home.now)
    for _ in range(9):
        mouth.adjust(Kind.LOUDER)
    mouth.say("Hello.")
    mouth.chime("woke")
    mouth.replay(Sound(np.full(RATE, 20_000, np.int16), RATE))
    home.fails = {"word"}
    mouth.say("a word")
    quarter = LEVEL + 20 * math.log10(1 / 4)
    assert [sound.loudness for sound in home.played] == pytest.approx([quarter] * 4, abs=2)


def test_a_text_is_made_in_pieces_as_long_as_the_voice_likes(home: Home):
    home.at_once = 30
    mouth = Mouth(home, home, Manner(), lambda: home.now)
    mouth.quote(LONG)
    spoken(mouth, home)
    assert max(map(len, home.made)) <= 30
    assert " ".join(home.made).split() == LONG.split()


def test_a_soft_recording_is_as_loud_as_the_speech(mouth: Mouth, home: Home):
    tone = np.sin(np.arange(RATE) / 5)
    mouth.replay(Sound(np.rint(600 * tone).astype(np.int16), RATE))
    mouth.say("Hello.")
    mouth.replay(Sound(np.rint(30_000 * tone).astype(np.int16), RATE))
    spoken(mouth, home)
    assert [sound.loudness for sound in home.played] == pytest.approx([LEVEL] * 3, abs=0.1)


@pytest.mark.parametrize("text", ["", "\x00", "[0.5s]"])
def test_nothing_to_say_is_spoken(mouth: Mouth, home: Home, text: str):
    assert mouth.say(text)
    assert home.made == []


def test_what_may_be_said_later_is_made_while_nothing_is_said(mouth: Mouth, home: Home):
    mouth.quote(LONG)
    mouth.rest()
    assert home.rested == 0
    spoken(mouth, home)
    mouth.rest()
    assert home.rested == 1
