"""Which voice speaks, and the commands about it, as a person meets them."""

import json
import os
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.test_app import hidden, refused, run
from tests.conftest import needs
from tests.speaking.test_voices import put
from voice_glimmer.cli.voice import listed
from voice_glimmer.faults import Fault
from voice_glimmer.settings import load, settings_file, voices_folder
from voice_glimmer.speaking.voice import Voice
from voice_glimmer.voicing import chosen_voice, ready


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    needs("espeak-ng", "espeak-ng")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    settings_file().parent.mkdir(parents=True)
    return tmp_path


def test_who_put_a_piper_voice_there_hears_it_unless_another_was_chosen(home: Path):
    assert chosen_voice(load()) == "en-us+f3"
    joe = put(voices_folder(), "en_US-joe")
    assert chosen_voice(load()) == str(joe)
    assert chosen_voice(load(language="de")) == "de+f3"
    assert chosen_voice(load(voice="en-us+f3")) == "en-us+f3"
    put(voices_folder(), "en_US-amy")
    assert chosen_voice(load(voice="en_US-joe")) == str(joe)


def test_what_is_in_use_is_told_whatever_it_is(home: Path):
    def used(**flags: str) -> list[str]:
        return [each["name"] for each in listed(load(**flags)) if each["in_use"]]

    assert used() == ["en-us+f3"]
    assert used(voice="en-us+m3") == ["en-us+m3"]
    assert used(voice="nowhere") == ["nowhere"]
    joe = put(home, "en_US-joe")
    assert used(voice=str(joe)) == [str(joe)]
    put(voices_folder(), "en_US-joe")
    assert used() == ["en_US-joe"]


@pytest.mark.parametrize("name", ["nowhere", "en-us+nobody", "/nowhere/en_US-joe.onnx"])
def test_a_voice_that_cannot_speak_is_told_and_the_usual_one_speaks(home: Path, name: str):
    noted: list[str] = []
    settings = load(voice=name)
    voice = ready(Voice(chosen_voice(settings), 145), settings, noted.append)
    with closing(voice):
        assert voice.name == "en-us+f3"
        assert voice.sound("I am here.").seconds > 0.3
    assert len(noted) == 1
    assert Path(name).stem in noted[0]
    assert noted[0].endswith("I speak with en-us+f3 meanwhile.")


def test_without_any_voice_that_is_a_fault(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", hidden(home, "libespeak"))
    noted: list[str] = []
    with pytest.raises(Fault, match="espeak-ng is missing"):
        ready(Voice("nowhere", 145), load(voice="nowhere"), noted.append)
    assert noted == []
    refused(run("voice", "list", home=home, PYTHONPATH=os.environ["PYTHONPATH"]), "is missing")


def test_list_set_and_list(home: Path):
    settings_file().write_text("# mine\nrate = 150 # calm\n")
    done = run("voice", "set", "en-us+f4", home=home)
    assert done.stdout.startswith("I speak with en-us+f4"), done
    assert settings_file().read_text() == '# mine\nrate = 150 # calm\nvoice = "en-us+f4"\n'
    found = json.loads(run("voice", "list", "--json", home=home).stdout)
    assert [each["name"] for each in found if each["in_use"]] == ["en-us+f4"]
    assert set(found[0]) == {"name", "engine", "about", "lacks", "in_use"}
    shown = run("voice", "list", home=home).stdout.splitlines()
    assert len(shown) == len(found)
    assert next(line for line in shown if "(in use)" in line).startswith("en-us+f4 ")


def test_a_voice_that_is_none_is_a_sentence_and_changes_nothing(home: Path):
    settings_file().write_text("rate = 150\n")
    refused(run("voice", "set", "en_us+f3", home=home), '"en_us+f3"', "Did you mean en-us+f3?")
    refused(run("voice", "try", "en_us+f3", home=home), "Did you mean en-us+f3?")
    refused(run("voice", "set", "/no/joe.onnx", home=home), "/no/joe.onnx is missing")
    assert settings_file().read_text() == "rate = 150\n"


def test_trying_a_voice_needs_a_loudspeaker(home: Path):
    refused(run("voice", "try", "en-us+f4", "The kettle sings.", home=home), "no loudspeaker")
