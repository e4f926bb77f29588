"""Glimmers read and played one after the other, shown meanwhile, and cut short."""

import io
from datetime import UTC, datetime

import numpy as np
from rich.console import Console

from tests.speaking.conftest import RATE, Home
from voice_glimmer.cli.aloud import heard
from voice_glimmer.journal.glimmers import Glimmer
from voice_glimmer.reciting import recited, said
from voice_glimmer.speaking.mouth import Mouth
from voice_glimmer.speaking.sound import Sound

VOICE = Sound(np.full(3 * RATE, 2_000, np.int16), RATE)


def glimmer(number: int, text: str) -> Glimmer:
    return Glimmer(number, text, datetime(2026, 6, 1, tzinfo=UTC), "", None, 0.0, False, ())


GLIMMERS = [glimmer(1, "a robin sang"), glimmer(2, "tea with ada")]


def shown(home: Home, mouth: Mouth, begun, rest=None) -> list[str]:
    written = io.StringIO()

    def pass_by(seconds: float) -> None:
        home.now += seconds

    heard(begun, mouth, Console(file=written, width=200), rest or pass_by, lambda: home.now)
    return written.getvalue().splitlines()


def test_each_is_introduced_read_and_shown(home: Home, mouth: Mouth):
    begun = recited(GLIMMERS, mouth, lambda each: f"From {each.id}.[0.5s]", lambda _: None)
    lines = shown(home, mouth, begun)
    assert home.made == lines == ["From 1.", "a robin sang", "From 2.", "tea with ada"]
    # What is silent at the end, nobody waits for.
    assert home.now >= sum(sound.seconds for sound in home.played[:-1])


def test_of_one_without_a_voice_it_is_said_and_read(home: Home, mouth: Mouth):
    begun = recited(
        GLIMMERS,
        mouth,
        lambda _: "From today.",
        lambda each: VOICE if each.id == 1 else None,
        "[0.2s] I have only the words.",
    )
    shown(home, mouth, begun)
    assert home.made == ["From today.", "From today.", "I have only the words.", "tea with ada"]
    own = [sound for sound in home.played if len(sound.samples) == 3 * RATE]
    assert len(own) == 1


def test_where_the_voice_fails_one_can_read(home: Home, mouth: Mouth):
    home.fails = {"robin"}
    lines = shown(home, mouth, said("the robin", mouth))
    assert lines == ["the robin", "I could not say this aloud. Please read it."]


def test_ctrl_c_falls_silent_and_says_nothing_more(home: Home, mouth: Mouth):
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    begun = recited(GLIMMERS, mouth, lambda _: "From today.", lambda _: None)
    assert shown(home, mouth, begun, interrupted) == ["From today.", ""]
    assert mouth.quiet_at <= home.now
