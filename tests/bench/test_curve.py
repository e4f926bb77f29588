"""From what was heard to what is compared."""

import pytest

from scripts.bench.curve import Point, Positive, compared, points, summary


def point(setting: float, missed: int, false: int, hours: float = 20.0) -> Point:
    return Point(setting, ("a.wav",) * missed, 10, false, hours, ())


def test_a_phrase_is_heard_from_its_start_on():
    said = [Positive("a.wav", 2.0, 3.0), Positive("b.wav", 2.0, 3.0), Positive("c.wav", 2.0, 3.0)]
    heard = [{0.5: [3.4]}, {0.5: [1.0]}, {0.5: [1.5, 2.8, 3.9]}]
    (got,) = points(said, heard, [{0.5: [10.0, 70.0]}, {0.5: []}], hours=4)
    assert (got.missed, got.miss) == (("b.wav",), pytest.approx(1 / 3))
    assert got.late == pytest.approx((0.4, -0.2))
    assert (got.false_accepts, got.rate) == (2, 0.5)


def test_every_setting_has_its_point():
    curve = points([Positive("a", 0, 1)], [{0.0: [], 1.0: [1.2]}], [{0.0: [], 1.0: [5.0]}], 1)
    assert [(each.setting, each.miss, each.false_accepts) for each in curve] == [
        (0.0, 1.0, 0),
        (1.0, 0.0, 1),
    ]


def test_ways_are_compared_where_they_miss_least_with_one_false_accept_in_ten_hours():
    # Twenty hours: two are allowed.
    curve = [point(0.0, 5, 0), point(0.3, 3, 1), point(0.5, 2, 2), point(1.0, 0, 3)]
    assert compared(curve).setting == 0.5


def test_of_equal_misses_the_one_with_fewer_false_accepts():
    assert compared([point(0.5, 2, 2), point(0.3, 2, 0)]).setting == 0.3


def test_where_none_has_so_few_the_nearest_is_compared():
    assert compared([point(0.0, 9, 40), point(0.5, 1, 80), point(1.0, 8, 40)]).setting == 1.0


def test_the_summary_tells_ratios_and_who_is_not_there_yet():
    chosen = {
        "ours": point(0.3, 1, 2),
        "usual": point(0.9, 4, 2),
        "eager": point(0.0, 2, 40),
        "perfect": point(0.0, 0, 0),
    }
    assert summary("ours", chosen).splitlines() == [
        "Misses at 1 false accept in 10 hours or fewer:",
        "  ours, at 0.3: 10.0%",
        "  usual, at 0.9: 40.0%; ours has 0.25 of its misses",
        "  eager, at 0: 20.0%, but 2 false accepts an hour; ours has 0.50 of its misses",
        "  perfect, at 0: 0.0%; ours has more than all of its misses",
    ]


def test_latency_is_unknown_where_nothing_was_heard():
    assert point(0.0, 10, 0).latency() is None
    assert Point(0.0, (), 3, 0, 1.0, (0.2, 0.3, 0.4)).latency() == pytest.approx((0.3, 0.39))
