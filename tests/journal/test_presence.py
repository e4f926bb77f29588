"""What others see of the program that listens."""

from pathlib import Path

import pytest

from voice_glimmer.journal.presence import FILE, Presence, Present, present


def test_others_see_what_is_noted_until_the_program_is_gone(tmp_path: Path):
    assert present(tmp_path) is Present.AWAY
    presence = Presence(tmp_path)
    assert present(tmp_path) is Present.AWAY
    for each in (*Present, Present.RESTING):
        presence.note(each)
        assert present(tmp_path) is each
    presence.close()
    assert present(tmp_path) is Present.AWAY
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_who_looks_keeps_nobody_from_noting(tmp_path: Path):
    presence = Presence(tmp_path)
    for _ in range(3):
        presence.note(Present.LISTENING)
        assert present(tmp_path) is Present.LISTENING
    presence.close()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"dancing", b"x" * 100_000])
def test_what_is_no_state_is_nobody(tmp_path: Path, content: bytes):
    presence = Presence(tmp_path)
    presence.note(Present.RESTING)
    (tmp_path / FILE).write_bytes(content)
    assert present(tmp_path) is Present.AWAY
    presence.close()


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path, caplog):
    Presence(tmp_path / "gone").note(Present.RESTING)
    assert "cannot be shown" in caplog.text
