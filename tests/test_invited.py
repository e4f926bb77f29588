"""The program speaks up by itself, where that was asked for."""

from datetime import time, timedelta

import numpy as np
import pytest

from tests.conftest import Person, pause
from tests.home import BEGAN, Beep, House
from voice_glimmer.conversation.inviting import NEVER, Plan, Standing
from voice_glimmer.journal.invitations import Invitations
from voice_glimmer.speaking.manner import Manner
from voice_glimmer.speaking.mouth import Mouth

NOW = Plan(times=(BEGAN.time(),))


def run(home: House) -> House:
    home.loop.run(home.room.frames())
    home.close()
    return home


def hear(home: House, samples: np.ndarray) -> None:
    """Hear this, and nobody who waits for an answer."""
    for frame in home.room._speak(samples):
        home.loop._frame(frame)
        home.loop._tick(frame.end)


@pytest.fixture
def talk(person: Person):
    """Somebody talks in the kitchen, and to nobody here."""
    return person("the kettle is boiling and the toast is nearly done")


def test_who_was_heard_is_invited_and_tells_a_glimmer(house, person: Person, talk):
    home = house(talk, person("my neighbor waved at me"), person("yes"), plan=NOW)
    run(home)
    assert home.notes.kinds()[:2] == ["TimeToInvite", "Invited"]
    assert home.notes.said[0].endswith("?")
    assert Invitations(home.journal.folder).standing == Standing(
        Invitations(home.journal.folder).standing.last, declined=0
    )


def test_not_now_is_fine_and_noted(house, person: Person, talk):
    home = run(house(talk, person("not now"), plan=NOW))
    assert "Spoke" in home.notes.kinds()
    assert Invitations(home.journal.folder).standing.declined == 1


def test_silence_is_answered_by_silence_and_noted(house, talk):
    home = house(plan=NOW)
    hear(home, np.concatenate([talk, pause(30)]))
    assert len(home.notes.said) == 1, "the invitation alone"
    assert Invitations(home.journal.folder).standing.declined == 1


@pytest.mark.parametrize(
    "plan", [NEVER, Plan(times=(time(12),)), Plan(times=NOW.times, quiet=(time(8), time(9)))]
)
def test_at_other_times_it_is_silent(house, talk, plan: Plan):
    home = house(plan=plan)
    hear(home, np.concatenate([talk, pause(8)]))
    assert home.notes.said == []


def test_an_empty_kitchen_is_not_spoken_to(house):
    home = house(plan=NOW)
    hear(home, pause(20))
    assert home.notes.said == []


def test_that_backups_fail_is_told_to_who_is_there(house, talk):
    home = house()
    home.loop._nightly.has_to_tell = True
    hear(home, pause(10))
    assert home.notes.said == []
    hear(home, np.concatenate([talk, pause(8)]))
    assert len(home.notes.said) == 1
    assert "backup" in home.notes.said[0]


@pytest.mark.parametrize(("began", "share"), [(BEGAN, 1.0), (BEGAN.replace(hour=23), 0.5)])
def test_in_the_quiet_hours_everything_is_half_as_loud(house, began, share: float):
    home = house(began=began, plan=Plan())
    hear(home, pause(1))
    home.loop._mouth.say("good night")
    (_, played) = home.room.played[-1]
    loud = Mouth(Beep(), home.room, Manner())
    loud.say("good night")
    (_, usual) = home.room.played[-1]
    assert np.abs(played.samples).max() / np.abs(usual.samples).max() == pytest.approx(share, 0.01)


def test_a_restart_does_not_invite_again(house, talk):
    home = house(plan=NOW)
    hear(home, np.concatenate([talk, pause(30)]))
    home.close()
    again = house(plan=NOW)
    hear(again, np.concatenate([talk, pause(8)]))
    assert again.notes.said == []


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"last": 1, "declined": 1}', b"\xff", b"[" * 100_000]
)
def test_a_broken_note_is_none(tmp_path, content: bytes):
    (tmp_path / "invitations.json").write_bytes(content)
    assert Invitations(tmp_path).standing == Standing()


def test_what_is_noted_is_read_again(tmp_path):
    standing = Standing(BEGAN - timedelta(days=1), declined=3)
    Invitations(tmp_path).note(standing)
    assert Invitations(tmp_path).standing == standing
    assert [path.name for path in tmp_path.iterdir()] == ["invitations.json"]
