"""`wake check` as a person meets it: the real command, a verdict and its reasons."""

from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from rich.console import Console

from tests.cli.test_app import hidden, refused, run
from voice_glimmer.cli.display import Display
from voice_glimmer.cli.parts import assembled
from voice_glimmer.cli.room import Room
from voice_glimmer.faults import Fault
from voice_glimmer.hearing import models
from voice_glimmer.settings import Settings


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home whose cache the commands share, as a person's do."""
    return tmp_path_factory.mktemp("home")


def test_a_good_phrase(home: Path):
    done = run("wake", "check", "Hey, Glimmer!", home=home)
    assert done.returncode == 0, done
    first, *reasons = done.stdout.splitlines()
    assert first == '"hey glimmer" is a good wake phrase.'
    assert all(reason.startswith("Good: ") for reason in reasons)
    assert "hey dimmer" in done.stdout
    assert not done.stderr


def test_the_quotes_may_be_forgotten(home: Path):
    done = run("wake", "check", "hey", "you", home=home)
    assert done.returncode == 1, done
    assert done.stdout.startswith('"hey you" is a poor wake phrase.\nPoor: ')


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("", "Please give the words"),
        ("hey \x1b[31m7", "plain English letters"),
        ("hey \N{SLIGHTLY SMILING FACE} glimmer", '"\N{SLIGHTLY SMILING FACE}" is none'),
        ("\N{ROBOT FACE}", '"\N{ROBOT FACE}" is none'),
        ("[red]", "I need two or more"),
        ("glimmer" * 1_500, "longer than I can listen for"),
        ("try again", "You say it to answer me"),
        ("hey wren", 'does not know "wren"'),
    ],
)
def test_a_phrase_that_cannot_be_used(home: Path, phrase: str, words: str):
    done = run("wake", "check", phrase, home=home)
    assert done.returncode == 1, done
    assert words in done.stdout
    assert not done.stderr


def test_words_that_the_program_says(home: Path):
    done = run("wake", "check", "glimmers from last week", home=home)
    assert done.returncode == 0, done
    assert "Fair: I say it myself" in done.stdout


def test_another_model(home: Path):
    done = run("wake", "check", "hey glimmer", "--model", str(home / "no"), home=home)
    refused(done, "no speech model at")


def test_ctrl_c_while_the_model_loads(home: Path, tmp_path: Path):
    models.load(models.BUNDLED, home / ".cache/voice-glimmer")
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, vosk\n"
        "class Interrupted(vosk.Model):\n"
        "    def __init__(self, path):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        super().__init__(path)\n"
        "vosk.Model = Interrupted\n"
    )
    done = run("wake", "check", "hey glimmer", home=home, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", ""), done


def test_no_espeak(tmp_path: Path):
    done = run("wake", "check", "hey glimmer", home=tmp_path, PYTHONPATH=hidden(tmp_path, "espeak"))
    refused(done, "espeak-ng is missing", "sudo apt install espeak-ng")


def test_no_command_is_needed_on_the_path(home: Path):
    done = run("wake", "check", "hey glimmer", home=home, PATH="")
    assert done.returncode == 0, done


def test_a_cache_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "file").touch()
    done = run("wake", "check", "hey glimmer", home=tmp_path, XDG_CACHE_HOME=str(tmp_path / "file"))
    assert done.returncode == 0, done


def test_the_start_suggests_words_too(tmp_path: Path):
    settings = Settings.model_construct(
        journal=tmp_path, model=models.BUNDLED, wake_phrases=["hey glimmer", "hey wren"]
    )
    room = Room([], datetime.now().astimezone())
    display = Display(Console(), "hey glimmer")
    with (
        pytest.raises(Fault, match='Near "wren" in sound are'),
        assembled(settings, lambda: room, room.now, display, Random(), note=print),
    ):
        pytest.fail("it started")
