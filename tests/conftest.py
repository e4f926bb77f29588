"""What the tests share: the bundled model, and a person who speaks with flite's voices."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import settings
from sqlite_utils import Database

from tests.home import BEGAN, House
from voice_glimmer.clock import Clock
from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.inviting import NEVER, Plan
from voice_glimmer.conversation.language import Language
from voice_glimmer.hearing import models
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.speaking.sound import read

# How long an example takes is the machine's affair.
settings.register_profile("any machine", settings(), deadline=None)
settings.load_profile("any machine")

Speech = npt.NDArray[np.int16]
Person = Callable[..., Speech]


def pytest_configure() -> None:
    """Let programs that are started get Ctrl-C, also where a shell in the background ignores it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the tests with real sound, which mostly wait, go before the others."""
    # Only root may take niceness back: elsewhere a worker's later ones are nice, too.
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, 0 if "e2e" in item.path.parts else 10)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what mostly waits: one worker waits while the others work, and take the rest."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)


def needs(command: str, package: str) -> None:
    """Fail, and say what to install, where a command is missing."""
    if shutil.which(command) is None:
        pytest.fail(f"This test needs {command}: apt-get install {package}", pytrace=False)


@pytest.fixture(scope="session")
def language() -> Language:
    return languages.load("en")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> models.Model:
    return models.load(models.BUNDLED, tmp_path_factory.mktemp("stamps"))


@pytest.fixture(scope="session")
def person(tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Return a function that speaks a text: int16 at 16 kHz, by a voice the program never uses."""
    needs("flite", "flite")
    folder: Path = tmp_path_factory.mktemp("person")
    said: dict[tuple[str, str], Speech] = {}

    def speak(text: str, voice: str = "slt") -> Speech:
        if (text, voice) not in said:
            path = folder / "said.wav"
            subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
            said[text, voice] = read(path).at_rate(RATE).samples
        return said[text, voice]

    return speak


@pytest.fixture
def house(tmp_path: Path, model: models.Model, language: Language) -> Iterator[Callable]:
    """Return a function that makes a home in which these lines are said; all end in the end."""
    with ExitStack() as stack:

        def build(
            *lines: Speech,
            barge_in: bool = False,
            began: datetime = BEGAN,
            zone: tzinfo = UTC,
            clock: Clock | None = None,
            plan: Plan = NEVER,
        ) -> House:
            folder = tmp_path / "journal"
            home = House(
                folder,
                model,
                language,
                list(lines),
                barge_in=barge_in,
                began=began,
                zone=zone,
                clock=clock,
                plan=plan,
            )
            return stack.enter_context(closing(home))

        yield build


def trimmed(said: Speech) -> Speech:
    """Return speech without the silence that flite puts around it."""
    loud = np.flatnonzero(np.abs(said.astype(int)) > 200)
    return said[loud[0] : loud[-1] + 1]


def kept(journal: Path) -> list[dict]:
    """Return the glimmers in a journal's folder, as anyone would read them."""
    with closing(Database(journal / "journal.db")) as db:
        return list(db["glimmers"].rows)


def pause(seconds: float) -> Speech:
    return np.zeros(round(seconds * RATE), np.int16)
