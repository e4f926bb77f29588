import io
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_glimmer.faults import Fault
from voice_glimmer.speaking.sound import Sound
from voice_glimmer.speaking.writing import FORMS, RATE, FilePlayer

NOISE = np.random.default_rng(1).integers(-3000, 3000, RATE).astype(np.int16)


@pytest.mark.parametrize("ending", list(FORMS))
def test_what_is_played_follows_one_another_in_the_file(ending: str):
    file = io.BytesIO()
    with closing(FilePlayer(file, ending)) as player:
        player.play(Sound(NOISE, RATE))
        player.play(Sound(NOISE[:8_000], 16_000))
        assert (player.seconds, player.ahead) == (1.5, 0.0)
    file.seek(0)
    samples, rate = soundfile.read(file)
    assert rate == RATE
    assert len(samples) == pytest.approx(1.5 * RATE, abs=0.05 * RATE)


@pytest.mark.parametrize("ending", list(FORMS))
def test_a_full_disk_is_told(ending: str, capfd):
    with Path("/dev/full").open("wb", buffering=0) as file:
        player = FilePlayer(file, ending)
        with pytest.raises(OSError, match="No space left"):
            player.play(Sound(np.tile(NOISE, 9), RATE))
        with pytest.raises(OSError, match="No space left"):
            player.close()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("ending", ["wav", "", "txt"])
def test_another_form_is_refused(ending: str):
    with pytest.raises(Fault, match=r"in \.opus, \.flac or \.mp3"):
        FilePlayer(io.BytesIO(), ending)
