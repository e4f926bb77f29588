"""The loudspeaker's bookkeeping, with a library that asks for samples when it is told to."""

import math
import time
from types import SimpleNamespace

import numpy as np
import pytest

from voice_glimmer.faults import Fault
from voice_glimmer.speaking import player
from voice_glimmer.speaking.player import Loudspeaker
from voice_glimmer.speaking.sound import Sound

RATE = 48_000


class Library:
    """Behaves like sounddevice with one loudspeaker."""

    class PortAudioError(Exception):
        pass

    def __init__(self, channels: int = 2, rate: int = RATE) -> None:
        self.channels, self.rate, self.plugged, self.opened = channels, rate, True, 0

    def query_devices(self, name: str | None, kind: str) -> dict:
        if not self.plugged or name not in {None, "Jabra"}:
            raise ValueError(f"No {kind} device")
        return {"default_samplerate": float(self.rate), "max_output_channels": self.channels}

    def RawOutputStream(self, *, channels: int, samplerate: int, callback, **_):  # noqa: N802
        if samplerate != self.rate or channels > self.channels:
            raise self.PortAudioError("Invalid sample rate")
        self.opened += 1
        self.callback, self.width = callback, channels
        return SimpleNamespace(start=lambda: None, abort=lambda **_: None, close=lambda **_: None)

    def ask(self, count: int, latency: float = 0.05, *, underflow: bool = False) -> np.ndarray:
        out = bytearray(b"x" * count * self.width * 2)
        times = SimpleNamespace(currentTime=5.0, outputBufferDacTime=5.0 + latency)
        self.callback(out, count, times, SimpleNamespace(output_underflow=underflow))
        return np.frombuffer(out, np.int16).reshape(count, self.width)


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def sound(*values: int) -> Sound:
    return Sound(np.array(values, np.int16), RATE)


@pytest.mark.parametrize("channels", [1, 2, 8])
def test_sounds_follow_each_other_without_a_gap(channels: int):
    library = Library(channels)
    speaker = Loudspeaker(None, library=library)
    speaker.play(sound(1, 2, 3))
    speaker.play(sound(4, 5))
    asked = np.concatenate([library.ask(2), library.ask(2), library.ask(3)])
    assert asked.shape == (7, min(channels, 2))
    assert (asked == np.array([1, 2, 3, 4, 5, 0, 0])[:, None]).all()


def test_in_a_storm_of_underflows_nothing_is_thrown_away():
    library = Library()
    speaker = Loudspeaker(None, library=library)
    speaker.play(sound(1, 2, 3))
    assert not library.ask(2, underflow=True).any()
    assert not library.ask(2, underflow=True).any()
    assert library.ask(4)[:, 0].tolist() == [1, 2, 3, 0]


def test_it_is_quiet_when_the_last_sample_has_left():
    library = Library()
    speaker = Loudspeaker(None, library=library)
    assert speaker.quiet_at <= time.monotonic()
    speaker.play(Sound(np.ones(RATE // 2, np.int16), RATE))
    assert speaker.quiet_at == math.inf
    library.ask(RATE // 4)
    assert speaker.quiet_at == math.inf
    before = time.monotonic()
    library.ask(RATE // 4, latency=0.2)
    assert before + 0.45 <= speaker.quiet_at <= time.monotonic() + 0.45
    quiet_at = speaker.quiet_at
    library.ask(RATE // 4)
    assert speaker.quiet_at == quiet_at


def test_a_wild_latency_does_not_leave_it_deaf():
    library = Library()
    speaker = Loudspeaker(None, library=library)
    speaker.play(sound(1))
    library.ask(1, latency=90_000.0)
    assert speaker.quiet_at <= time.monotonic() + player.WILD_LATENCY + 0.1


def test_other_rates_are_resampled():
    library = Library()
    speaker = Loudspeaker(None, library=library)
    speaker.play(Sound(np.full(16_000, 1_000, np.int16), 16_000))
    heard = library.ask(RATE + 100)[:, 0]
    assert np.abs(heard[1_000 : RATE - 1_000] - 1_000).max() < 20
    assert not heard[RATE + 10 :].any()


def test_a_stream_that_stalls_is_not_waited_for_and_opened_anew():
    library, clock = Library(), Watch()
    speaker = Loudspeaker(None, library=library, clock=clock)
    speaker.play(sound(1, 2, 3))
    clock.now += player.STALL_SECONDS + 1
    assert speaker.away
    assert speaker.quiet_at < math.inf
    speaker.play(sound(7))
    assert library.opened == 2
    assert library.ask(2)[:, 0].tolist() == [7, 0]


def test_a_loudspeaker_that_is_away_comes_back():
    library, clock = Library(), Watch()
    speaker = Loudspeaker(None, library=library, clock=clock)
    library.plugged = False
    clock.now += player.STALL_SECONDS + 1
    speaker.play(sound(1))
    assert speaker.quiet_at < math.inf
    library.plugged = True
    speaker.play(sound(2))
    assert library.ask(1)[0, 0] == 2


def test_hushed_it_fades_within_milliseconds_and_counts_as_quiet():
    library = Library()
    speaker = Loudspeaker(None, library=library)
    speaker.play(Sound(np.full(RATE, 10_000, np.int16), RATE))
    speaker.play(sound(1, 2, 3))
    library.ask(100)
    speaker.hush()
    assert speaker.quiet_at <= time.monotonic()
    heard = library.ask(RATE)[:, 0].astype(int)
    assert heard[0] == 10_000
    assert np.abs(np.diff(heard)).max() < 100
    assert not heard[round(player.FADE_SECONDS * RATE) :].any()
    assert speaker.quiet_at <= time.monotonic()


def test_hushed_at_the_seam_of_two_pieces_it_does_not_click_either():
    library = Library()
    speaker = Loudspeaker(None, library=library)
    tone = (10_000 * np.sin(np.arange(2 * RATE) * 2 * np.pi * 200 / RATE)).astype(np.int16)
    natural = np.abs(np.diff(tone.astype(int))).max()
    for cut in range(RATE - 50, RATE + 50):
        speaker.play(Sound(tone[:RATE], RATE))
        speaker.play(Sound(tone[RATE:], RATE))
        before = library.ask(cut)[-1:, 0]
        speaker.hush()
        heard = np.concatenate([before, library.ask(RATE)[:, 0]]).astype(int)
        assert np.abs(np.diff(heard)).max() <= natural + 1


def test_a_loudspeaker_of_44_100_hz_and_one_channel_gets_what_it_can_play():
    library = Library(channels=1, rate=44_100)
    speaker = Loudspeaker(None, library=library)
    speaker.play(Sound(np.full(22_050, 1_000, np.int16), 22_050))
    heard = library.ask(44_200)
    assert heard.shape == (44_200, 1)
    assert np.abs(heard[1_000:43_000].astype(int) - 1_000).max() < 20


def test_how_much_is_queued_is_known():
    library, clock = Library(), Watch()
    speaker = Loudspeaker(None, library=library, clock=clock)
    assert speaker.ahead == 0
    speaker.play(Sound(np.ones(RATE, np.int16), RATE))
    speaker.play(Sound(np.ones(RATE, np.int16), RATE))
    library.ask(RATE // 2)
    assert speaker.ahead == 1.5
    clock.now += player.STALL_SECONDS + 1
    assert speaker.ahead == 0


def test_a_loudspeaker_that_sleeps_is_woken_with_silence_but_not_between_two_sounds():
    library, clock = Library(), Watch()
    speaker = Loudspeaker(None, lead_in=0.5, library=library, clock=clock)
    speaker.play(sound(1))
    speaker.play(sound(2))
    heard = library.ask(RATE)[:, 0]
    assert np.flatnonzero(heard).tolist() == [RATE // 2, RATE // 2 + 1]
    speaker.play(sound(3))
    assert library.ask(1)[0, 0] == 3
    clock.now += 1
    speaker.play(sound(4))
    assert np.flatnonzero(library.ask(RATE)[:, 0]).tolist() == [RATE // 2]


def test_after_a_hush_it_speaks_again():
    library = Library()
    speaker = Loudspeaker(None, library=library)
    speaker.hush()
    speaker.play(sound(7))
    assert speaker.quiet_at == math.inf
    assert library.ask(2)[:, 0].tolist() == [7, 0]
    assert speaker.quiet_at > time.monotonic()


def test_no_loudspeaker_is_a_sentence():
    library = Library()
    with pytest.raises(Fault, match='no loudspeaker called "Bose"'):
        Loudspeaker("Bose", library=library)
    library.plugged = False
    with pytest.raises(Fault, match="no loudspeaker"):
        Loudspeaker(None, library=library)
