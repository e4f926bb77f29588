import shutil
from pathlib import Path

import pytest

from voice_glimmer.faults import Fault
from voice_glimmer.hearing import models


def fake_model(folder: Path, *, grammar: bool = True) -> Path:
    (folder / "am").mkdir(parents=True)
    (folder / "graph").mkdir()
    (folder / "am" / "final.mdl").touch()
    for name in ("HCLr.fst", "Gr.fst") if grammar else ("HCLG.fst",):
        (folder / "graph" / name).touch()
    return folder


@pytest.fixture(autouse=True)
def no_model_elsewhere(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)


def test_the_bundled_model_is_the_last_resort(tmp_path: Path):
    assert models.find(None, tmp_path) == models.BUNDLED


def test_the_cache_comes_before_it_and_the_recommended_model_first(tmp_path: Path):
    cache = tmp_path / ".cache" / "vosk"
    fake_model(cache / "vosk-model-de-0.21")
    fake_model(cache / "vosk-model-en-us-0.22", grammar=False)
    other = fake_model(cache / "vosk-model-en-us-0.22-lgraph")
    assert models.find(None, tmp_path) == other
    recommended = fake_model(cache / models.RECOMMENDED)
    assert models.find(None, tmp_path) == recommended


def test_the_environment_comes_before_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fake_model(tmp_path / ".cache" / "vosk" / models.RECOMMENDED)
    named = fake_model(tmp_path / "elsewhere" / "mine")
    monkeypatch.setenv("VOSK_MODEL_PATH", str(named))
    assert models.find(None, tmp_path) == named


def test_an_explicit_one_wins_or_is_refused(tmp_path: Path):
    mine = fake_model(tmp_path / "mine")
    assert models.find(mine, tmp_path) == mine
    with pytest.raises(Fault, match="no speech model at"):
        models.find(tmp_path / "nowhere", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(Fault, match="not a Vosk model"):
        models.find(tmp_path / "empty", tmp_path)
    with pytest.raises(Fault, match="cannot be given a wake phrase"):
        models.find(fake_model(tmp_path / "big", grammar=False), tmp_path)


def test_where_nothing_has_to_wake_it_an_explicit_one_needs_no_grammar(tmp_path: Path):
    big = fake_model(tmp_path / "big", grammar=False)
    assert models.find(big, tmp_path, wake=False) == big
    with pytest.raises(Fault, match="no speech model at"):
        models.find(tmp_path / "nowhere", tmp_path, wake=False)


FILES = [
    "am/final.mdl",
    "conf/model.conf",
    "graph/Gr.fst",
    "graph/HCLr.fst",
    "graph/disambig_tid.int",
]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("sums", [True, False], ids=["sums", "no sums"])
def test_a_file_cut_short_is_a_sentence_not_a_crash(tmp_path: Path, name: str, sums: bool):
    damaged = shutil.copytree(models.BUNDLED, tmp_path / "model")
    if not sums:
        (damaged / "SHA256SUMS").unlink()
    file = damaged / name
    file.write_bytes(file.read_bytes()[:20])
    with pytest.raises(Fault, match="damaged or incomplete"):
        models.load(damaged, tmp_path / "stamps")


def test_the_bundled_model_is_whole_and_remembered(tmp_path: Path):
    models.load(models.BUNDLED, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_what_passed_is_checked_again_only_where_something_changed(tmp_path: Path):
    checked = []
    for words in ("yes", "yes", "yes no"):
        models.once(tmp_path, "answers", [words], lambda: checked.append(1))
    assert len(checked) == 2


def test_what_did_not_pass_is_checked_again(tmp_path: Path):
    def fail() -> None:
        raise Fault("no")

    for _ in range(2):
        with pytest.raises(Fault):
            models.once(tmp_path, "answers", [], fail)


def test_missing_words_are_found(model: models.Model):
    assert models.missing_words(model, ["hey wren", "hey glimmer", "wren"]) == ["wren"]


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path):
    (tmp_path / "file").touch()
    models.load(models.BUNDLED, tmp_path / "file" / "stamps")
