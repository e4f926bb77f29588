"""A bundle's parts are found before anything is downloaded; check-appliance makes whole ones."""

import subprocess
from pathlib import Path

import pytest

MAKE = Path(__file__).parents[1] / "scripts" / "make-offline-bundle"


@pytest.mark.parametrize("missing", ["small/am", "my key", "out", ""])
def test_each_path_is_of_where_one_stands_and_what_is_missing_is_told_at_once(
    tmp_path: Path, missing: str
):
    for folder in {"small/am", "out"} - {missing}:
        (tmp_path / folder).mkdir(parents=True)
    if missing != "my key":
        (tmp_path / "my key").touch()
    parts = ("--model", "small/", "--sign", "my key", "out/bundle.tar")
    # The first thing that is wrong if none of them is.
    done = subprocess.run(
        [MAKE, "--suite", "sid", *parts], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    (said,) = done.stderr.splitlines()
    if missing:
        assert str(tmp_path / missing.removesuffix("/am")) in said
    else:
        assert said == "I know bookworm and trixie, not sid."
