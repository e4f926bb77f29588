"""What listening begins with."""

from pathlib import Path

import pytest

from tests.conftest import needs
from voice_glimmer.cli.beginning import Beginning
from voice_glimmer.faults import Fault
from voice_glimmer.later import Later
from voice_glimmer.settings import Settings


def test_without_a_microphone_the_voice_that_was_begun_is_ended(tmp_path: Path):
    needs("espeak-ng", "espeak-ng")

    def none() -> None:
        raise Fault("I found no microphone.")

    begun, microphone = Beginning(Settings(model=tmp_path / "none")), Later(none)
    begun.begin(microphone)
    with pytest.raises(Fault, match="no microphone"):
        _ = microphone.made
    with pytest.raises(Fault, match="no speech model"):
        _ = begun.model.made
    child = begun.voice.made._child
    begun.close()
    assert child.returncode is not None
