"""Others read what happens, never what is said, and nobody waits for them."""

import json
import socket
from contextlib import closing
from pathlib import Path

import pytest

from tests.conversation.test_machine import ASKED, NOW
from voice_glimmer.appliance.broadcast import MOST_READERS, Broadcast, folder
from voice_glimmer.appliance.moods import Mood
from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev

TICK = ev.Tick(0.0)


@pytest.fixture
def told(tmp_path: Path):
    with closing(Broadcast(tmp_path / "run")) as broadcast:
        yield broadcast


def reader(tmp_path: Path) -> socket.socket:
    connected = socket.socket(socket.AF_UNIX)
    connected.settimeout(10)
    connected.connect(str(tmp_path / "run" / "events.sock"))
    return connected


def test_a_reader_learns_the_state_and_what_happens_but_no_word(told: Broadcast, tmp_path: Path):
    told.show(Mood.RESTING)
    with reader(tmp_path) as one:
        told.happened(TICK)
        told.show(Mood.LISTENING)
        told.happened(ev.Saved(ASKED, ev.Memory(1, ASKED.text, NOW)))
        told.did(do.Quote(ASKED.text), ASKED.text, spoken=True)
        told.happened(ev.Spoke(ASKED))
        told.close()
        with one.makefile() as lines:
            heard = [json.loads(line) for line in lines]
    assert heard == [{"state": "resting"}, {"state": "listening"}, {"event": "kept"}]


def test_who_reads_too_slowly_is_dropped_and_the_others_are_not(told: Broadcast, tmp_path: Path):
    with reader(tmp_path) as slow, reader(tmp_path) as quick:
        told.happened(TICK)
        told.happened(TICK)
        for number in range(20_000):
            told.show(Mood.LISTENING if number % 2 else Mood.RESTING)
            assert quick.recv(4_096)
        unread = 0
        while data := slow.recv(65_536):
            unread += len(data)
    assert 0 < unread < 20_000 * len('{"state": "resting"}\n')


def test_readers_that_are_gone_make_room(told: Broadcast, tmp_path: Path):
    told.show(Mood.RESTING)
    with reader(tmp_path) as first:
        told.happened(TICK)
        for _ in range(3 * MOST_READERS):
            with reader(tmp_path) as one:
                told.happened(TICK)
                assert one.recv(4_096) == b'{"state": "resting"}\n'
        told.show(Mood.LISTENING)
        assert first.recv(4_096).count(b"\n") == 2


def test_the_socket_is_private_and_a_stale_one_is_replaced(tmp_path: Path):
    for _ in range(2):
        told = Broadcast(tmp_path / "run")
        path = tmp_path / "run" / "events.sock"
        assert path.stat().st_mode & 0o777 == 0o600
        told._listening.close()  # as a power cut leaves it
    told.close()
    assert not path.exists()


def test_where_it_is():
    assert folder({"RUNTIME_DIRECTORY": "/run/voice-glimmer"}) == Path("/run/voice-glimmer")
    assert folder({"XDG_RUNTIME_DIR": "/run/user/1"}) == Path("/run/user/1/voice-glimmer")
    assert folder({}) is None
