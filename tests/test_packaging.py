"""What is built works where there is no checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    subprocess.run(build, check=True, cwd=ROOT, capture_output=True)
    (built,) = folder.iterdir()
    return built


def test_the_wheel_describes_itself(wheel: Path):
    check = (sys.executable, "-m", "twine", "check", "--strict", wheel)
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    with ZipFile(wheel) as held:
        assert "voice_glimmer/py.typed" in held.namelist()


def test_installed_elsewhere_it_speaks_hears_and_keeps(wheel: Path, tmp_path: Path):
    home = tmp_path / "home"
    venv.create(home / "venv")
    python = home / "venv" / "bin" / "python"
    install = ("pip", "--python", python, "install", "--no-deps", "--no-index", "--no-compile")
    subprocess.run((sys.executable, "-m", *install, wheel), check=True, capture_output=True)
    # A .pth file in a folder that is added by one is not read, so the checkout stays unknown.
    (packages,) = (home / "venv").glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib"))

    def said(*arguments: str) -> str:
        done = subprocess.run(
            [home / "venv" / "bin" / "voice-glimmer", *arguments],
            env={"HOME": str(home), "TMPDIR": str(home), "PATH": os.environ["PATH"]},
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done
        return done.stdout

    assert f"Model: glimmer-mini-en in {packages}" in said("demo", "--into", "demo")
    said("add", "the sun on my tea")
    assert said("list").endswith("the sun on my tea\n")
