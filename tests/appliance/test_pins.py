"""The library that reaches a Raspberry Pi's pins."""

import subprocess
import sys
from pathlib import Path

IMPORT = """
from contextlib import suppress
from voice_glimmer.appliance import pins

with suppress(Exception):  # there are no pins on most machines
    pins.factory()
import lgpio

assert lgpio._notify_thread.is_alive()
"""


def test_it_leaves_nothing_where_the_program_was_started(tmp_path: Path):
    # It is loaded once for each process.
    subprocess.run([sys.executable, "-c", IMPORT], cwd=tmp_path, check=True)
    assert not list(tmp_path.iterdir())
