import stat
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.conftest import Person, pause
from voice_glimmer.conversation.events import Word
from voice_glimmer.faults import Fault
from voice_glimmer.hearing import ffmpeg
from voice_glimmer.hearing.checking import hearing, plain
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.models import Model
from voice_glimmer.hearing.recogniser import Recogniser
from voice_glimmer.hearing.transcribing import paragraphs, seconds, sound, transcribed

SAID = ("the robin sang outside my window", "my neighbor waved at me and smiled")


@pytest.fixture
def recording(person: Person) -> np.ndarray:
    return np.concatenate([person(SAID[0]), pause(3), person(SAID[1])])


def test_what_is_said_becomes_paragraphs_with_times(model: Model, recording: np.ndarray):
    handed: list[np.ndarray] = []
    found = transcribed(Recogniser(model), np.array_split(recording, 9), handed.append)
    assert paragraphs(found.words, pause=2.5) == "\n\n".join(SAID)
    assert paragraphs(found.words, pause=5) == " ".join(SAID)
    assert found.seconds == len(recording) / RATE
    assert all(0 <= word.start < word.end <= found.seconds for word in found.words)
    assert np.array_equal(np.concatenate(handed), recording)


def test_nothing_said_is_no_text(model: Model):
    assert transcribed(Recogniser(model), [pause(1)], lambda _: None).words == ()
    assert paragraphs((), 1) == ""


def test_paragraphs_begin_where_the_pause_is_reached():
    words = [Word("a", 0, 1, 1), Word("b", 2.9, 3, 1), Word("c", 5, 6, 1)]
    assert paragraphs(words, 2) == "a b\n\nc"


def test_a_model_is_measured(model: Model, person: Person):
    said = "My neighbour smiled - and waved!"
    ticks = iter([10.0, 12.0])
    spoken = person("my neighbor smiled and waved")
    found = hearing(model, [spoken], said, lambda: next(ticks), lambda _: None)
    assert found.heard == "my neighbor smiled and waved"
    assert found.word_error_rate == 1 / 5
    assert found.real_time_factor == 2.0 * RATE / len(spoken)


def test_without_knowing_what_was_said_no_word_is_wrong(model: Model, person: Person):
    assert (
        hearing(model, [person("yes")], None, lambda: 0.0, lambda _: None).word_error_rate is None
    )


def test_a_text_as_models_write_it():
    assert plain("It's  Ada\u2019s - \u201cfine\u201d, isn't it? 3") == "it's ada's fine isn't it 3"


@pytest.mark.parametrize("name", ["a.wav", "a.ogg", "a.flac", "a.mp3"])
def test_whatever_libsndfile_reads(tmp_path: Path, name: str):
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(25 * 44_100) / 44_100)
    soundfile.write(tmp_path / name, tone, 44_100)
    heard = np.concatenate(list(sound(tmp_path / name)))
    assert abs(len(heard) / RATE - 25) < 0.1
    assert abs(seconds(tmp_path / name) - 25) < 0.1
    inside = heard[RATE:-RATE].astype(float) / 32_768
    assert abs(np.sqrt(2 * np.mean(inside**2)) - 0.3) < 0.01


STAND_IN = """#!{python}
import sys
sys.stdout.buffer.write(bytes(range(200)) * 4_000)
print("cannot go on", file=sys.stderr)
sys.exit({code})
"""


def stand_in(folder: Path, code: int) -> str:
    """Return a program in ffmpeg's place, which is no part of the tests' machine."""
    program = folder / "ffmpeg"
    program.write_text(STAND_IN.format(python=sys.executable, code=code))
    program.chmod(stat.S_IRWXU)
    return str(program)


def test_what_ffmpeg_decodes_is_heard_in_pieces(tmp_path: Path):
    (tmp_path / "a.m4a").touch()
    pieces = list(ffmpeg.pieces(tmp_path / "a.m4a", stand_in(tmp_path, 0)))
    assert b"".join(piece.tobytes() for piece in pieces) == bytes(range(200)) * 4_000
    assert len(pieces) == 3
    assert seconds(tmp_path / "a.m4a") is None


def test_what_ffmpeg_cannot_decode_is_a_sentence(tmp_path: Path):
    (tmp_path / "a.m4a").touch()
    with pytest.raises(Fault, match="cannot be read as sound"):
        list(ffmpeg.pieces(tmp_path / "a.m4a", stand_in(tmp_path, 1)))
    with pytest.raises(Fault, match="apt install ffmpeg"):
        list(ffmpeg.pieces(tmp_path / "a.m4a", str(tmp_path / "none")))
    with pytest.raises(Fault, match="no file"):
        list(ffmpeg.pieces(tmp_path / "b.m4a"))


def test_who_stops_listening_ends_ffmpeg(tmp_path: Path):
    (tmp_path / "a.m4a").touch()
    pieces = ffmpeg.pieces(tmp_path / "a.m4a", stand_in(tmp_path, 0))
    assert len(next(pieces)) == 10 * RATE
    pieces.close()
