"""Commands that need no sound load nothing of it."""

import subprocess
import sys
from pathlib import Path

SLOW = {"hassil", "jiwer", "numpy", "pyttsx3", "sounddevice", "soundfile", "soxr", "vosk"}
LOADED = """
import sys
from voice_glimmer.cli.app import main
try:
    main()
finally:
    print(*sys.modules)
"""


def test_neither_sound_nor_numbers_are_loaded(tmp_path: Path):
    for arguments in (("--help",), ("add", "the sun on my tea"), ("list",)):
        done = subprocess.run(
            [sys.executable, "-c", LOADED, *arguments],
            env={"HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done
        loaded = {name.partition(".")[0] for name in done.stdout.split()}
        assert "voice_glimmer" in loaded
        assert loaded & SLOW == set()
