from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_glimmer.speaking.choosing import Bag, Drawn, Moment, choose, fits, time_of_day
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, Prompt, When, load

ENGLISH = load(AUDIO_PROMPTS / "en.toml")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BERLIN)
NEW = Moment(NOON, glimmers=0)
USUAL = Moment(NOON, glimmers=3, newest=NOON - timedelta(days=1))
WHENS = st.sampled_from(["any", "morning", "evening", "first", "back"])
MOMENTS = st.builds(
    Moment,
    st.none() | st.integers(0, 365 * 24).map(lambda hours: NOON + timedelta(hours=hours)),
    st.none() | st.integers(0, 3),
    st.none() | st.just(NOON),
)


def some(*whens: When, weights: tuple[float, ...] = ()) -> list[Prompt]:
    return [
        Prompt(
            id="p" + "-a" * number,
            words=f"Here.[1s] {number}?",
            kind="joy",
            when=when,
            weight=weights[number] if weights else 1,
        )
        for number, when in enumerate(whens)
    ]


def drawn(prompts: list[Prompt], moment: Moment, many: int, seed: int = 1) -> list[str]:
    bag, random, up = Bag(), Random(seed), []
    for _ in range(many):
        prompt, bag = choose(prompts, bag, moment, random)
        up.append(prompt.id)
    return up


@given(st.integers(1, 12), st.integers(0, 99))
def test_all_come_up_before_one_comes_again(many: int, seed: int):
    prompts = some(*["any"] * many)
    up = drawn(prompts, USUAL, 3 * many, seed)
    for first in range(0, 3 * many, many):
        assert sorted(up[first : first + many]) == sorted(prompt.id for prompt in prompts)


@given(
    st.lists(WHENS, min_size=1, max_size=8),
    st.lists(st.tuples(MOMENTS, st.sampled_from([None, True, False])), max_size=40),
    st.integers(0, 99),
)
def test_whatever_happens_there_is_another_one(whens, moments, seed: int):
    prompts, bag, random = some(*whens), Bag(), Random(seed)
    for moment, answered in moments:
        fitting = fits(prompts, bag, moment) or prompts
        chosen, after = choose(prompts, bag, moment, random)
        assert chosen in fitting
        assert chosen.id != bag.last or fitting == [chosen]
        bag = after if answered is None else after.after(answered=answered)
        assert Bag.model_validate_json(bag.model_dump_json()) == bag


@given(st.integers(0, 99))
def test_what_was_passed_over_stays_out_of_a_round_and_comes_again(seed: int):
    prompts, random = some(*["any"] * 5), Random(seed)
    disliked, _ = choose(prompts, Bag(), USUAL, random)
    bag, up = Bag(), []
    for _ in range(5 + 4 + 5 + 4 + 4 + 5):
        prompt, bag = choose(prompts, bag, USUAL, random)
        up.append(prompt.id)
        passed = prompt.id == disliked.id and up.count(prompt.id) < 3
        bag = bag.after(answered=not passed)
    rounds = [up[:5], up[5:9], up[9:14], up[14:18], up[18:22], up[22:]]
    assert [up.count(disliked.id) for up in rounds] == [1, 0, 1, 0, 0, 1]
    assert all(len(set(up)) == len(up) for up in rounds)


def test_even_what_is_always_passed_over_comes_again_and_again():
    prompts, bag, random, up = some(*["any"] * 3), Bag(), Random(1), []
    for _ in range(300):
        prompt, bag = choose(prompts, bag, USUAL, random)
        up.append(prompt.id)
        bag = bag.after(answered=prompt.id != "p")
    assert 20 <= up.count("p") < min(up.count("p-a"), up.count("p-a-a")) / 2


def test_what_is_heavier_comes_sooner_but_not_more_often():
    prompts = some(*["any"] * 4, weights=(10, 1, 1, 1))
    firsts = Counter(drawn(prompts, USUAL, 1, seed)[0] for seed in range(200))
    assert firsts["p"] > 120
    assert Counter(drawn(prompts, USUAL, 40)) == dict.fromkeys((p.id for p in prompts), 10)


def test_the_same_seed_draws_the_same():
    assert drawn(ENGLISH, USUAL, 50, seed=4) == drawn(ENGLISH, USUAL, 50, seed=4)
    assert drawn(ENGLISH, USUAL, 50, seed=4) != drawn(ENGLISH, USUAL, 50, seed=5)


def test_what_fits_only_in_the_evening_joins_the_others_round():
    prompts, bag, random, up = some(*["any"] * 4, "evening"), Bag(), Random(1), []
    for _ in range(12):
        _, bag = choose(prompts, bag, USUAL, random)
    evening = Moment(NOON.replace(hour=20), 3, NOON)
    for _ in range(11):
        prompt, bag = choose(prompts, bag, evening, random)
        up.append(prompt.id)
    assert up.count(prompts[-1].id) in {2, 3}


@given(st.integers(0, 99))
def test_many_welcomes_do_not_begin_the_others_round_anew(seed: int):
    *usual, welcome = some(*["any"] * 6, "back")
    came_up = {each.id: Drawn(round=0) for each in usual[:3]}
    bag, random = Bag(drawn={**came_up, welcome.id: Drawn(round=9)}), Random(seed)
    for _ in range(3):
        prompt, bag = choose([*usual, welcome], bag, USUAL, random)
        assert prompt in usual[3:]


def test_before_there_are_glimmers_each_explanation_comes_once():
    explaining = {prompt.id for prompt in ENGLISH if prompt.when == "first"}
    up = drawn(ENGLISH, NEW, len(explaining) + 10)
    assert set(up[: len(explaining)]) == explaining
    assert not explaining & set(up[len(explaining) :])


@pytest.mark.parametrize("moment", [USUAL, Moment(NOON), Moment(None)])
def test_who_has_glimmers_or_may_have_gets_no_explanation(moment: Moment):
    assert {prompt.when for prompt in fits(ENGLISH, Bag(), moment)} == {"any"}


@pytest.mark.parametrize(
    ("away", "when"),
    [
        (timedelta(days=7), "back"),
        (timedelta(days=400), "back"),
        (timedelta(days=7) - timedelta(minutes=1), "any"),
        (timedelta(0), "any"),
        # A clock that was set back.
        (timedelta(days=-30), "any"),
    ],
)
def test_after_seven_days_one_is_welcomed_back_once(away: timedelta, when: When):
    moment = Moment(NOON, 3, newest=(NOON - away).astimezone(UTC))
    chosen, bag = choose(ENGLISH, Bag(), moment, Random(1))
    assert chosen.when == when
    assert {prompt.when for prompt in fits(ENGLISH, bag, moment)} == {"any"}


def test_who_was_invited_lately_was_not_away_even_without_a_glimmer():
    _, bag = choose(ENGLISH, Bag(), USUAL, Random(1))
    later = Moment(NOON + timedelta(days=6), 3, newest=NOON - timedelta(days=90))
    assert {prompt.when for prompt in fits(ENGLISH, bag, later)} == {"any"}


def test_where_the_time_is_not_known_nobody_is_welcomed_back():
    unknown = Moment(None, 3, newest=NOON - timedelta(days=90))
    chosen, bag = choose(ENGLISH, Bag(at=NOON), unknown, Random(1))
    assert (chosen.when, bag.at) == ("any", NOON)


def test_what_became_of_nothing_changes_nothing():
    assert Bag().after(answered=False) == Bag()


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_the_hours_of_a_whole_year_with_changes_of_the_clocks(zone: str):
    by_hour: dict[int, set[str]] = {}
    at = datetime(2026, 1, 1, tzinfo=UTC)
    while at.year == 2026:
        local = at.astimezone(ZoneInfo(zone))
        by_hour.setdefault(local.hour, set()).add(time_of_day(local))
        at += timedelta(minutes=30)
    expected = {hour: {"any"} for hour in range(24)}
    expected |= {hour: {"morning"} for hour in (5, 6, 7, 8, 9, 10)}
    expected |= {hour: {"evening"} for hour in (18, 19, 20, 21, 22)}
    assert by_hour == expected
