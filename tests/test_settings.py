import tomllib
from datetime import time
from pathlib import Path

import pytest

from voice_glimmer.described import page, template
from voice_glimmer.faults import Fault
from voice_glimmer.settings import Settings, load, overriding, settings_file


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return tmp_path


def write(text: str) -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(text)


def test_without_anything_the_defaults_hold(home: Path):
    settings = load()
    assert settings.journal == home / ".local/share/voice-glimmer"
    assert settings.wake_phrases == ["hey glimmer"]
    assert settings.pause == 2.5
    assert not settings.barge_in


def test_a_language_brings_its_own_voice_and_wake_phrase():
    german = load(language="de")
    assert (german.voice, german.wake_phrases) == ("de+f3", ["hallo glimmer"])
    own = load(language="de", voice="de+m1", wake_phrases=["guten morgen"])
    assert (own.voice, own.wake_phrases) == ("de+m1", ["guten morgen"])


def test_a_language_that_is_none_is_named():
    with pytest.raises(Fault, match="In the flag --language: language is 'fr'"):
        load(language="fr")


def test_flags_win_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch):
    write('voice = "en-us"\nrate = 120\npause = 6')
    monkeypatch.setenv("VOICE_GLIMMER_RATE", "130")
    monkeypatch.setenv("VOICE_GLIMMER_PAUSE", "7")
    settings = load(pause=8.0, journal=None)
    assert (settings.voice, settings.rate, settings.pause) == ("en-us", 130, 8.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rate = 900", ["settings.toml", "rate", "900", "from 80 to 300"]),
        ('rate = "fast"', ["settings.toml", "rate", "'fast'", "whole words a minute"]),
        ("gain = 50", ["settings.toml", "gain", "50", "from -20 to 40 dB"]),
        ("wake_phrases = []", ["settings.toml", "wake_phrases", "[]"]),
        ('wake_phrases = ["hey"]', ["settings.toml", "wake_phrases", "'hey'", "two or more words"]),
        ("vioce = 'x'", ["settings.toml", '"vioce"', 'Did you mean "voice"']),
        ("rate = ", ["settings.toml", "cannot be read"]),
        ('barge_in = "perhaps"', ["settings.toml", "barge_in", "'perhaps'", "echo-cancelled"]),
        ('journal = ""', ["settings.toml", "journal", "''"]),
        ("max_volume = 0", ["settings.toml", "max_volume", "above 0"]),
        ("max_volume = 60", ["settings.toml", "max_volume", "60", '"60%"']),
        ('max_volume = "130%"', ["settings.toml", "max_volume", "up to 1"]),
        ("journal = 7", ["settings.toml", "journal", "7"]),
    ],
)
def test_a_wrong_value_is_one_sentence_that_says_where(text: str, words: list[str]):
    write(text)
    with pytest.raises(Fault) as fault:
        load()
    for word in words:
        assert word in str(fault.value)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize(("text", "volume"), [("0.6", 0.6), ('"60%"', 0.6), ('"5 %"', 0.05)])
def test_a_volume_is_a_part_or_a_percentage(text: str, volume: float):
    write(f"max_volume = {text}")
    assert load().max_volume == volume


def test_the_environment_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VOICE_GLIMMER_PAUSE", "long")
    with pytest.raises(Fault, match="VOICE_GLIMMER_PAUSE: pause is 'long'"):
        load()
    monkeypatch.setenv("VOICE_GLIMMER_PAUSE", "4")
    monkeypatch.setenv("VOICE_GLIMMER_WAKE_PHRASES", "hey glimmer")
    with pytest.raises(Fault, match="VOICE_GLIMMER_WAKE_PHRASES: wake_phrases is no list"):
        load()


def test_times_of_the_day_in_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VOICE_GLIMMER_QUIET", "21:00-6:30")
    monkeypatch.setenv("VOICE_GLIMMER_INVITATIONS", '["9:00"]')
    assert load().quiet == (time(21), time(6, 30))
    assert load().invitations == [time(9)]
    monkeypatch.setenv("VOICE_GLIMMER_INVITATIONS", "9:00")
    with pytest.raises(Fault, match=r"VOICE_GLIMMER_INVITATIONS: invitations is no list. .*9:00"):
        load()


def test_a_settings_file_with_a_byte_order_mark_is_read():
    write("")
    settings_file().write_bytes(b"\xef\xbb\xbfrate = 120\n")
    assert load().rate == 120


def test_an_unknown_variable_is_pointed_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VOICE_GLIMMER_PAUSSE", "2")
    with pytest.raises(Fault, match='VOICE_GLIMMER_PAUSSE: there is no setting "pausse"'):
        load()


def test_a_settings_file_that_is_no_text_is_named():
    write("")
    settings_file().write_bytes(b'voice = "\xff\xfe"')
    with pytest.raises(Fault, match="cannot be read"):
        load()


def test_a_tilde_is_the_home_folder(home: Path):
    write('journal = "~/glimmers"')
    assert load().journal == home / "glimmers"


def test_a_flag_is_named():
    with pytest.raises(Fault, match="In the flag --voice: voice is ''"):
        load(voice="")


def test_an_empty_variable_overrides_nothing():
    environment = {"VOICE_GLIMMER_GAIN": "", "voice_glimmer_sensitivity": "1", "PATH": "/"}
    assert overriding(["gain", "sensitivity"], environment) == ["voice_glimmer_sensitivity"]


def test_the_file_to_begin_with_sets_nothing_and_its_hints_are_the_defaults(home: Path):
    text = template(home)
    assert tomllib.loads(text) == {}
    hints = [line.removeprefix("# ") for line in text.splitlines() if " = " in line]
    write("\n".join(hints))
    assert load() == Settings()
    assert {name for name in Settings.model_fields if f"# {name} =" in text} == set(
        Settings.model_fields
    )


def test_the_page_of_the_docs_is_what_the_settings_are(home: Path):
    committed = (Path(__file__).parents[1] / "docs" / "settings.md").read_text("utf-8")
    assert committed == page(home), "bring it in with: scripts/document-settings"
