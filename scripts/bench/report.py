"""What every benchmark does besides measuring: options, plain sentences, the machine, JSON."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def stop(sentence: str) -> NoReturn:
    """End with a sentence for the person, and exit code 2."""
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


@contextmanager
def plain_faults() -> Iterator[None]:
    """End with a fault's own sentence where one is raised."""
    try:
        yield
    except Fault as fault:
        stop(str(fault))


def number(least: float, most: float) -> Callable[[str], float]:
    """Return what reads an option that is a number in these limits, for argparse."""

    def read(text: str) -> float:
        try:
            given = float(text)
        except ValueError:
            given = math.nan
        if not least <= given <= most:
            raise argparse.ArgumentTypeError(f"{text} is not a number from {least:g} to {most:g}.")
        return given

    return read


minutes = number(0.1, 60)
"""Of one material, which is held in memory: 2 MiB a minute, and several times that while made."""

decibels = number(-40, 60)


def asked(options: argparse.ArgumentParser) -> argparse.Namespace:
    """Return what was asked for, `--json` included, which can be written to.

    Checked now: nobody is to wait for hours and then have nothing.
    """
    options.add_argument("--json", type=Path, help="where to write the figures")
    chosen = options.parse_args()
    if chosen.json:
        check_writable(chosen.json)
    return chosen


def check_writable(path: Path) -> None:
    """End with a sentence where this file cannot be written."""
    new = not path.exists()
    try:
        path.open("a").close()
        if new:
            path.unlink()
    except OSError as error:
        stop(f"I cannot write {path}: {error.strerror}. Please give another file.")


def machine() -> str:
    """Return what figures depend on, without anything that tells whose machine it is."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def today() -> str:
    """Return the date, in UTC."""
    return datetime.now(UTC).date().isoformat()


def write(chosen: argparse.Namespace, figures: dict[str, Any]) -> None:
    """Print the machine and the date; with `--json`, write them, the options and the figures."""
    print(f"{today()}, {machine()}")
    if not chosen.json:
        return
    options = {name: value for name, value in vars(chosen).items() if name != "json"}
    found = {"machine": machine(), "date": today(), "options": options, "figures": figures}
    chosen.json.write_text(json.dumps(found, indent=2, default=str) + "\n", "utf-8")
