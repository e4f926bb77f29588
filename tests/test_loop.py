"""The loop, in a room without a sound card: real hearing, real journal, a voice that is a beep."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.appliance.test_service import Manager
from tests.conftest import Person, kept, pause, trimmed
from tests.home import BEGAN, House, PowerCut
from tests.journal.test_spool import refuse
from voice_glimmer.appliance.service import extended
from voice_glimmer.cli.room import FLOOR
from voice_glimmer.conversation import events as ev
from voice_glimmer.hearing.frames import RATE, Frame, Outage
from voice_glimmer.journal.presence import Present, present
from voice_glimmer.speaking.sound import Sound

BERLIN = ZoneInfo("Europe/Berlin")
ROBIN = "my neighbor waved at me and smiled"


def test_wake_speak_yes_kept(house, person: Person):
    home = house(person("hey glimmer"), person(ROBIN), person("yes"))
    home.loop.run(home.room.frames())
    assert home.kept == [ROBIN]
    assert home.notes.kinds() == [
        *("Woke", "FellSilent", "Invited", "Spoke", "Answered", "Saved", "Leaving"),
    ]
    (glimmer,) = home.journal.newest(1)
    assert glimmer.prompt == home.notes.said[0]
    assert glimmer.recording is not None
    assert home.spool.leftovers() == []


def test_the_recording_holds_the_words_where_the_journal_says(house, person: Person):
    said = person(ROBIN)
    home = house(person("hey glimmer"), said, person("yes"))
    home.loop.run(home.room.frames())
    import soundfile

    (glimmer,) = home.journal.newest(1)
    voice, rate = soundfile.read(home.journal.folder / glimmer.recording, dtype="int16")
    assert rate == RATE
    loud = np.flatnonzero(np.abs(voice) > 500) / RATE
    with closing(sqlite3.connect(home.journal.folder / "journal.db")) as db:
        start, end = db.execute("select min(start), max(end) from words").fetchone()
    assert start == pytest.approx(loud[0], abs=0.3)
    assert end == pytest.approx(loud[-1], abs=0.3)
    # Every sample the person said is in the recording, none twice, under the room's soft noise.
    at = int(loud[0] * RATE)
    found = max(
        range(max(0, at - 8_000), at + 1),
        key=lambda i: -np.abs(voice[i : i + 400] - said[:400]).sum(),
    )
    assert np.abs(voice[found : found + len(said)].astype(int) - said).max() < 6 * FLOOR


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize("gap", [0.0, 0.1, 0.25, 0.6])
def test_a_glimmer_in_one_breath_loses_no_word_and_doubles_none(house, person: Person, voice, gap):
    phrase, glimmer = (trimmed(person(text, voice)) for text in ("hey glimmer", ROBIN))
    breath = [phrase, pause(gap), glimmer]
    home = house(np.concatenate(breath), person("yes"))
    home.loop.run(home.room.frames())
    assert home.kept == [ROBIN]
    assert home.notes.said[0] == "I heard."


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_a_request_in_one_breath(house, person: Person, voice):
    home = house(person("hey glimmer read my last glimmer", voice))
    home.loop.run(home.room.frames())
    assert home.notes.kinds()[:3] == ["Woke", "Spoke", "Found"]
    assert home.notes.said[0].startswith("There are no glimmers yet.")


def test_who_goes_on_to_the_next_glimmer_instead_of_an_answer_keeps_both(house, person: Person):
    robin, tea = person(f"hey glimmer {ROBIN}"), person("hey glimmer i drank my tea in the sun")
    home = house(robin, tea, person("yes"))
    home.loop.run(home.room.frames())
    assert sorted(home.kept) == sorted([ROBIN, "i drank my tea in the sun"])
    assert home.spool.leftovers() == []


def test_at_rest_what_was_deleted_long_ago_goes_for_good(house, person: Person):
    home = house(person("hey glimmer"), person("not now"), zone=BERLIN)
    for days, text in ((40, "long ago"), (20, "lately")):
        at = BEGAN - timedelta(days=days)
        kept_as = home.journal.keep(
            text, (), at, duration=1, prompt="", name="", voice=b"", rate=RATE
        )
        home.journal.delete(kept_as, at)
    home.loop.run(home.room.frames())
    with closing(sqlite3.connect(home.journal.folder / "journal.db")) as db:
        assert db.execute("select text from glimmers").fetchall() == [("lately",)]


@pytest.fixture
def asked(house, person: Person):
    """Return a function that says a request to a journal of two weeks, and returns what it says."""

    def ask(request: str) -> list[str]:
        home = house(person("hey glimmer"), person(request), zone=BERLIN)
        for days, text in ((0, "today"), (1, "my garden"), (2, "soup"), (8, "gardens"), (9, "tea")):
            at = BEGAN - timedelta(days=days)
            home.journal.keep(text, (), at, duration=1, prompt="", name="", voice=b"", rate=RATE)
        home.loop.run(home.room.frames())
        assert home.spool.leftovers() == []
        assert home.journal.count() == 5
        return [line for line in home.notes.said[1:] if not line.startswith("From ")]

    return ask


def test_what_was_last_week_is_read(asked):
    # It is Tuesday: Sunday was last week, and Monday of the week before was not.
    assert asked("read my glimmers from last week") == [
        "You have 2 glimmers from last week.",
        *("soup", "gardens", "That was all."),
    ]


def test_the_one_about_a_topic_is_read(asked):
    said = asked("read my last glimmer about the garden")
    assert said == ["You have 2 glimmers about the garden. Here is the last one.", "my garden"]


def test_a_surprise_is_one_of_them(asked):
    announced, glimmer = asked("surprise me")
    assert announced == "Here is one of your glimmers."
    assert glimmer in {"today", "my garden", "soup", "gardens", "tea"}


def test_they_are_counted_and_none_is_read(asked):
    assert asked("how many glimmers do i have") == ["You have 5 glimmers."]


def test_in_the_hour_that_comes_twice_a_glimmer_has_its_own_time(house, person: Person):
    began = datetime(2026, 10, 25, 1, tzinfo=UTC)  # in Berlin it has just become two again
    home = house(person("hey glimmer"), person(ROBIN), person("yes"), began=began, zone=BERLIN)
    home.loop.run(home.room.frames())
    (glimmer,) = home.journal.newest(1)
    assert began < glimmer.spoken_at < home.room.now()
    assert glimmer.spoken_at.utcoffset() == timedelta(hours=1)


def test_that_is_all_ends_a_glimmer_at_once_and_is_not_kept(house, person: Person):
    said = np.concatenate([person(ROBIN), pause(0.4), person("that's all")])
    home = house(person("hey glimmer"), said, person("yes"))
    home.loop.run(home.room.frames())
    assert home.kept == [ROBIN]
    assert kept(home.journal.folder)[0]["duration"] < 3 + len(said) / RATE + 2


def test_no_lets_it_go(house, person: Person):
    home = house(person("hey glimmer"), person(ROBIN), person("no"))
    home.loop.run(home.room.frames())
    assert home.kept == []
    assert list((home.journal.folder / "spool").glob("*.flac")) == []


def test_a_silent_voice_does_not_stop_the_conversation(house, person: Person):
    home = house(person("hey glimmer"), person(ROBIN), person("yes"))
    home.voice.works = False
    home.loop.run(home.room.frames())
    assert home.kept == [ROBIN]
    assert ROBIN in home.notes.unspoken


def test_the_journal_comes_back_after_a_fault(house, person: Person):
    home = house(person("hey glimmer"), person(ROBIN), person("yes"))
    blocked = sqlite3.connect(home.journal.folder / "journal.db")
    home.journal._db.execute("PRAGMA busy_timeout = 10")
    blocked.execute("begin immediate")

    def frames() -> Iterator[Frame]:
        yield from home.room.frames()
        assert home.kept == []
        blocked.close()
        yield from home.room._speak(pause(40))

    home.loop.run(frames())
    assert home.notes.kinds().count("SaveFailed") == 1
    assert home.kept == [ROBIN]


def test_the_microphone_goes_mid_sentence_and_comes_back(house, person: Person):
    home = house(person("hey glimmer"))

    def frames() -> Iterator[Frame | Outage]:
        yield from home.room.frames()
        yield from home.room._speak(person("my neighbor waved at me"))
        for quarter in range(1, 20):
            yield Outage(quarter / 4, home.room.now().timestamp())
        yield from home.room._speak(np.concatenate([pause(3), person("hey glimmer"), pause(1.5)]))

    home.loop.run(frames())
    assert home.kept == ["my neighbor waved at me"]
    assert home.notes.kinds() == [
        *("Woke", "FellSilent", "Invited", "Spoke", "Saved"),
        *("MicrophoneLost", "MicrophoneBack", "Woke", "FellSilent", "Invited", "Leaving"),
    ]


def test_switched_off_mid_sentence_it_keeps_what_was_said_and_says_nothing_until_it_is_on(
    house, person: Person
):
    home = house(person("hey glimmer"))
    shown: list[Present] = []

    def frames() -> Iterator[Frame | Outage | ev.Pressed]:
        yield from home.room.frames()
        yield from home.room._speak(person("my neighbor waved at me"))
        off = (home.room.now() - BEGAN).total_seconds()
        for quarter in range(20):
            yield Outage(0.0, off + quarter / 4, muted=True)
        played = len(home.room.played)
        yield ev.Pressed()  # nothing could be heard: a chime says so
        assert len(home.room.played) == played + 1
        shown.append(present(home.journal.folder))
        yield from home.room._speak(pause(6))
        shown.append(present(home.journal.folder))
        yield ev.Pressed()
        yield from home.room._speak(pause(1))

    home.loop.run(frames())
    assert home.kept == ["my neighbor waved at me"]
    assert home.notes.kinds() == [
        *("Woke", "FellSilent", "Invited", "Spoke", "Saved", "Muted", "Unmuted"),
        *("Pressed", "Invited", "Leaving"),
    ]
    assert shown == [Present.MUTED, Present.RESTING]


def test_where_nothing_was_said_nothing_stays_in_the_spool_until_it_leaves(house, person: Person):
    home = house(person("hey glimmer"))

    def held() -> int:
        return len(list((home.journal.folder / "spool").glob("*.flac")))

    def awaited() -> Iterator[Frame]:
        """Listen for a glimmer that nobody tells."""
        while home.notes.kinds()[-1] != "Invited" or not held():
            yield from home.room._speak(pause(0.5))
        yield from home.room._speak(pause(1))

    def at() -> float:
        return (home.room.now() - BEGAN).total_seconds()

    def frames() -> Iterator[Frame | Outage | ev.Pressed]:
        yield from home.room.frames()
        yield from awaited()
        yield ev.Pressed()
        assert held() == 0
        yield from awaited()
        yield Outage(0.0, at(), muted=True)
        assert held() == 0
        yield from home.room._speak(pause(1))
        yield ev.Pressed()
        yield from awaited()
        yield Outage(2.0, at())
        assert held() == 0
        yield from home.room._speak(pause(6))
        yield ev.Pressed()
        yield from awaited()

    home.loop.run(frames())
    assert "Spoke" not in home.notes.kinds()
    assert held() == 1


def muted(home: House, seconds: float) -> Iterator[Frame]:
    """Yield the next seconds of a microphone that is muted: exact zeros."""
    for frame in home.room._speak(pause(seconds)):
        yield Frame(np.zeros_like(frame.samples), frame.at)


def test_a_muted_microphone_is_told_once_and_wakes_when_it_is_back(
    house, person: Person, caplog: pytest.LogCaptureFixture
):
    home = house()

    def frames() -> Iterator[Frame]:
        for _ in range(2):
            yield from home.room._speak(pause(2))
            yield from muted(home, 12)
            yield from home.room._speak(pause(8))
        yield from home.room._speak(np.concatenate([person("hey glimmer"), pause(1)]))

    home.loop.run(frames())
    assert home.notes.said[0] == "I hear nothing at all from the microphone. It may be muted."
    assert len(home.notes.said) == 2
    dead = ev.Ailment.DEAD
    assert home.notes.events[:4] == [
        *(ev.MicrophoneAiling(dead), ev.MicrophoneWell(dead)),
        *(ev.MicrophoneAiling(dead, comes_and_goes=True), ev.MicrophoneWell(dead)),
    ]
    assert home.notes.kinds()[4:] == ["Woke", "FellSilent", "Invited", "Leaving"]
    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == ["the microphone ails: dead"]


def test_a_microphone_that_dies_mid_sentence_keeps_what_was_said(house, person: Person):
    home = house(person("hey glimmer"))

    def frames() -> Iterator[Frame]:
        yield from home.room.frames()
        yield from home.room._speak(person("my neighbor waved at me and"))
        yield from muted(home, 12)
        yield from home.room._speak(np.concatenate([pause(6), person("hey glimmer"), pause(1)]))

    home.loop.run(frames())
    assert home.kept == ["my neighbor waved at me and"]
    assert home.notes.kinds() == [
        *("Woke", "FellSilent", "Invited", "Spoke", "Saved"),
        *("MicrophoneAiling", "MicrophoneWell", "Woke", "FellSilent", "Invited", "Leaving"),
    ]
    assert home.notes.said[1:3] == [
        "I cannot hear you any more. I have kept what you had said.",
        "I hear nothing at all from the microphone. It may be muted.",
    ]


def test_a_voice_that_clips_is_heard_out_and_told_at_rest(house, person: Person):
    loud = np.clip(person(ROBIN).astype(int) * 4, -32_768, 32_767).astype(np.int16)
    home = house(person("hey glimmer"), np.concatenate([loud, pause(0.5), loud]), person("yes"))
    home.loop.run(home.room.frames())
    kinds = home.notes.kinds()
    assert kinds.index("MicrophoneAiling") < kinds.index("Spoke") < kinds.index("Saved")
    assert home.notes.said[-2:] == [
        "Kept.",
        "The microphone is too loud, and words get lost. Please turn it down a little.",
    ]


def test_leaving_mid_sentence_keeps_what_was_said(house, person: Person):
    home = house(person("hey glimmer"))

    def frames() -> Iterator[Frame]:
        yield from home.room.frames()
        yield from home.room._speak(person("my neighbor waved at me"))

    home.loop.run(frames())
    assert home.kept == ["my neighbor waved at me"]


def test_after_a_power_cut_it_is_kept_at_the_next_start(house, person: Person):
    home = house(person("hey glimmer"))
    home.cut_off(person("my neighbor waved at me"))
    again = house()
    assert again.kept == []
    assert again.loop.recover() == 1
    assert again.kept == ["my neighbor waved at me"]
    (glimmer,) = again.journal.newest(1)
    assert glimmer.prompt == home.notes.said[0]
    assert again.loop.recover() == 0


def test_a_long_recovery_asks_for_its_time_and_a_bad_file_holds_nothing_up(
    house, person: Person, monkeypatch: pytest.MonkeyPatch
):
    said = person("my neighbor waved at me")
    home = house(person("hey glimmer"))
    home.cut_off(said)
    bad = home.journal.folder / "spool" / "20260101T000000.000000Z.flac"
    bad.write_bytes(b"fLaC")
    refuse(monkeypatch, "read_bytes", bad.name)
    again, manager = house(), Manager()
    assert again.loop.recover(partial(extended, manager)) == 1
    assert again.kept == ["my neighbor waved at me"]
    assert len(manager.told) >= len(said) / RATE
    assert bad.exists()


def test_after_a_power_cut_it_is_offered_and_read(house, person: Person):
    house(person("hey glimmer")).cut_off(person("my neighbor waved at me"))
    again = house(person("yes"))
    again.loop.recover()
    again.loop.run(again.room.frames())
    assert again.notes.said[0].startswith("Last time I was interrupted")
    assert again.notes.said[-1] == "my neighbor waved at me"


def cut_while_tidying(home: House, monkeypatch: pytest.MonkeyPatch, removed: int) -> None:
    """Cut the power after keeping, once so many recordings were removed from the spool."""
    discard, gone = home.spool.discard, list[str]()

    def cut_off(name: str) -> None:
        if home.kept:
            if len(gone) == removed:
                raise PowerCut
            gone.append(name)
        discard(name)

    with monkeypatch.context() as cut:
        cut.setattr(home.spool, "discard", cut_off)
        with pytest.raises(PowerCut):
            home.loop.run(home.room.frames())
    home.close()


def test_a_cut_between_keeping_and_tidying_keeps_it_once(house, person: Person, monkeypatch):
    home = house(person("hey glimmer"), person(ROBIN), person("yes"))
    cut_while_tidying(home, monkeypatch, 0)
    again = house()
    assert again.loop.recover() == 0
    assert again.kept == [ROBIN]
    assert again.spool.leftovers() == []


MORE, WHOLE = "the robin sang", f"{ROBIN} the robin sang"


def test_after_a_power_cut_what_was_added_is_kept_as_one(house, person: Person):
    home = house(person("hey glimmer"), person(ROBIN), person("add to that"))
    home.cut_off(person(MORE))
    again = house()
    assert again.loop.recover() == 1
    assert again.kept == [WHOLE]
    assert again.spool.leftovers() == []


@pytest.mark.parametrize("removed", [0, 1])
def test_a_cut_while_tidying_keeps_what_was_added_once(
    house, person: Person, monkeypatch, removed: int
):
    home = house(*map(person, ["hey glimmer", ROBIN, "add to that", MORE, "yes"]))
    cut_while_tidying(home, monkeypatch, removed)
    again = house()
    assert again.loop.recover() == 0
    assert again.kept == [WHOLE]
    assert again.spool.leftovers() == []


def test_speech_right_after_the_prompt_is_heard_from_its_first_word(house, person: Person):
    home = house(person("hey glimmer"))

    def frames() -> Iterator[Frame]:
        yield from home.room._speak(np.concatenate([pause(0.5), person("hey glimmer"), pause(1.5)]))
        while home.room.now().timestamp() - BEGAN.timestamp() + 0.05 < home.room.quiet_at:
            yield from home.room._speak(pause(0.05))
        yield from home.room._speak(np.concatenate([person(ROBIN), pause(5)]))

    home.loop.run(frames())
    assert home.kept == [ROBIN]  # it was being asked about; leaving keeps it
    assert [e.draft.text for e in home.notes.events if isinstance(e, ev.Spoke)] == [ROBIN]


def test_what_the_loudspeaker_says_is_not_heard(house, person: Person):
    home = house(person("hey glimmer"))

    def frames() -> Iterator[Frame]:
        yield from home.room._speak(np.concatenate([pause(0.5), person("hey glimmer"), pause(1.5)]))
        # The room's echo says something else for as long as the prompt lasts.
        echo = np.resize(person("the train was late again today"), 10 * RATE)
        for frame in home.room._speak(echo):
            if frame.end > home.room.quiet_at:
                break
            yield frame
        yield from home.room._speak(pause(25))

    home.loop.run(frames())
    assert "FellSilent" in home.notes.kinds()
    assert "Spoke" not in home.notes.kinds()


@pytest.mark.parametrize("silence", [9.0, 9.5, 9.7])
def test_speech_that_begins_at_the_end_of_the_patience_is_heard(house, person: Person, silence):
    home = house(person("hey glimmer"))

    def frames() -> Iterator[Frame]:
        yield from home.room.frames()
        gone = home.room.now().timestamp() - BEGAN.timestamp() - home.room.quiet_at
        yield from home.room._speak(pause(silence - gone))
        yield from home.room._speak(np.concatenate([person(ROBIN), pause(5)]))

    home.loop.run(frames())
    assert home.kept == [ROBIN]


def test_asleep_it_stays_asleep_after_a_restart_until_it_is_woken(house, person: Person):
    home = house(person("hey glimmer"), person("go to sleep"))
    home.loop.run(home.room.frames())
    home.close()
    again = house(person(f"hey glimmer {ROBIN}"), person("hey glimmer wake up"))
    again.loop.run(again.room.frames())
    assert again.kept == []
    assert [line.split(".")[0] for line in again.notes.said] == ["I am asleep", "I am here"]
    again.close()
    woken = house(person("hey glimmer"), person(ROBIN), person("yes"))
    woken.loop.run(woken.room.frames())
    assert woken.kept == [ROBIN]


def test_a_microphone_lost_at_rest_is_told_once(house):
    home = house()
    gone = [Outage(at=at, lasting=2.0) for at in (10.0, 20.0)]
    frames = list(home.room._speak(pause(2)))
    home.loop.run([*frames[:9], gone[0], *frames[9:], gone[1]])
    assert home.notes.kinds().count("MicrophoneLost") == 2
    assert len(home.notes.said) == 1


def test_nothing_is_said_when_leaving(house, person: Person):
    home = house(person("hey glimmer"), person(ROBIN))
    home.loop.run(home.room.frames())
    assert home.kept == [ROBIN]
    assert home.notes.said[-1] == "Shall I keep it?"


def test_an_interrupted_request_is_not_kept_as_a_glimmer(house, person: Person):
    home = house(person("hey glimmer"))
    home.cut_off(person("read my glimmers"))
    again = house()
    assert again.loop.recover() == 0
    assert again.spool.leftovers() == []


def test_a_recovered_glimmer_has_its_own_time_and_length(house, person: Person):
    home = house(person("hey glimmer"))
    home.cut_off(person("my neighbor waved at me"))
    said_at = home.room.now() - timedelta(seconds=len(person("my neighbor waved at me")) / RATE)
    again = house()
    again.loop.recover()
    (glimmer,) = again.journal.newest(1)
    assert abs(glimmer.spoken_at - said_at) < timedelta(seconds=0.5)
    assert kept(again.journal.folder)[0]["duration"] > 1


def test_a_glimmer_has_the_time_of_its_first_word(house, person: Person):
    home = house(person("hey glimmer"), person(ROBIN), person("yes"))
    said_at = None

    def frames() -> Iterator[Frame]:
        nonlocal said_at
        for frame in home.room.frames():
            if said_at is None and frame.at > home.room.quiet_at > 0 and frame.samples.max() > 500:
                said_at = home.room.now()
            yield frame

    home.loop.run(frames())
    (glimmer,) = home.journal.newest(1)
    assert abs(glimmer.spoken_at - said_at) < timedelta(seconds=0.5)


def over(home: House, *said: np.ndarray) -> None:
    """Hold a conversation up to its last question, then speak while the program still speaks."""

    def frames() -> Iterator[Frame]:
        yield from home.room.frames()
        home.room.play(Sound(np.full(20 * RATE, 1_000, np.int16), RATE))
        yield from home.room._speak(np.concatenate([pause(1), *said, pause(5)]))

    home.loop.run(frames())


def test_stop_over_the_readback_silences_it_and_the_answer_in_one_breath_is_heard(
    house, person: Person
):
    home = house(person("hey glimmer"), person(ROBIN), barge_in=True)
    over(home, trimmed(person("stop")), pause(0.15), trimmed(person("no")))
    assert home.notes.kinds()[4:] == ["Interrupted", "Answered", "Leaving"]
    assert ev.Answered("no") in home.notes.events
    assert home.kept == []
    (_, hushed), (_, chime), _ = home.room.played[-3:]
    assert chime.seconds < 0.6
    assert 1 < hushed.seconds < 3


@pytest.mark.parametrize("gap", [0.0, 0.2])
def test_a_glimmer_in_one_breath_with_an_interruption_loses_no_word(
    house, person: Person, gap: float
):
    home = house(person("hey glimmer"), person("the sun was warm"), barge_in=True)
    phrase, glimmer = (trimmed(person(text)) for text in ("hey glimmer", ROBIN))
    over(home, phrase, pause(gap), glimmer)
    assert home.kept == ["the sun was warm", ROBIN]
    assert home.notes.kinds()[4:] == ["Interrupted", "Woke", "Saved", "Spoke", "Leaving", "Saved"]
    assert home.spool.leftovers() == []


def test_the_wake_phrase_alone_over_the_programs_voice_is_answered_by_a_chime(
    house, person: Person
):
    home = house(person("hey glimmer"), person("the sun was warm"), barge_in=True)
    over(home, trimmed(person("hey glimmer")))
    assert home.notes.kinds()[4:] == [
        *("Interrupted", "Woke", "Saved", "FellSilent", "Invited", "Leaving"),
    ]
    assert home.kept == ["the sun was warm"]


def test_without_echo_cancelling_nobody_interrupts(house, person: Person):
    home = house(person("hey glimmer"), person(ROBIN))
    over(home, trimmed(person("stop")))
    assert "Interrupted" not in home.notes.kinds()
    assert home.room.played[-1][1].seconds == 20
