"""`voice-glimmer settings` as a person meets it."""

import json
from pathlib import Path

from tests.cli.test_app import refused, run


def file_in(home: Path) -> Path:
    return home / ".config/voice-glimmer/settings.toml"


def written(home: Path, text: str) -> Path:
    file = file_in(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def editing(home: Path, *scripts: str) -> dict[str, str]:
    """Return an environment in which the n-th call of the editor runs the n-th sed script."""
    calls = home / "calls"
    lines = [f"{n}) sed -i -e '{script}' \"$1\";;" for n, script in enumerate(scripts, 1)]
    editor = home / "editor"
    editor.write_text(
        f"#!/bin/sh\necho >> {calls}\ncase $(wc -l < {calls}) in\n" + "\n".join(lines) + "\nesac\n"
    )
    editor.chmod(0o755)
    return {"VISUAL": str(editor)}


def test_what_holds_and_from_where(tmp_path: Path):
    written(tmp_path, 'rate = 120\npause = 6\nquiet = "22:00-6:00"\n')
    asked = ("settings", "show", "--origin", "--input", "Yeti")
    lines = run(*asked, home=tmp_path, VOICE_GLIMMER_RATE="130").stdout.splitlines()
    assert {
        "rate = 130  # environment",
        "pause = 6.0  # file",
        'quiet = "22:00-6:00"  # file',
        'input = "Yeti"  # flag',
        "# model is not set  # default",
    } <= set(lines)
    done = run("settings", "show", "--json", home=tmp_path)
    assert json.loads(done.stdout)["quiet"] == {"value": "22:00-6:00", "origin": "file"}


def test_one_is_set_and_taken_out_and_the_rest_stays(tmp_path: Path):
    file = written(tmp_path, "# mine\nrate = 120  # brisk\n")
    done = run("settings", "set", "gain", "-5", home=tmp_path, VOICE_GLIMMER_GAIN="3")
    assert done.returncode == 0, done
    assert done.stdout.splitlines() == [
        f"gain = -5, in {file}.",
        "But VOICE_GLIMMER_GAIN is set in the environment, and wins over it.",
    ]
    run("settings", "set", "voice", "en-us+m3", home=tmp_path)
    assert file.read_text() == '# mine\nrate = 120  # brisk\ngain = -5\nvoice = "en-us+m3"\n'
    run("settings", "unset", "voice", home=tmp_path)
    run("settings", "unset", "gain", home=tmp_path)
    assert file.read_text() == "# mine\nrate = 120  # brisk\n"
    assert run("settings", "unset", "gain", home=tmp_path).stdout == "It was not set.\n"


def test_what_cannot_be_set_is_told_and_changes_nothing(tmp_path: Path):
    refused(run("settings", "set", "raet", "1", home=tmp_path), 'Did you mean "rate"')
    refused(run("settings", "unset", "raet", home=tmp_path), 'Did you mean "rate"')
    refused(run("settings", "set", "rate", "fast", home=tmp_path), "'fast'", "from 80 to 300")
    refused(run("settings", "set", "rate", "900", home=tmp_path), "900", "from 80 to 300")
    assert not file_in(tmp_path).exists()


def test_the_first_edit_begins_with_every_setting_commented_out(tmp_path: Path):
    editor = editing(tmp_path, "s/^# rate = .*/rate = 120/")
    done = run("settings", "edit", home=tmp_path, **editor)
    assert done.stdout == f"Saved, in {file_in(tmp_path)}.\n", done
    held = file_in(tmp_path).read_text()
    assert "# Whole words a minute, from 80 to 300.\nrate = 120\n" in held
    assert "# pause = 2.5\n" in held


def test_a_mistake_is_told_and_may_be_mended(tmp_path: Path):
    file = written(tmp_path, "rate = 120\n")
    editor = editing(tmp_path, "s/120/900/", "s/rate/raet/", "s/.*/rate =/", "s/.*/rate = 150/")
    done = run("settings", "edit", home=tmp_path, typed="y\n\ny\n", **editor)
    assert done.returncode == 0, done
    for words in ("In what you wrote: rate is 900", 'Did you mean "rate"', "What you wrote cannot"):
        assert words in done.stdout
    assert file.read_text() == "rate = 150\n"


def test_a_file_that_is_no_text_can_be_mended_there(tmp_path: Path):
    file = written(tmp_path, "")
    file.write_bytes(b"rate = 120\nvoice = \xff\n")
    editor = editing(tmp_path, "", "/voice/d")
    done = run("settings", "edit", home=tmp_path, typed="y\n", **editor)
    assert done.stdout.startswith("What you wrote cannot be read"), done
    assert file.read_bytes() == b"rate = 120\n"


def test_a_mistake_may_be_left_and_the_file_is_as_it_was(tmp_path: Path):
    file = written(tmp_path, "rate = 120\n")
    done = run("settings", "edit", home=tmp_path, typed="n\n", **editing(tmp_path, "s/120/900/"))
    refused(done, "left your settings as they were")
    assert file.read_text() == "rate = 120\n"
    assert run("settings", "edit", home=tmp_path, **editing(tmp_path, "")).stdout == (
        "I have left it as it was.\n"
    )
    refused(run("settings", "edit", home=tmp_path, VISUAL="/no/editor"), "cannot open your editor")
    assert list(file.parent.iterdir()) == [file]
