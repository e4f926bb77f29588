import numpy as np

from tests.speaking.conftest import Home, spoken
from voice_glimmer.speaking.breath import RATE, fading, swelling
from voice_glimmer.speaking.mouth import Mouth
from voice_glimmer.speaking.sound import LEVEL


def half_seconds(samples: np.ndarray) -> np.ndarray:
    return np.sqrt(np.mean(samples.astype(float).reshape(-1, RATE // 2) ** 2, axis=1))


def test_it_swells_for_four_seconds_and_fades_for_six():
    assert (swelling().seconds, fading().seconds) == (4, 6)
    assert (np.diff(half_seconds(swelling().samples)) > 0).all()
    assert (np.diff(half_seconds(fading().samples)) < 0).all()


def test_it_is_soft_and_clicks_nowhere():
    breaths = np.concatenate([swelling().samples, fading().samples] * 2).astype(int)
    assert np.abs(np.diff(breaths)).max() < 32_767 * 0.06 * 2 * np.pi * 196 / RATE * 1.6
    assert swelling().loudness < LEVEL - 8


def test_a_minute_is_six_breaths_and_the_words_lie_over_the_tone(mouth: Mouth, home: Home):
    assert mouth.breathe("Breathe in.", "And out.")
    spoken(mouth, home)
    assert [sound.seconds for sound in home.played] == [4, 6] * 6
    assert home.made == ["Breathe in.", "And out."]
    first, tone = home.played[0].samples.astype(int), swelling().samples
    assert np.abs(first[: RATE // 4] - tone[: RATE // 4]).min() > 1_000
    assert (first[RATE:] == tone[RATE:]).all()
    assert mouth.said() == "Breathe in. And out."


def test_without_a_voice_the_tone_guides_alone(mouth: Mouth, home: Home):
    home.fails = {"in", "out"}
    assert not mouth.breathe("Breathe in.", "And out.")
    spoken(mouth, home)
    assert [sound.seconds for sound in home.played[1:]] == [4, 6] * 6


def test_hushed_no_breath_follows(mouth: Mouth, home: Home):
    mouth.breathe("Breathe in.", "And out.")
    mouth.hush()
    assert mouth.quiet_at <= home.now
