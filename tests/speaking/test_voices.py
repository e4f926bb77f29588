"""Which voices there are, and what is said where one cannot speak."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import needs
from voice_glimmer.settings import VOICES
from voice_glimmer.speaking import voices
from voice_glimmer.speaking.voices import Known


def put(folder: Path, name: str, espeak: str = "en-us") -> Path:
    """Put what looks like a Piper voice into a folder, without its weights."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.onnx"
    path.write_bytes(b"")
    path.with_name(f"{path.name}.json").write_text(json.dumps({"espeak": {"voice": espeak}}))
    return path


def test_a_piper_voice_is_found_by_its_name_or_its_path(tmp_path: Path):
    folders = tmp_path / "own", tmp_path / "system"
    joe = put(folders[1] / "en" / "joe", "en_US-joe-medium")
    assert voices.called("en_US-joe-medium", folders) == str(joe)
    assert voices.called(str(joe), ()) == str(joe)
    assert voices.called("en-us+f3", folders) == "en-us+f3"
    own = put(folders[0], "en_US-joe-medium")
    assert voices.called("en_US-joe-medium", folders) == str(own)


def test_without_a_choice_the_first_complete_voice_of_the_language_speaks(tmp_path: Path):
    assert voices.of_language("en", tmp_path / "nowhere") is None
    put(tmp_path, "de_DE-thorsten", "de")
    put(tmp_path, "en_GB-alan", "en-gb-x-rp").with_suffix(".onnx.json").unlink()
    assert voices.of_language("en", tmp_path) is None
    put(tmp_path, "en_US-joe")
    put(tmp_path, "en_US-amy")
    assert voices.of_language("en", tmp_path) == "en_US-amy"
    assert voices.of_language("de", tmp_path) == "de_DE-thorsten"


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"espeak": []}', '{"espeak": {}}'])
def test_a_json_that_is_none_makes_no_voice(tmp_path: Path, text: str):
    put(tmp_path, "en_US-joe").with_suffix(".onnx.json").write_text(text)
    assert voices.of_language("en", tmp_path) is None
    needs("espeak-ng", "espeak-ng")
    first = voices.known("en", VOICES["en"], [tmp_path])[0]
    assert first == Known("en_US-joe", "piper", "", "its .json cannot be read.")


def test_piper_comes_first_then_the_usual_accent_in_its_soft_variants_then_the_others(
    tmp_path: Path,
):
    needs("espeak-ng", "espeak-ng")
    put(tmp_path, "en_US-joe")
    put(tmp_path, "de_DE-thorsten", "de")
    found = voices.known("en", VOICES["en"], [tmp_path])
    names = [each.name for each in found]
    usual = [f"en-us+{variant}" for variant in voices.SOFT]
    assert names[: len(usual) + 1] == ["en_US-joe", *usual]
    assert usual[0] == VOICES["en"]
    assert {"en+f3", "en-gb-scotland+f3"} <= set(names[len(usual) + 1 :])
    german = voices.known("de", VOICES["de"], [tmp_path])
    assert [each.name for each in german][:2] == ["de_DE-thorsten", VOICES["de"]]


def test_every_voice_of_espeak_ng_that_is_listed_can_speak():
    needs("espeak-ng", "espeak-ng")
    from pyttsx3.drivers import _espeak

    _espeak.Initialize(_espeak.AUDIO_OUTPUT_RETRIEVAL, 1000)
    for language in VOICES:
        for each in voices.known(language, VOICES[language], ()):
            assert _espeak.SetVoiceByName(each.name.encode()) == 0, each
            set_to = _espeak.GetCurrentVoice().contents.identifier.decode()
            assert set_to.endswith(each.name.partition("+")[2]), each


def test_the_nearest_name_is_named():
    listed = [Known("en-us+f3", "espeak-ng", ""), Known("en_US-joe-medium", "piper", "")]
    assert voices.nearest("en_us+f3", listed) == " Did you mean en-us+f3?"
    assert voices.nearest("joe-medium", listed) == " Did you mean en_US-joe-medium?"
    assert voices.nearest("bananas", listed) == ""


@pytest.mark.parametrize(
    ("name", "whispered"),
    [
        ("en-us+f3", "en-us+whisper"),
        ("de+m1", "de+whisper"),
        ("gmw/en", "gmw/en+whisper"),
        ("/voices/en_US-joe.onnx", "/voices/en_US-joe.onnx"),
    ],
)
def test_a_voice_whispers_where_it_can(name: str, whispered: str):
    assert voices.whispering(name) == whispered


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("ModuleNotFoundError: No module named 'piper'", "pip install"),
        ("ImportError: libonnxruntime.so: cannot open", "pip install"),
        ("the voice took too long", "too slow on this machine"),
        ("InvalidProtobuf: Load model from x failed", "is damaged"),
    ],
)
def test_why_a_piper_voice_is_silent_is_a_sentence(tmp_path: Path, error: str, words: str):
    said = voices.why_silent(str(put(tmp_path, "en_US-joe")), error)
    assert words in said
    assert "en_US-joe" in said


@pytest.mark.parametrize("name", ["~nobody/joe.onnx", "x" * 9_000 + ".onnx", "a\0b.onnx", ".onnx"])
def test_a_path_that_is_none_is_a_sentence(name: str):
    assert "is missing" in voices.why_silent(voices.called(name, ()), "FileNotFoundError: x")


def test_a_file_that_is_missing_is_named(tmp_path: Path):
    path = put(tmp_path, "en_US-joe")
    path.with_suffix(".onnx.json").unlink()
    assert f"{path}.json is missing" in voices.why_silent(str(path), "FileNotFoundError: x")
    shutil.rmtree(tmp_path)
    assert f"{path} is missing" in voices.why_silent(str(path), "FileNotFoundError: x")
