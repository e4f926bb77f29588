"""The journal used by another program, as docs/library.md shows."""

import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "library.md"
SOUND = {"sounddevice", "soundfile", "vosk", "pyttsx3", "soxr", "webrtcvad"}


def run(program: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_does_what_it_says_without_any_library_of_sound(tmp_path: Path):
    program, printed = re.findall(r"```(?:python)?\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    program += "import sys\nprint(sorted(sys.modules))\n"
    said, _, loaded = run(program, tmp_path).rpartition("[")
    assert said == printed
    assert not SOUND & set(re.findall(r"\w+", loaded))


def test_a_voice_loads_what_it_needs(tmp_path: Path):
    run(
        "from datetime import datetime, UTC\n"
        "from pathlib import Path\n"
        "from voice_glimmer.journal import Journal\n"
        "journal = Journal(Path('glimmers'))\n"
        "number = journal.keep('hum', [], datetime.now(UTC), duration=1.0, prompt='', name='a',\n"
        "    voice=bytes(32_000), rate=16_000)\n"
        "assert len(journal.voice_of(number)[0]) == 16_000\n",
        tmp_path,
    )
