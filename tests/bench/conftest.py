"""Running a benchmark as a person does."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Bench = Callable[..., subprocess.CompletedProcess]


@pytest.fixture
def bench() -> Bench:
    """Return a function that runs a benchmark by its name, with these arguments."""

    def run(name: str, *arguments: object) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", f"scripts.bench.{name}", *map(str, arguments)],
            check=False,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run
