from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from starlette.testclient import TestClient

from tests.review.door import Door
from voice_glimmer.clock import Certain
from voice_glimmer.conversation.language import Language
from voice_glimmer.review.app import build
from voice_glimmer.review.house import House
from voice_glimmer.settings import Settings
from voice_glimmer.speaking.repertoire import Repertoire

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def built(folder: Path, language: Language) -> House:
    """Return a house whose journal and settings are in this folder, or would be."""
    journal = folder / "journal"
    return House(
        journal,
        Settings(journal=journal),
        language,
        Certain(lambda: NOW),
        Random(1),
        settings_file=folder / "settings.toml",
        prompts=Repertoire("en", folder / "prompts.toml"),
    )


@pytest.fixture
def house(tmp_path: Path, language: Language) -> House:
    return built(tmp_path, language)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with TestClient(build(house)) as opened:
        yield opened


@pytest.fixture
def door(house: House) -> Iterator[Door]:
    with closing(Door(house)) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_door(tmp_path_factory: pytest.TempPathFactory, language: Language) -> Iterator[Door]:
    """Return a door for many requests that change nothing."""
    home = built(tmp_path_factory.mktemp("shared"), language)
    with closing(Door(home)) as opened:
        yield opened
