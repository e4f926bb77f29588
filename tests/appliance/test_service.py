"""systemd is told how it goes, and starts a fresh process where that helps."""

import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import needs
from voice_glimmer.appliance.service import (
    LONGEST_HOLD,
    LOST_SECONDS,
    Held,
    Service,
    extended,
    hold,
    notifier,
    surroundings,
)
from voice_glimmer.conversation import events as ev
from voice_glimmer.hearing.frames import RATE, from_samples

UNITS = ("voice-glimmer.service", "voice-glimmer-page.service")


@dataclass
class Manager:
    """A service manager that remembers what it was told."""

    watchdog: float | None = 10.0
    told: list[str] = field(default_factory=list)

    def send(self, *words: str) -> None:
        self.told += words


@pytest.fixture
def run():
    """Return a function that ticks every quarter second, and what was told when."""
    now = [0.0]
    manager = Manager()

    def run(seconds: float, *events: ev.Event, hangs: bool = False) -> list[str]:
        manager.told.clear()
        run.hangs = hangs
        for event in events:
            service.happened(event)
        for _ in range(round(seconds * 4)):
            now[0] += 0.25
            service.happened(ev.Tick(now[0]))
        return manager.told

    leave = partial(manager.send, "leave")
    service = Service(manager, lambda: now[0], lambda: run.hangs, leave)
    return run


def test_it_is_ready_with_the_first_tick_and_feeds_four_times_as_often_as_asked(run):
    told = run(20)
    assert told[0] == "READY=1"
    assert told.count("WATCHDOG=1") == 8
    assert run(0, ev.Leaving()) == ["STOPPING=1"]


def test_a_microphone_that_stays_away_for_a_minute_ends_the_feeding(run):
    run(1)
    told = run(LOST_SECONDS, ev.MicrophoneLost())
    assert "WATCHDOG=1" in told
    assert told[-1] == "leave"
    assert run(20) == []


def test_it_leaves_at_once_where_the_sound_library_hangs_and_only_then(run):
    assert "leave" not in run(5, hangs=True)
    assert run(5, ev.MicrophoneLost(), hangs=True) == [
        "STATUS=I cannot hear the microphone.",
        "leave",
    ]


def test_a_loudspeaker_that_hangs_for_a_minute_ends_it_too(run):
    assert run(LOST_SECONDS, hangs=True)[-1] == "WATCHDOG=1"
    assert run(1, hangs=True)[-1] == "leave"


def test_one_that_comes_back_in_time_changes_nothing(run):
    run(LOST_SECONDS / 2, ev.MicrophoneLost())
    run(LOST_SECONDS, ev.MicrophoneBack())
    assert run(20).count("WATCHDOG=1") == 8


def test_one_that_is_switched_off_while_it_is_away_is_not_waited_for(run):
    run(1)
    told = run(LOST_SECONDS * 2, ev.MicrophoneLost(), ev.Muted())
    assert "STATUS=The microphone is switched off." in told
    assert "leave" not in told
    assert run(0, ev.Unmuted()) == ["STATUS=I listen."]


def test_what_is_told_arrives_at_the_socket(tmp_path: Path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "10000000"}
        manager = notifier(environment | {"WATCHDOG_PID": str(os.getpid())})
        assert manager.watchdog == 10.0
        manager.send("READY=1", "STATUS=I listen.")
        assert systemd.recv(100) == b"READY=1\nSTATUS=I listen."
        manager.close()
    other = notifier(environment | {"WATCHDOG_PID": "1"})
    assert other.watchdog is None
    other.send("WATCHDOG=1")  # nobody is there any more: no fault
    other.close()
    assert notifier({}) is None


def test_without_a_microphone_it_waits_until_one_comes(tmp_path: Path):
    manager, waited = Manager(), []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            (tmp_path / "pcmC1D0c").touch()

    def look() -> object:
        return surroundings(tmp_path, tmp_path / "none.toml")

    hold(manager, Held("I found no microphone.", 0.0), look, wait)
    assert len(waited) == 2
    assert manager.told[:2] == ["STATUS=I found no microphone.", "WATCHDOG=1"]
    waited.clear()
    hold(manager, Held("I found no microphone.", 0.0, 40.0), look, waited.append)
    assert sum(waited) == 40.0


def test_the_start_is_extended_for_every_second_of_sound_that_is_heard_meanwhile():
    manager = Manager()
    frames = extended(manager, from_samples(np.zeros(90 * RATE, np.int16)))
    assert manager.told == []
    for seconds in range(1, 91):
        assert sum(len(next(frames).samples) for _ in range(20)) == RATE
        assert manager.told == ["EXTEND_TIMEOUT_USEC=30000000"] * seconds


def test_it_waits_longer_every_time_for_the_same_and_anew_for_another():
    now, held, waits, news = 0.0, Held("", 0.0), [], []
    for _ in range(8):
        held = Held("I found no microphone.", now).after(held)
        waits.append(held.seconds)
        news.append(held.is_news)
        now += held.seconds + 2.0
    assert waits == [5, 10, 20, 40, 80, 160, LONGEST_HOLD, LONGEST_HOLD]
    assert news == [False, True] + [False] * 6
    assert Held("The disk is full.", now).after(held).seconds == 5
    anew = Held("I found no microphone.", now + 1_000).after(held)
    assert anew.seconds == 5
    assert not Held("I found no microphone.", now + 1_010).after(anew).is_news


HANGS = """
import sys, threading
from voice_glimmer.appliance.service import leave_in_time

def what_hangs():
    threading.Event().wait(30)

leave_in_time({"NOTIFY_SOCKET": sys.argv[1]}, 0.1)
what_hangs()
"""


def test_what_hangs_while_leaving_is_ended_and_named():
    ended = subprocess.run(
        [sys.executable, "-c", HANGS, "@x"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "in what_hangs" in ended.stderr


@pytest.mark.parametrize("name", UNITS)
def test_systemd_knows_the_unit_and_rates_it_well(tmp_path: Path, name: str):
    needs("systemd-analyze", "systemd")
    text = files("voice_glimmer.appliance").joinpath(name).read_text("utf-8")
    # On this machine the program is elsewhere; all else is as it is installed.
    unit = tmp_path / name
    unit.write_text(re.sub(r"(?<=ExecStart=)\S+", sys.executable, text))
    verified = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )
    strange = [line for line in verified.stderr.splitlines() if name in line]
    assert (strange, verified.returncode) == ([], 0)
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert rated.returncode == 0, rated.stdout[-200:]


def test_the_listening_unit_has_no_network_and_writes_down_nothing_that_is_said():
    text = files("voice_glimmer.appliance").joinpath(UNITS[0]).read_text("utf-8")
    assert {
        "PrivateNetwork=yes",
        "RestrictAddressFamilies=AF_UNIX",
        "IPAddressDeny=any",
        "StandardOutput=null",
        "LimitCORE=0",
    } <= set(text.splitlines())
