"""The installer asks before it changes anything; what would change this machine is a note here.

Installing for real is tried in a root of its own, by hand: docs/benchmarks.md has the last runs.
"""

import os
import subprocess
from pathlib import Path

import pytest

from voice_glimmer.appliance import service

SCRIPTS = Path(__file__).parents[1] / "scripts"
CHANGES = "apt-get useradd usermod userdel install systemctl rm cp ln tar mkdir"


@pytest.fixture
def asked(tmp_path: Path):
    """Return a function that runs the installer with an answer, and what it then changed."""
    note = tmp_path / "changed"
    note.touch()
    for command in CHANGES.split():
        stand_in = tmp_path / command
        stand_in.write_text(
            f'#!/bin/sh\necho "$(basename "$0") $*" >>{note}\numask >>{tmp_path}/umask\n'
        )
        stand_in.chmod(0o755)
    # Whoever runs the tests may be anybody.
    (tmp_path / "id").write_text("#!/bin/sh\necho 0\n")
    (tmp_path / "id").chmod(0o755)

    def ask(answer: str, *arguments: str) -> tuple[int, str, list[str]]:
        done = subprocess.run(
            [SCRIPTS / "install-pi", *arguments],
            input=answer,
            env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,
        )
        return done.returncode, done.stdout + done.stderr, note.read_text().splitlines()

    return ask


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_without_a_yes_nothing_is_changed(asked, answer: str):
    code, said, changed = asked(answer)
    assert "as the service voice-glimmer" in said
    assert "Nothing was changed." in said
    assert (code, changed) == (2, [])


def test_uninstalling_keeps_the_journal(asked):
    code, said, changed = asked("y\n", "--uninstall")
    assert code == 0
    assert "The journal in /var/lib/voice-glimmer stays" in said
    assert [each for each in changed if each.startswith("rm")] == [
        "rm -f /etc/systemd/system/voice-glimmer.service "
        "/etc/systemd/system/voice-glimmer-page.service /usr/local/bin/voice-glimmer",
        "rm -rf /opt/voice-glimmer",
    ]


def test_what_it_installs_can_be_read_by_the_account_that_listens(asked, tmp_path: Path):
    asked("y\n", "--uninstall")
    assert set((tmp_path / "umask").read_text().split()) == {"0022"}


@pytest.mark.parametrize("answer", ["y\n", "yes\n", ""])
def test_the_journal_goes_only_after_a_sentence_that_nobody_types_by_chance(asked, answer: str):
    code, _, changed = asked(answer, "--uninstall", "--with-journal", "--yes")
    assert (code, changed) == (2, [])
    code, _, changed = asked("delete my glimmers\n", "--uninstall", "--with-journal")
    assert code == 0
    assert "rm -rf --one-file-system /var/lib/voice-glimmer" in changed


@pytest.mark.parametrize("arguments", [["--no-such"], ["--with-journal"]])
def test_what_it_does_not_know_is_a_sentence(asked, arguments: list[str]):
    code, said, changed = asked("y\n", *arguments)
    assert (code, changed, len(said.splitlines())) == (2, [], 1)


@pytest.mark.parametrize(
    ("arguments", "account"),
    [
        ("update --from x", ""),
        ("-v update --from x", ""),
        ("-v add update", "-u voice-glimmer"),
        ("--help", "-u voice-glimmer"),
        ("", "-u voice-glimmer"),
    ],
)
def test_only_an_update_is_done_as_root(tmp_path: Path, arguments: str, account: str):
    command, sudo = tmp_path / "voice-glimmer", tmp_path / "sudo"
    script = (SCRIPTS / "install-pi").read_text()
    command.write_text(script.partition("<<'COMMAND'\n")[2].partition("COMMAND\n")[0])
    sudo.write_text('#!/bin/sh\necho "$*"\n')
    sudo.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", command, *arguments.split()], env={"PATH": path}, capture_output=True, check=True
    )
    told = done.stdout.decode().strip()
    assert told.startswith(account or "/opt/voice-glimmer/current/bin/voice-glimmer")
    assert told.endswith(f"bin/voice-glimmer {arguments}".strip())


@pytest.mark.parametrize("words", [service.LISTENING, service.MUTED])
def test_it_knows_by_which_words_it_is_well(words: str):
    assert f'"active/{words}")' in (SCRIPTS / "install-pi").read_text()
