"""A person's own prompts, and those that they skip."""

import stat
from pathlib import Path

import pytest

from voice_glimmer.faults import Fault
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, load
from voice_glimmer.speaking.repertoire import Repertoire

SHIPPED = [prompt.id for prompt in load(AUDIO_PROMPTS / "en.toml")]
OWN = """# Mine.
[[prompt]]
id = "mine"  # by the window
kind = "light"
words = "Look up.[2s] What shines?"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "prompts" / "en.toml"
    path.parent.mkdir()
    path.write_text(OWN)
    return path


def allowed(repertoire: Repertoire) -> list[str]:
    return [prompt.id for prompt in repertoire.read().allowed]


def test_without_a_file_there_are_the_shipped_ones(tmp_path: Path):
    assert allowed(Repertoire("en", tmp_path / "none.toml")) == SHIPPED
    assert allowed(Repertoire("en", None)) == SHIPPED


def test_skipping_and_allowing_leaves_the_rest_of_the_file_as_it_was(own: Path):
    repertoire = Repertoire("en", own)
    assert repertoire.skip("warm-sun")
    assert not repertoire.skip("warm-sun")
    assert repertoire.skip("mine")
    assert set(SHIPPED) - set(allowed(repertoire)) == {"warm-sun"}
    assert "mine" not in allowed(repertoire)
    assert repertoire.allow("warm-sun")
    assert not repertoire.allow("warm-sun")
    assert repertoire.allow("mine")
    assert allowed(repertoire) == [*SHIPPED, "mine"]
    assert "# Mine.\n" in own.read_text()
    assert '"mine"  # by the window\n' in own.read_text()


def test_an_own_prompt_gets_a_pause_and_an_id_where_it_has_none(tmp_path: Path):
    path = tmp_path / "new" / "en.toml"
    repertoire = Repertoire("en", path)
    first = repertoire.add("Look out.  Breathe. What moves out there?", "light", "evening")
    assert (first.words, first.id) == (
        "Look out. Breathe.[1.5s] What moves out there?",
        "what-moves-out",
    )
    second = repertoire.add("Look up.[2s] What moves out there?", "joy", "any")
    third = repertoire.add("Look up.[2s] What moves out there?", "joy", "any")
    assert (second.words, second.id) == ("Look up.[2s] What moves out there?", f"{first.id}-there")
    assert third.id == f"{second.id}-too"
    assert load(path) == [first, second, third]
    assert repertoire.read().own == (first, second, third)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "words", ["", "What moves?", "Look. Look.", "A. B? C?", "[1s] What?", f"{'a' * 500}. B?"]
)
def test_what_is_no_prompt_is_refused_and_not_written(tmp_path: Path, words: str):
    path = tmp_path / "en.toml"
    with pytest.raises(Fault, match="a breath, and one question"):
        Repertoire("en", path).add(words, "joy", "any")
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"skipped = 3", "skipped is not what it should be"),
        (b"skipped = [3]", "skipped is not what it should be"),
        (b"[[prompt", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"prompt = 3", "cannot be read"),
        (OWN.replace("mine", "warm-sun").encode(), "is one of mine"),
        (OWN.replace("light", "cold").encode(), "kind is not what it should be"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_left_as_it_is(own: Path, content, words):
    own.write_bytes(content)
    repertoire = Repertoire("en", own)
    for act in (repertoire.read, lambda: repertoire.skip("mine")):
        with pytest.raises(Fault, match=words):
            act()
    assert own.read_bytes() == content


def test_an_id_that_is_none_is_told_with_the_nearest(own: Path):
    with pytest.raises(Fault, match=r'no prompt "warm-sum"\. Did you mean "warm-sun"'):
        Repertoire("en", own).skip("warm-sum")


def test_the_last_one_stays(own: Path):
    own.write_text(f"skipped = {SHIPPED}\n{OWN}")
    repertoire = Repertoire("en", own)
    assert allowed(repertoire) == ["mine"]
    with pytest.raises(Fault, match="the last prompt"):
        repertoire.skip("mine")
    own.write_text(f"skipped = {SHIPPED}\n")
    assert allowed(repertoire) == SHIPPED


def test_where_it_cannot_be_written_that_is_told():
    with pytest.raises(Fault, match="cannot write your prompts"):
        Repertoire("en", Path("/proc/none/en.toml")).skip("warm-sun")
