"""End to end: devices are listed, tried by voice and chosen, by name."""

import json
import subprocess
from contextlib import closing

import jiwer

from tests.e2e.conftest import COMMAND, Kitchen, Program

SAID = "my daughter called this morning and we laughed about the dog"


def printed(kitchen: Kitchen, *arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        [COMMAND, "device", *arguments],
        env=kitchen.environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == code, done
    return done.stdout if code == 0 else done.stderr


def test_devices_are_listed_tried_and_chosen_by_name(kitchen: Kitchen):
    found = json.loads(printed(kitchen, "list", "--json"))
    assert {"mic", "default"} <= {each["name"] for each in found if each["kind"] == "input"}
    assert [each["name"] for each in found if each["default"]] == ["default", "default"]

    assert "no microphone called" in printed(kitchen, "set", "--input", "pudding", code=2)
    settings = kitchen.folder / ".config" / "voice-glimmer" / "settings.toml"
    assert not settings.exists()
    printed(kitchen, "set", "--input", "MIC", "--output", "speak")
    assert settings.read_text().split() == ["input", "=", '"mic"', "output", "=", '"speaker"']

    with closing(Program(kitchen.environment, command=("device", "test"))) as program:
        program.shows("Now please speak")
        kitchen.say(SAID)
        program.shows("This is how I hear you.")
        played = kitchen.loudspeaker.since(0, quiet=2.0)
        program.shows("That is good.")
        assert program.process.wait(timeout=20) == 0
    assert jiwer.wer(SAID, kitchen.recognised(played)) <= 0.2
