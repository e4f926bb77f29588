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

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path, language: Language) -> House:
    folder = tmp_path / "journal"
    return House(folder, Settings(journal=folder), language, Certain(lambda: NOW), Random(1))


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
    folder = tmp_path_factory.mktemp("shared")
    home = House(folder, Settings(journal=folder), language, Certain(lambda: NOW), Random(1))
    with closing(Door(home)) as opened:
        yield opened
