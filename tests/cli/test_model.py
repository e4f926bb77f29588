"""Speech models at the keyboard, with the real command and a server on loopback."""

import json
import shutil
from pathlib import Path

import pytest
import soundfile

from tests.cli.test_app import refused, run
from tests.conftest import Person
from tests.hearing.shop import NAME, Shop, opened, packed
from voice_glimmer.cli.listen import better_model_is_news
from voice_glimmer.hearing import models
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.settings import Settings

SAID = "The robin sang outside my window."


def printed(*arguments: str, home: Path) -> str:
    done = run("model", *arguments, home=home)
    assert done.returncode == 0, done
    assert done.stderr == ""
    return done.stdout


def whole() -> bytes:
    """Return the bundled model as an archive, under the recommended one's name."""
    files = (path for path in models.BUNDLED.rglob("*") if path.is_file())
    return packed({str(path.relative_to(models.BUNDLED)): path.read_bytes() for path in files})


def test_a_model_is_listed_fetched_used_and_compared(tmp_path: Path, person: Person):
    listed = json.loads(printed("list", "--json", home=tmp_path))
    assert [each["name"] for each in listed["installed"]] == [models.BUNDLED.name]
    assert {each["short"]: each["installed"] for each in listed["catalogue"]}[
        "small-en-us"
    ] is False
    place = tmp_path / ".cache" / "vosk" / NAME
    with opened(Shop(whole())) as shop:
        get = ("get", "small-en-us", "--mirror", shop.base)
        assert f"It is there now: {place}\n" in printed(*get, home=tmp_path)
        assert f"It is there already: {place}\n" in printed(*get, home=tmp_path)
        assert shop.asked == [None]
        (place / "am" / "final.mdl").write_bytes(b"damaged")
        assert f"It is there now: {place}\n" in printed(*get, home=tmp_path)
    settings = tmp_path / ".config" / "voice-glimmer" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("# mine\nrate = 150  # brisk\n")
    assert NAME in printed("use", "small-en-us", home=tmp_path)
    assert settings.read_text() == f'# mine\nrate = 150  # brisk\nmodel = "{place}"\n'
    assert f"* {NAME}: English" in printed("list", home=tmp_path)
    soundfile.write(tmp_path / "me.wav", person(SAID), RATE)
    (tmp_path / "me.txt").write_text(SAID)
    checked = json.loads(printed("check", str(tmp_path / "me.wav"), "--json", home=tmp_path))
    assert [each["name"] for each in checked["models"]] == [NAME, models.BUNDLED.name]
    for each in checked["models"]:
        # The words of "glimmer" and of this sentence are in its training; see its card.
        assert each["word_error_rate"] <= 1 / 6
        assert each["real_time_factor"] > 0


@pytest.fixture
def german(tmp_path: Path) -> Path:
    return shutil.copytree(
        models.BUNDLED, tmp_path / ".cache" / "vosk" / "vosk-model-small-de-0.15"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("use", "small-en-us"), "voice-glimmer model get small-en-us"),
        (("use", "pudding"), 'no model called "pudding"'),
        (("use", "small-de"), "hears German"),
        (("get", "small-en-us", "--mirror", "http://127.0.0.1:9"), "check the connection"),
        (("check", "none.wav"), "no file"),
        (("check", __file__, "--text", "?"), "no word"),
    ],
)
def test_what_cannot_be_is_a_sentence(tmp_path: Path, german, arguments, words: str):
    refused(run("model", *arguments, home=tmp_path), words)
    assert not (tmp_path / ".config").exists()


def test_a_model_that_takes_no_wake_phrase_is_not_used(tmp_path: Path):
    big = shutil.copytree(models.BUNDLED, tmp_path / ".cache" / "vosk" / "vosk-model-en-us-0.22")
    (big / "graph" / "HCLr.fst").rename(big / "graph" / "HCLG.fst")
    refused(run("model", "use", "en-us", home=tmp_path), "cannot be given a wake phrase")


def test_the_first_start_tells_of_a_better_model_once(tmp_path: Path):
    settings = Settings.model_construct(journal=tmp_path, model=None)
    assert not better_model_is_news(settings, tmp_path / "mine")
    assert better_model_is_news(settings, models.BUNDLED)
    assert not better_model_is_news(settings, models.BUNDLED)


def test_who_chose_the_bundled_model_is_not_told_of_a_better_one(tmp_path: Path):
    settings = Settings.model_construct(journal=tmp_path, model=models.BUNDLED)
    assert not better_model_is_news(settings, models.BUNDLED)
