"""What is asked for by voice, through real hearing, on a real journal."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import numpy as np
import pytest
from sqlite_utils import Database

from tests.conftest import Person
from tests.home import BEGAN, House
from voice_glimmer.conversation.state import State
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.journal.glimmers import Which

ROBIN, BREAD = "the robin sang in the garden", "the bread was warm"
VOICE = (2_000 * np.sin(np.arange(RATE) / 10)).astype("<i2")


@pytest.fixture
def spoken(house: Callable[..., House], person: Person) -> Callable[..., House]:
    """Return a function that says these lines to a journal of two glimmers."""

    def speak(*lines: str) -> House:
        home = house(*map(person, lines))
        for days, text in ((2, ROBIN), (1, BREAD)):
            home.journal.keep(
                text,
                (),
                BEGAN - timedelta(days=days),
                duration=1.0,
                prompt="",
                name=text.replace(" ", "-"),
                voice=VOICE.tobytes(),
                rate=RATE,
            )
        home.loop.run(home.room.frames())
        assert home.spool.leftovers() == []
        return home

    return speak


def test_ones_own_voice_is_played(spoken):
    home = spoken("hey glimmer", "play the one about the robin")
    assert home.notes.said[1:4] == ["You have one glimmer about the robin.", "From Sunday.", ROBIN]
    (played,) = [s.samples for _, s in home.room.played if len(s.samples) == len(VOICE)]
    # As loud as speech, and otherwise the very samples.
    assert np.corrcoef(played, VOICE)[0, 1] > 0.9999


def test_next_and_previous(spoken):
    home = spoken("hey glimmer", "read my glimmers", "next", "previous", "stop")
    heard = [line for line in home.notes.said if line in {ROBIN, BREAD}]
    assert heard == [BREAD, ROBIN, BREAD]
    assert home.notes.said[-1] == "All right."


def test_louder_says_it_again_louder(spoken):
    home = spoken("hey glimmer", "play my last glimmer", "louder", "stop")
    usual, louder = [s.samples for _, s in home.room.played if len(s.samples) == len(VOICE)]
    assert np.abs(louder).max() / np.abs(usual).max() == pytest.approx(1.6, 0.05)


def test_whispered_it_says_it_again_half_as_loud_until_told_otherwise(spoken):
    home = spoken("hey glimmer", "play my last glimmer", "whisper", "speak normally", "stop")
    peaks = [np.abs(s.samples).max() for _, s in home.room.played if len(s.samples) == len(VOICE)]
    assert peaks == pytest.approx([peaks[0], peaks[0] / 2, peaks[0]], abs=1)


def test_made_a_favourite_and_found_by_that(spoken):
    home = spoken("hey glimmer", "read my last glimmer", "make it a favorite")
    assert home.notes.said[-1] == "It is a favourite now."
    assert [each.text for each in home.journal.find(Which(favourite=True), limit=9)] == [BREAD]


def test_tagged(spoken):
    home = spoken("hey glimmer", "read my last glimmer", "tag it kindness")
    assert home.journal.newest(1)[0].tags == ("kindness",)


def test_deleted_after_a_question_and_brought_back(spoken):
    home = spoken("hey glimmer", "read my last glimmer", "delete it", "yes", "undo that")
    assert home.notes.said[-3:] == [
        "Shall I delete it? You can take that back.",
        "It is deleted. Say: undo that, if you want it back.",
        "It is back.",
    ]
    assert home.kept == [ROBIN, BREAD]


def test_no_deletes_nothing(spoken):
    home = spoken("hey glimmer", "read my last glimmer", "delete it", "no")
    assert home.kept == [ROBIN, BREAD]


def test_changed_in_ones_own_words_and_voice(spoken):
    home = spoken(
        *("hey glimmer", "read my last glimmer", "change it"),
        *("my neighbor waved at me and smiled", "yes"),
    )
    assert home.kept == [ROBIN, "my neighbor waved at me and smiled"]
    newest = home.journal.newest(1)[0]
    with closing(Database(home.journal.folder / "journal.db")) as db:
        assert [row["text"] for row in db["wordings"].rows] == [BREAD]
    assert len(home.journal.voice_of(newest.id)[0]) > len(VOICE)


def test_something_is_added_to_words_and_voice(spoken):
    home = spoken(
        *("hey glimmer", "my neighbor waved at me and smiled", "add to that"),
        *("the sun was warm", "yes"),
    )
    assert home.kept[-1] == "my neighbor waved at me and smiled the sun was warm"
    glimmer = home.journal.newest(1)[0]
    samples, _ = home.journal.voice_of(glimmer.id)
    both = [line for line in home.notes.events if type(line).__name__ == "Spoke"]
    assert len(samples) / RATE == pytest.approx(sum(each.draft.duration for each in both), abs=0.2)


def test_heard_in_ones_own_voice_before_it_is_kept(spoken, person: Person):
    home = spoken("hey glimmer", "the sun was warm", "hear it in my voice", "yes")
    longest = max(len(sound.samples) for _, sound in home.room.played)
    assert longest > len(person("the sun was warm"))
    assert home.kept[-1] == "the sun was warm"


def test_asleep_nothing_is_heard_or_recorded_but_wake_up(spoken):
    home = spoken(
        *("hey glimmer", "go to sleep", "hey glimmer the sun was warm"),
        *("hey glimmer wake up", "hey glimmer how many glimmers do i have"),
    )
    assert home.notes.said[1:] == [
        "I will be quiet now. To wake me, say: hey glimmer, wake up.",
        "I am asleep. To wake me, say: hey glimmer, wake up.",
        "I am here.",
        "You have 2 glimmers.",
    ]


def test_a_minute_of_breathing_can_be_stopped(house, person: Person):
    home = house(person("hey glimmer"), person("just breathe with me"))
    home.loop.run(home.room.frames())
    assert home.notes.said[1].startswith("Let us breathe for a minute.")
    assert home.loop._turns.conversation.state is State.RESTING


def test_an_unclear_request_gets_a_question(spoken):
    home = spoken("hey glimmer", "read my glimmers from the flood", "surprise me")
    assert home.notes.said[1] == "I did not quite follow. What would you like?"
    assert home.notes.said[2] == "Here is one of your glimmers."


def test_a_request_in_ones_own_words_is_guessed_at_and_done(spoken):
    home = spoken("hey glimmer", "can you tell me that thing again about the robin", "yes")
    asked = next(line for line in home.notes.said if line.startswith("Shall I"))
    assert asked.startswith("Shall I read what you told me about the robin?")
    assert home.notes.said[-2:] == ["From Sunday.", ROBIN]
