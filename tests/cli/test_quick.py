"""Commands that need no sound load nothing of it."""

import subprocess
import sys
from pathlib import Path

SLOW = {"hassil", "jiwer", "numpy", "pyttsx3", "sounddevice", "soundfile", "soxr", "vosk"}
LOADED = """
import os, sys
from voice_glimmer.cli.app import run
code = run()
print(*sys.modules, flush=True)
os._exit(code)
"""

HEAVY = {"hassil", "jiwer", "rapidfuzz", "requests", "srt", "tqdm", "tomlkit", "urllib3"}
"""What it takes to fetch models, to write settings, and to understand; listening begins before."""


def test_neither_sound_nor_numbers_are_loaded(tmp_path: Path):
    for arguments in (("--help",), ("add", "the sun on my tea"), ("list",)):
        code, loaded = loads(tmp_path, *arguments)
        assert code == 0
        assert loaded & SLOW == set()


def test_listening_begins_without_what_it_seldom_needs(tmp_path: Path):
    code, loaded = loads(tmp_path, "listen", "--model", str(tmp_path / "none"))
    assert code == 2, "there is no microphone"
    assert "vosk" in loaded
    assert loaded & HEAVY == set()


def loads(home: Path, *arguments: str) -> tuple[int, set[str]]:
    """Return a command's exit code, and what it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env={"HOME": str(home), "XDG_RUNTIME_DIR": str(home / "no-sound")},
        capture_output=True,
        text=True,
        check=False,
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "voice_glimmer" in loaded, done
    return done.returncode, loaded
