import json
import logging
import sys
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.test_app import hidden
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.pronunciation import VOICE, remembered, transcriptions


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_words_are_transcribed_each_by_itself():
    found = transcriptions(["hey", "glimmer", "that's"])
    assert list(found) == ["hey", "glimmer", "that's"]
    assert found["glimmer"].replace("ˈ", "") == "ɡlɪmɚ"
    assert transcriptions(["glimmer"])["glimmer"] == found["glimmer"]


def test_no_words_are_no_trouble():
    assert transcriptions([]) == {}


@settings(max_examples=10)
@given(st.lists(st.text(), unique=True))
def test_any_text_can_be_asked_for(texts: list[str]):
    words = [text.encode(errors="ignore").decode() for text in texts]
    assert list(transcriptions(dict.fromkeys(words))) == list(dict.fromkeys(words))


def test_a_very_long_word_can_be_asked_for():
    assert set(transcriptions(["glimmer" * 1_500])) == {"glimmer" * 1_500}


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", hidden(tmp_path, "libespeak"))
    with pytest.raises(Fault, match="espeak-ng is missing"):
        transcriptions(["hey"])


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        "raise SystemExit(1)",
        "import os; os.abort()",
        "print('garbage')",
        "print('[')",
        "print(7)",
        "print('[]')",
        "import sys; sys.stdout.buffer.write(bytes([255]))",
    ],
)
def test_one_that_hangs_or_fails_is_a_sentence(code: str, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    with pytest.raises(Fault, match="espeak-ng does not answer"):
        transcriptions(["hey"], python(code), seconds=2.0 if "sleep" in code else 20.0)
    assert "espeak-ng" in caplog.text


def test_a_process_that_cannot_be_started_is_a_sentence(tmp_path: Path):
    with pytest.raises(Fault, match="espeak-ng does not answer"):
        transcriptions(["hey"], [str(tmp_path / "nothing")])


class Asked:
    """Stands in for espeak-ng, and counts."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, words: Collection[str]) -> dict[str, str]:
        self.words += words
        return {word: word.upper() for word in words}


def test_what_is_remembered_is_not_asked_again(tmp_path: Path):
    ask = Asked()
    assert remembered(["hey"], tmp_path / "cache", ask) == {"hey": "HEY"}
    found = remembered(["hey", "glimmer"], tmp_path / "cache", ask)
    assert found == {"hey": "HEY", "glimmer": "GLIMMER"}
    assert ask.words == ["hey", "glimmer"]


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b"\xff", b"7", b'"hey"'])
def test_a_damaged_memory_is_made_anew(tmp_path: Path, damage: bytes):
    file = tmp_path / f"pronunciations-{VOICE}.json"
    file.write_bytes(damage)
    assert remembered(["hey"], tmp_path, Asked()) == {"hey": "HEY"}
    assert json.loads(file.read_text()) == {"hey": "HEY"}


def test_a_memory_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path):
    (tmp_path / "file").touch()
    assert remembered(["hey"], tmp_path / "file" / "cache", Asked()) == {"hey": "HEY"}
