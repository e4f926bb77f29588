import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Person, Speech, needs, trimmed
from voice_glimmer.hearing.frames import RATE, from_samples
from voice_glimmer.hearing.health import QUIET
from voice_glimmer.hearing.models import Model
from voice_glimmer.hearing.takes import KITCHEN_SECONDS, OVER, TRY_SECONDS, Gathering, Progress
from voice_glimmer.hearing.tuning import (
    GAINS,
    GOOD,
    LEAST_WOKEN,
    LEEWAY,
    NEAR_NOISE,
    RUNGS,
    TAKES,
    Findings,
    Spotting,
    Take,
    Trouble,
    Tuning,
    findings,
    gain_for,
    level,
    trouble_with,
    tuned,
)
from voice_glimmer.settings import DEFAULT_SENSITIVITY, Settings
from voice_glimmer.speaking.sound import read

PHRASE = "hey glimmer"
GOOD_VOICE = Findings(voice=GOOD, kitchen=-60.0, clips=False)


def noise(seconds: float, dbfs: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 32_768 * 10 ** (dbfs / 20), round(seconds * RATE))


def at(said: np.ndarray, dbfs: float) -> np.ndarray:
    """Return speech at this level; at full scale it is not yet clipped."""
    floats = said.astype(float)
    return floats * 32_768 * 10 ** (dbfs / 20) / np.sqrt(np.mean(floats**2))


def as_recorded(samples: np.ndarray) -> Speech:
    return np.clip(np.rint(samples), -32_768, 32_767).astype(np.int16)


# Levels


@pytest.mark.parametrize(("amplitude", "dbfs"), [(32_767, 0), (3_277, -20), (328, -40), (0, -100)])
def test_a_level_is_that_of_a_square_wave(amplitude: int, dbfs: float):
    square = np.resize(np.array([amplitude, -amplitude], np.int16), RATE)
    assert level(square) == pytest.approx(dbfs, abs=0.1)
    offset = (square // 2 + 1_000).astype(np.int16)
    assert level(offset) == pytest.approx(max(dbfs - 6, -100), abs=0.1)


@given(voice=st.floats(-25, -10), snr=st.floats(3, 40))
def test_the_kitchens_share_is_taken_from_the_voices_level(voice: float, snr: float):
    kitchen = as_recorded(noise(2, voice - snr))
    said = as_recorded(noise(2, voice, seed=1) + noise(2, voice - snr, seed=2))
    found = findings(kitchen, [said])
    assert found.voice == pytest.approx(voice, abs=0.7)
    assert found.kitchen == pytest.approx(voice - snr, abs=0.7)
    assert found.snr == pytest.approx(snr, abs=1)


def test_a_dish_does_not_make_the_kitchen_loud():
    kitchen = noise(20, -60)
    kitchen[RATE : 2 * RATE] += noise(1, -10)
    assert findings(as_recorded(kitchen), [as_recorded(noise(1, -30))]).kitchen < -59


# Gain


@given(voice=st.floats(-100, 0), present=st.floats(*GAINS))
def test_a_gain_is_allowed_and_brings_the_voice_near(voice: float, present: float):
    gain = gain_for(voice, present)
    assert Settings.model_validate({"gain": gain}).gain == gain
    if gain == present:
        assert abs(voice + gain - GOOD) <= LEEWAY or gain in GAINS
    else:
        assert gain == round(gain)
        assert abs(voice + gain - GOOD) <= 0.5 or gain in GAINS


@given(voice=st.floats(-100, 0), present=st.floats(*GAINS))
def test_tuning_again_turns_nothing_any_more(voice: float, present: float):
    gain = gain_for(voice, present)
    assert gain_for(voice, gain) == gain


def test_a_good_level_is_far_from_too_quiet_and_from_clipping():
    assert 20 * np.log10(QUIET / 32_768) < GOOD - LEEWAY
    assert GOOD + LEEWAY < -12  # what begins to clip, see hearing/health.py


# Sensitivity


def rung(sensitivity: float) -> int:
    return RUNGS.index(sensitivity)


def staged(takes: list[float], kitchen: float) -> Tuning | Trouble:
    """Tune where the takes and the kitchen each wake it from a sensitivity on."""
    sounds = [Take(np.full(1, n, np.int16), 0, 0) for n in range(len(takes))]
    room = np.full(1, -1, np.int16)

    def wakes(samples: Speech, gain: float, sensitivity: float) -> bool:
        assert gain == 0.0
        return sensitivity >= (kitchen if samples[0] < 0 else takes[samples[0]])

    return tuned(GOOD_VOICE, room, sounds, wakes, gain=0.0, default=DEFAULT_SENSITIVITY)


@pytest.mark.parametrize(
    ("takes", "kitchen", "sensitivity", "woken"),
    [
        ([0.2] * 5, 9.0, 0.5, 5),  # the default serves
        ([0.4] * 5, 0.6, 0.5, 5),
        ([0.5] * 5, 9.0, 0.6, 5),  # a margin
        ([0.3, 0.3, 0.3, 0.3, 0.7], 9.0, 0.8, 5),
        ([0.8] * 5, 9.0, 0.8, 5),  # no margin is left
        ([0.3, 0.3, 0.3, 0.3, 9.0], 9.0, 0.5, 4),  # one never wakes it
        ([0.3, 0.3, 0.3, 0.3, 0.7], 0.7, 0.5, 4),  # the kitchen wins
        ([0.6] * 5, 0.7, 0.6, 5),  # and over the margin
        ([0.2] * 5, 0.4, 0.3, 5),
        ([0.2] * 5, 0.3, 0.2, 5),
    ],
)
def test_which_sensitivity(takes: list[float], kitchen: float, sensitivity: float, woken: int):
    assert staged(takes, kitchen) == Tuning(0.0, sensitivity, woken)


def test_a_kitchen_that_always_wakes_it_or_would_with_the_takes():
    assert staged([0.2] * 5, 0.2) is Trouble.KITCHEN_WAKES
    assert staged([0.7] * 5, 0.6) is Trouble.KITCHEN_WAKES


def test_takes_that_no_sensitivity_wakes():
    assert staged([9.0] * 5, 9.0) is Trouble.UNCLEAR


@given(st.lists(st.sampled_from([*RUNGS, 9.0]), min_size=TAKES, max_size=TAKES), st.data())
def test_never_what_the_kitchen_forbids_and_never_a_take_lost_without_need(
    takes: list[float], data: st.DataObject
):
    kitchen = data.draw(st.sampled_from([*RUNGS, 9.0]))
    outcome = staged(takes, kitchen)
    allowed = [each for each in RUNGS if each < kitchen]
    most = sum(take <= allowed[-1] for take in takes) if allowed else 0
    if isinstance(outcome, Trouble):
        assert most < LEAST_WOKEN
        return
    assert outcome.sensitivity in allowed
    assert outcome.woken == most == sum(take <= outcome.sensitivity for take in takes)
    lowest = min(each for each in RUNGS if sum(take <= each for take in takes) >= most)
    # No riskier than the margin, or the default, asks for.
    assert rung(outcome.sensitivity) <= max(rung(lowest) + 1, rung(DEFAULT_SENSITIVITY))


def test_a_voice_that_clips_is_not_tuned():
    found = Findings(-6.0, -60.0, clips=True)
    outcome = tuned(
        found, np.zeros(1, np.int16), [], lambda *_: True, gain=0, default=DEFAULT_SENSITIVITY
    )
    assert outcome is Trouble.CLIPS


@pytest.mark.parametrize(
    ("found", "trouble"),
    [
        (Findings(-3.0, -60.0, clips=True), Trouble.CLIPS),
        (Findings(-30.0, -31.0, clips=False), Trouble.NOISY),
        (Findings(-30.0, -60.0, clips=False), Trouble.UNCLEAR),
    ],
)
def test_why_a_phrase_was_not_made_out(found: Findings, trouble: Trouble):
    assert trouble_with(found) is trouble


# With the model and synthetic people, from the first frame to the outcome


def session(
    model: Model, said: np.ndarray | None, room: Callable[[float, int], np.ndarray]
) -> tuple[list[Progress], Findings | None, Tuning | Trouble]:
    """Return what happens where a person says this after each chime, in this room."""
    spotting = Spotting(model, [PHRASE], PHRASE)
    gathering = Gathering(spotting.take)
    steps: list[Progress] = []
    sound = room(KITCHEN_SECONDS, 0)
    while not (steps and steps[-1] in OVER):
        frames = from_samples(as_recorded(sound))
        steps.append(next(step for step in map(gathering.feed, frames) if step))
        words = [] if said is None else [np.zeros(RATE // 2), said]
        after = np.concatenate([*words, np.zeros(round(TRY_SECONDS * RATE))])
        sound = after + room(len(after) / RATE, len(steps))
    if steps[-1] is not Progress.ALL:
        return steps, None, gathering.trouble()
    found = findings(gathering.kitchen, [take.phrase for take in gathering.takes])
    tuning = tuned(
        found,
        gathering.kitchen,
        gathering.takes,
        spotting.wakes,
        gain=0.0,
        default=DEFAULT_SENSITIVITY,
    )
    return steps, found, tuning


def quiet(seconds: float, seed: int) -> np.ndarray:
    return noise(seconds, -75, seed)


@pytest.fixture(params=["flite slt", "flite awb", "espeak-ng en-us+m3"])
def phrase(request: pytest.FixtureRequest, person: Person, tmp_path: Path) -> np.ndarray:
    command, voice = request.param.split()
    if command == "flite":
        return trimmed(person(PHRASE, voice))
    needs(command, command)
    path = tmp_path / "said.wav"
    subprocess.run([command, "-v", voice, "-s", "150", "-w", str(path), PHRASE], check=True)
    return trimmed(read(path).at_rate(RATE).samples)


def test_a_voice_that_wakes_nobody_is_heard_and_brought_to_a_good_level(
    model: Model, phrase: np.ndarray
):
    steps, found, tuning = session(model, at(phrase, -50), quiet)
    assert steps == [Progress.KITCHEN, *[Progress.TAKE] * 4, Progress.ALL]
    assert found.voice == pytest.approx(-50, abs=2)
    assert tuning == Tuning(tuning.gain, DEFAULT_SENSITIVITY, TAKES)
    assert -50 + tuning.gain == pytest.approx(GOOD, abs=2)


def test_where_all_is_well_nothing_is_turned(model: Model, person: Person):
    *_, tuning = session(model, at(trimmed(person(PHRASE)), -25), quiet)
    assert tuning == Tuning(0.0, DEFAULT_SENSITIVITY, TAKES)


def test_a_voice_that_clips_in_the_microphone_itself(model: Model, phrase: np.ndarray):
    assert session(model, at(phrase, -2), quiet)[-1] is Trouble.CLIPS


def test_in_noise_of_5_db_it_is_tuned_or_the_noise_is_named(model: Model, phrase: np.ndarray):
    _, found, tuning = session(model, at(phrase, -30), lambda s, seed: noise(s, -35, seed))
    if isinstance(tuning, Trouble):
        assert tuning is Trouble.NOISY
    else:
        assert found.snr == pytest.approx(5, abs=2)
        assert found.snr < NEAR_NOISE
        assert tuning.gain == 0
        assert tuning.woken >= LEAST_WOKEN


@pytest.mark.parametrize("text", ["good morning kitchen", "please turn on the light"])
def test_another_phrase_is_asked_for_again_and_given_up(model: Model, person: Person, text: str):
    steps, _, trouble = session(model, at(trimmed(person(text)), -25), quiet)
    assert steps == [Progress.KITCHEN, Progress.OTHER, Progress.OTHER, Progress.GIVEN_UP]
    assert trouble is Trouble.UNCLEAR


def test_nobody(model: Model):
    steps, _, trouble = session(model, None, quiet)
    assert steps == [Progress.KITCHEN, Progress.NOTHING, Progress.NOTHING, Progress.GIVEN_UP]
    assert trouble is Trouble.NO_VOICE


def test_a_muted_microphone_is_told_before_anyone_is_asked_to_speak(model: Model, person: Person):
    steps, *_ = session(model, None, lambda seconds, _: np.zeros(round(seconds * RATE)))
    assert steps == [Progress.DEAD]


def test_the_phrase_in_the_kitchen(model: Model, person: Person):
    said = at(trimmed(person(PHRASE, "rms")), -30)

    def room(seconds: float, seed: int) -> np.ndarray:
        sound = quiet(seconds, seed)
        if seconds == KITCHEN_SECONDS:
            sound[5 * RATE : 5 * RATE + len(said)] += said
        return sound

    caller = at(trimmed(person(PHRASE)), -30)
    assert session(model, caller, room)[-1] is Trouble.KITCHEN_WAKES
