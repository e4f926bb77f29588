from pathlib import Path

import pytest

from tests.hearing.test_models import fake_model
from voice_glimmer.hearing import catalogue, models
from voice_glimmer.hearing.catalogue import language_of, named, short

NAMES = [entry.name for entry in catalogue.catalogue()]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("small-en-us", "vosk-model-small-en-us-0.15"),
        ("small-en-us-0.15", "vosk-model-small-en-us-0.15"),
        ("vosk-model-small-en-us-0.15", "vosk-model-small-en-us-0.15"),
        ("en-us", "vosk-model-en-us-0.22"),
        ("EN-US-lgraph", "vosk-model-en-us-0.22-lgraph"),
        ("de", "vosk-model-de-0.21"),
        ("small", None),
        ("", None),
    ],
)
def test_a_model_is_meant_by_its_full_or_its_short_name(asked: str, meant: str | None):
    assert named(asked, NAMES) == meant


def test_no_two_of_the_catalogue_are_called_alike():
    assert len({short(name) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("vosk-model-small-en-us-0.15", "en"),
        ("vosk-model-de-0.21", "de"),
        ("glimmer-mini-en", "en"),
        ("vosk-model-small-fr-0.22", ""),
        ("mine", ""),
        ("garden", ""),
    ],
)
def test_a_name_tells_the_language(name: str, language: str):
    assert language_of(name) == language


def test_what_is_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
    mine = fake_model(tmp_path / "mine")
    fake_model(tmp_path / ".cache" / "vosk" / "vosk-model-de-0.21", grammar=False)
    fake_model(tmp_path / ".cache" / "vosk" / ".unpacking-abc" / "vosk-model-small-en-us-0.15")
    (tmp_path / ".cache" / "vosk" / "notes").mkdir()
    there = catalogue.installed(mine, tmp_path)
    assert [(each.name, each.wake) for each in there] == [
        ("mine", True),
        ("vosk-model-de-0.21", False),
        (models.BUNDLED.name, True),
    ]
    assert len(catalogue.installed(models.BUNDLED, tmp_path)) == 2
