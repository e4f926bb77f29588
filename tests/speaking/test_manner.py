from pathlib import Path

import pytest

from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.speaking.manner import FASTEST, LOUDEST, SLOWEST, SOFTEST, Manner


def test_what_was_asked_for_stays_after_a_restart(tmp_path: Path):
    path = tmp_path / "manner.json"
    manner = Manner(path)
    manner.adjust(Kind.LOUDER)
    manner.adjust(Kind.SLOWER)
    manner.adjust(Kind.WHISPER)
    again = Manner(path)
    assert (again.pace, again.gain) == (manner.pace, manner.gain)
    assert again.whispers
    again.adjust(Kind.ALOUD)
    assert not Manner(path).whispers
    assert again.pace < 1 < again.gain
    assert [each.name for each in tmp_path.iterdir()] == ["manner.json"]


@pytest.mark.parametrize(
    ("how", "most"),
    [
        (Kind.LOUDER, (1, LOUDEST)),
        (Kind.SOFTER, (1, SOFTEST)),
        (Kind.FASTER, (FASTEST, 1)),
        (Kind.SLOWER, (SLOWEST, 1)),
    ],
)
def test_it_stays_pleasant(how: Kind, most: tuple[float, float]):
    manner = Manner()
    assert manner.adjust(how)
    for _ in range(20):
        manner.adjust(how)
    assert (manner.pace, manner.gain) == most
    assert not manner.adjust(how)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", (1, 1)),
        (b"[]", (1, 1)),
        (b"[" * 100_000, (1, 1)),
        (b'{"pace": 1, "gain": "loud"}', (1, 1)),
        (b'{"pace": NaN, "gain": 1}', (1, 1)),
        (b'{"pace": 1, "gain": Infinity}', (1, 1)),
        (b'{"pace": 1e9, "gain": 1e9}', (FASTEST, LOUDEST)),
        (b'{"pace": -1, "gain": 0}', (SLOWEST, SOFTEST)),
    ],
)
def test_a_hostile_file_is_no_danger_to_anyones_ears(tmp_path: Path, content: bytes, expected):
    path = tmp_path / "manner.json"
    path.write_bytes(content)
    manner = Manner(path)
    assert (manner.pace, manner.gain) == expected


@pytest.mark.parametrize("volume", [0.5, 0.1, 0.001])
def test_louder_stops_at_the_most_that_is_allowed_and_what_was_louder_before_is_not(
    tmp_path: Path, volume: float
):
    before = Manner(tmp_path / "manner.json")
    for _ in range(3):
        before.adjust(Kind.LOUDER)
    manner = Manner(tmp_path / "manner.json", volume)
    assert manner.gain == LOUDEST * volume
    assert not manner.adjust(Kind.LOUDER)
    manner.adjust(Kind.SOFTER)
    assert manner.gain <= LOUDEST * volume


def test_whispering_twice_is_no_limit():
    manner = Manner()
    assert manner.adjust(Kind.WHISPER)
    assert manner.adjust(Kind.WHISPER)


def test_where_it_cannot_be_written_it_holds_until_the_end(tmp_path: Path, caplog):
    manner = Manner(tmp_path / "no" / "manner.json")
    manner.adjust(Kind.LOUDER)
    assert manner.gain > 1
    assert "could not be noted" in caplog.text
