import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_glimmer.faults import Fault
from voice_glimmer.settings_text import choose, edited
from voice_glimmer.tuned import KEYS, Tuned, values

COMMENT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
SPACE = st.sampled_from(["", " ", "\t ", "  "])
GAIN = st.sampled_from(["5", "+5.0", "-1e1", "8_0.5", "0.0"])
SENSITIVITY = st.sampled_from(["0", "0.30", "1e-1", "1"])
OTHERS = ['voice = "en-us # f3"', "rate=120", "'pause' = 6", 'wake_phrases = [\n  "a b", # one\n]']
OURS = st.sampled_from(["{}", '"{}"', "'{}'"])


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """Return the lines of a settings file, as people write them."""
    wanted = draw(st.permutations(OTHERS))[: draw(st.integers(0, len(OTHERS)))]
    for key, value in (("gain", GAIN), ("sensitivity", SENSITIVITY)):
        if draw(st.booleans()):
            equals = draw(SPACE) + "=" + draw(SPACE)
            wanted.append(draw(OURS).format(key) + equals + draw(value))
    found = []
    for line in draw(st.permutations(wanted)):
        comments = draw(st.lists(st.one_of(st.just(""), COMMENT.map("#{}".format)), max_size=2))
        tail = draw(st.one_of(SPACE, COMMENT.map(" # {}".format)))
        found += [*comments, draw(SPACE) + line + tail]
    return [*found, *draw(st.lists(COMMENT.map("#{}".format), max_size=2))]


@st.composite
def texts(draw: st.DrawFn) -> str:
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(draw(lines())) + draw(st.sampled_from(["", end, end + end]))


CHANGES = st.dictionaries(
    st.sampled_from(KEYS), st.sampled_from(["8.0", "-3.0", "0.4"]), min_size=1, max_size=2
)


def rest(text: str) -> list[str]:
    """Return the lines that do not set one of the two keys."""
    return [
        line.rstrip("\r")
        for line in text.rstrip("\r\n").split("\n")
        if line.split("=")[0].strip(" \t\"'") not in KEYS and text.strip()
    ]


@given(texts(), CHANGES)
def test_only_the_two_values_change(text: str, changes: dict[str, str]):
    after = edited(text, changes)
    parsed = {key: float(value) for key, value in changes.items()}
    assert tomllib.loads(after) == tomllib.loads(text) | parsed
    assert values(after) == values(text) | changes
    assert rest(after) == rest(text)


@given(texts(), CHANGES)
def test_what_was_there_comes_back_as_it_was_written(text: str, changes: dict[str, str]):
    back = edited(edited(text, changes), values(text))
    end = "" if not text or text.endswith("\n") else back[len(text.rstrip("\r\n")) :]
    assert back == text + end
    assert end.strip() == ""


def test_a_comment_beside_the_value_stays():
    text = "# loud kitchen\ngain = 5  # by ear\nsensitivity = 0.4 # less\n"
    assert edited(text, {"gain": "8.0"}) == text.replace("5  #", "8.0  #")


# Files


def test_another_value_is_put_in_and_the_tuning_before_can_still_be_undone(file: Path):
    file.write_text("# mine\ngain = 5 # by ear\n")
    Tuned(file).save({"gain": "8.0"})
    choose(file, {"voice": "en-us+f4"})
    assert file.read_text() == '# mine\ngain = 8.0 # by ear\nvoice = "en-us+f4"\n'
    assert Tuned(file).undo() == {"gain": "5", "sensitivity": None}
    assert file.read_text() == '# mine\ngain = 5 # by ear\nvoice = "en-us+f4"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_a_file_that_was_not_there(tmp_path: Path):
    file = tmp_path / "new" / "settings.toml"
    tuned = Tuned(file)
    tuned.check()
    assert list(file.parent.iterdir()) == []
    tuned.save({"gain": "8.0"})
    assert file.read_text() == "gain = 8.0\n"
    assert tuned.undo() == {"gain": None, "sensitivity": None}
    assert file.read_text() == ""
    assert list(file.parent.iterdir()) == [file]


def test_undone_once_and_what_else_was_written_since_stays(file: Path):
    file.write_text("gain = 5\n")
    Tuned(file).save({"gain": "8.0", "sensitivity": "0.4"})
    file.write_text(file.read_text() + "rate = 120\n")
    # Another run of the program undoes it.
    assert Tuned(file).undo() == {"gain": "5", "sensitivity": None}
    assert file.read_text() == "gain = 5\nrate = 120\n"
    assert Tuned(file).undo() is None
    assert file.read_text() == "gain = 5\nrate = 120\n"


def test_without_a_tuning_there_is_nothing_to_undo(file: Path):
    assert Tuned(file).undo() is None
    assert not file.exists()


def test_the_last_of_two_tunings_is_undone(file: Path):
    Tuned(file).save({"gain": "8.0"})
    Tuned(file).save({"gain": "9.0"})
    assert Tuned(file).undo() == {"gain": "8.0", "sensitivity": None}
    assert file.read_text() == "gain = 8.0\n"
    assert Tuned(file).undo() is None


@pytest.mark.parametrize("by_hand", ["gain = 7.0\n", "gain = 8.0\nsensitivity = 1\n", "rate = 1\n"])
def test_what_was_changed_by_hand_since_is_not_trampled(file: Path, by_hand: str):
    file.write_text("gain = 5\n")
    Tuned(file).save({"gain": "8.0"})
    file.write_text(by_hand)
    for _ in range(2):
        with pytest.raises(Fault, match=r"by hand since .* gain 5, sensitivity not set"):
            Tuned(file).undo()
    assert file.read_text() == by_hand


def test_undone_by_hand_there_is_nothing_to_undo(file: Path):
    Tuned(file).save({"gain": "8.0"})
    file.write_text("# I prefer none\n")
    assert Tuned(file).undo() is None
    assert file.read_text() == "# I prefer none\n"


@pytest.mark.parametrize("memory", ["", "[]", "{}", '{"before": {"gain": "x y"}, "after": {}}'])
def test_a_memory_that_is_damaged_is_a_sentence(file: Path, memory: str):
    file.write_text("gain = 5\n")
    file.with_name("before-tuning.json").write_text(memory)
    with pytest.raises(Fault, match="what stood there before"):
        Tuned(file).undo()
    assert file.read_text() == "gain = 5\n"


def test_permissions_and_a_link_stay(tmp_path: Path, file: Path):
    target = tmp_path / "dotfiles.toml"
    target.write_text("rate = 120\n")
    target.chmod(0o640)
    file.symlink_to(target)
    Tuned(file).check()
    Tuned(file).save({"gain": "8.0"})
    assert file.is_symlink()
    assert target.read_text() == "rate = 120\ngain = 8.0\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert Tuned(file).undo() == {"gain": None, "sensitivity": None}
    assert target.read_text() == "rate = 120\n"


def test_a_write_protected_file_is_a_sentence(file: Path):
    file.write_text("rate = 120\n")
    file.chmod(0o444)
    with pytest.raises(Fault, match=r"cannot write the settings file .* changed nothing"):
        Tuned(file).check()


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    tuned = Tuned(tmp_path / "file" / "settings.toml")
    with pytest.raises(Fault, match=r"cannot (be read|write)"):
        tuned.check()
    with pytest.raises(Fault, match=r"cannot (be read|write)"):
        tuned.save({"gain": "8.0"})


def test_a_file_that_cannot_be_replaced_is_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch):
    file.write_text("rate = 120\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Fault, match="the disk"):
        Tuned(file).save({"gain": "8.0"})
    assert {path.name: path.read_text() for path in file.parent.iterdir()} == {
        "settings.toml": "rate = 120\n"
    }


@pytest.mark.parametrize("content", [b"rate = ", b"\xff", b"gain = 1\ngain = 2\n"])
def test_a_file_that_is_no_toml_is_a_sentence(file: Path, content: bytes):
    file.write_bytes(content)
    for call in (Tuned(file).check, Tuned(file).undo):
        with pytest.raises(Fault, match="cannot be read"):
            call()
    assert file.read_bytes() == content
