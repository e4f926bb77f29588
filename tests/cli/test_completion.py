"""What a shell is told when Tab is pressed, by the protocol of each."""

import os
import subprocess

import pytest

from tests.cli.test_app import COMMAND
from voice_glimmer.cli.app import run

TYPED = "voice-glimmer sea"
ASKED = {
    "bash": {"COMP_WORDS": TYPED, "COMP_CWORD": "1"},
    "zsh": {"_TYPER_COMPLETE_ARGS": TYPED},
    "fish": {"_TYPER_COMPLETE_ARGS": TYPED, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
}


@pytest.mark.parametrize("shell", ASKED)
def test_tab_completes_a_command(
    shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("_VOICE_GLIMMER_COMPLETE", f"complete_{shell}")
    for name, value in ASKED[shell].items():
        monkeypatch.setenv(name, value)
    assert run([]) == 0
    told = capsys.readouterr().out
    assert "seal" in told
    assert "unseal" not in told


def test_bash_completes_where_it_has_read_the_script():
    typed = (
        'source <(_VOICE_GLIMMER_COMPLETE=source_bash "$0"); COMP_WORDS=("$0" fav); COMP_CWORD=1;'
        '_voice_glimmer_completion "$0"; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", typed, COMMAND],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "favourite\n"
