"""Six words, once usable, and the devices they let in."""

import math
from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_glimmer.faults import Fault
from voice_glimmer.review import devices as known
from voice_glimmer.review.devices import Devices
from voice_glimmer.review.pairing import (
    LASTS_SECONDS,
    TRIES,
    TRIES_OF_ALL,
    WINDOW_SECONDS,
    WORDS,
    Pairing,
    Tries,
    word_list,
)

DAY = date(2026, 11, 24)


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def test_a_code_is_long_enough_and_easy_to_type():
    assert len(set(word_list())) == len(word_list())
    assert WORDS * math.log2(len(word_list())) > 60
    assert max(map(len, word_list())) <= 5


def test_a_code_is_usable_once_by_any_program_and_typed_as_phones_do(tmp_path: Path):
    hand = Hand()
    code = Pairing(tmp_path, hand).offer()
    page = Pairing(tmp_path, hand)
    assert not page.use("")
    assert not page.use(code[:-1])
    assert page.use(code.title().replace(" ", ", "))
    assert not page.use(code)
    assert not Pairing(tmp_path, hand).use(code)


def test_a_code_is_usable_once_where_nothing_can_be_noted_any_more(tmp_path: Path):
    pairing = Pairing(tmp_path, Hand())
    code = pairing.offer()
    (tmp_path / "pairing.part").mkdir()
    assert pairing.use(code)
    assert not pairing.use(code)


def test_a_code_expires_and_a_newer_one_takes_its_place(tmp_path: Path):
    hand = Hand()
    pairing = Pairing(tmp_path, hand)
    first, second = pairing.offer(), pairing.offer()
    assert not pairing.use(first)
    hand.at += LASTS_SECONDS
    assert not pairing.use(second)
    third = pairing.offer()
    pairing.withdraw()
    assert not pairing.use(third)


def test_what_is_noted_has_no_word_of_the_code(tmp_path: Path):
    code = Pairing(tmp_path, Hand()).offer()
    noted = (tmp_path / "pairing.json").read_text()
    assert not any(word in noted for word in code.split() if not set(word) <= set("abcdef"))


@pytest.mark.parametrize("text", ["", "[]", '{"digest": 3}', '{"digest": "", "until": 1e99}', "{"])
def test_a_hostile_note_lets_nobody_in(tmp_path: Path, text: str):
    (tmp_path / "pairing.json").write_text(text)
    (tmp_path / "devices.json").write_text(text)
    assert not Pairing(tmp_path, Hand()).use("")
    assert Devices(tmp_path, lambda: DAY).of("") is None


def test_a_disk_that_takes_nothing_makes_no_promises(tmp_path: Path):
    gone = tmp_path / "gone"
    with pytest.raises(Fault, match="could not be noted"):
        Pairing(gone, Hand()).offer()
    with pytest.raises(Fault, match="could not be noted"):
        Devices(gone, lambda: DAY).let_in("phone")


@given(st.lists(st.tuples(st.floats(0, 90), st.sampled_from("abcdefg")), max_size=60))
def test_in_any_minute_nobody_tries_more_often_than_allowed(tries: list[tuple[float, str]]):
    hand, made = Hand(), list[tuple[float, str]]()
    limit = Tries(hand)
    for wait, address in tries:
        hand.at += wait / 10
        if limit.allows(address):
            made.append((hand.at, address))
        within = [one for at, one in made if hand.at - at < WINDOW_SECONDS]
        assert len(within) <= TRIES_OF_ALL
        assert max(map(within.count, within), default=0) <= TRIES


def test_who_waits_may_try_again():
    hand = Hand()
    limit = Tries(hand)
    assert [limit.allows("a") for _ in range(TRIES + 1)] == [True] * TRIES + [False]
    assert limit.allows("b")
    hand.at += WINDOW_SECONDS
    assert limit.allows("a")


def test_a_device_is_known_by_its_cookie_alone_and_shut_out_at_once(tmp_path: Path):
    devices = Devices(tmp_path, lambda: DAY)
    phone, tablet = devices.let_in("phone"), devices.let_in("phone")
    assert phone not in (tmp_path / "devices.json").read_text()
    here, there = devices.of(phone), Devices(tmp_path, lambda: DAY).of(tablet)
    assert here
    assert there
    assert here != there
    assert devices.of(here.digest) is None
    assert devices.shut_out("no") is None
    assert Devices(tmp_path, lambda: DAY).shut_out(here.id) == here
    assert devices.of(phone) is None
    assert devices.all() == (there,)


def test_a_device_that_is_used_lasts_and_one_that_is_not_does_not(tmp_path: Path):
    today = DAY
    devices = Devices(tmp_path, lambda: today)
    used, unused = devices.let_in("used"), devices.let_in("unused")
    today += timedelta(days=200)
    device = devices.of(used)
    assert device
    assert devices.see(device)
    device = devices.of(used)
    assert device
    assert not devices.see(device)
    today += known.LASTS - timedelta(days=1)
    assert devices.of(used)
    assert devices.of(unused) is None


def test_programs_that_let_in_and_shut_out_at_once_undo_nothing_of_each_others(tmp_path: Path):
    def use(name: str) -> None:
        devices, start = Devices(tmp_path, lambda: DAY), len(name)
        for turn in range(20):
            device = devices.of(devices.let_in(f"{name} {turn}"))
            if device and turn % 2 == start % 2:
                devices.shut_out(device.id)

    threads = [Thread(target=use, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    left = {device.name for device in Devices(tmp_path, lambda: DAY).all()}
    assert left == {f"left {turn}" for turn in range(1, 20, 2)} | {
        f"right {turn}" for turn in range(0, 20, 2)
    }


@given(st.text())
def test_any_name_is_kept_short_and_printable(name: str):
    kept = known.clean(name)
    assert kept
    assert kept.isprintable()
    assert len(kept) <= known.LONGEST_NAME


def test_a_token_is_the_visitors_own_and_the_same_after_a_restart(tmp_path: Path):
    first = Devices(tmp_path, lambda: DAY)
    tokens = {first.token(visitor) for visitor in ("local", "stranger", "a", "b")}
    assert len(tokens) == 4
    first.let_in("phone")
    assert Devices(tmp_path, lambda: DAY).token("local") == first.token("local")
