"""`prompts`, with the real command."""

import json
from pathlib import Path

from tests.cli.test_app import refused, run


def test_own_ones_are_added_and_others_skipped(tmp_path: Path):
    words = "Look out of the window.[2s] What moves there?"
    added = json.loads(run("prompts", "add", words, "--json", home=tmp_path).stdout)
    assert (added["id"], added["words"], added["own"]) == ("what-moves-there", words, True)
    run("prompts", "skip", "warm-sun", home=tmp_path)
    listed = {
        each["id"]: each for each in json.loads(run("prompts", "--json", home=tmp_path).stdout)
    }
    assert listed["what-moves-there"] == added
    assert [each for each in listed if listed[each]["skipped"]] == ["warm-sun"]
    lines = run("prompts", home=tmp_path).stdout.splitlines()
    assert len(lines) == len(listed)
    assert lines[-1].endswith("Look out of the window. What moves there? (yours)")
    assert (tmp_path / ".config/voice-glimmer/prompts/en.toml").exists()


def test_what_cannot_be_is_a_sentence(tmp_path: Path):
    refused(run("prompts", "skip", "warm-sum", home=tmp_path), 'Did you mean "warm-sun"?')
    refused(run("prompts", "add", "What?", home=tmp_path), "a breath, and one question")
    refused(run("prompts", "say", "warm-sun", home=tmp_path), "found no loudspeaker")
