"""A recording that grows, and what is left where it does not become one."""

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.journal.kept import FIRST, RATE, SPOKEN
from tests.journal.test_full_disk import files_no_larger_than
from voice_glimmer.journal import recordings
from voice_glimmer.journal.emptying import empty
from voice_glimmer.journal.glimmers import Journal, JournalUnavailableError
from voice_glimmer.journal.keys import Key
from voice_glimmer.journal.places import Sealed

NOISE = np.random.default_rng(1).integers(-9_000, 9_000, 20 * RATE, np.int16)


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / recordings.FOLDER).rglob("*") if path.is_file()]


def grown(journal: Journal, voice: np.ndarray) -> recordings.Recording:
    growing = journal.growing(RATE)
    with closing(growing):
        for piece in np.array_split(voice, 7):
            growing.add(piece.astype("<i2").tobytes())
        return growing.finish()


def kept(journal: Journal, recording: recordings.Recording) -> int:
    return journal.keep(
        "a robin sang",
        (),
        SPOKEN,
        duration=1.0,
        prompt="",
        name="file-1",
        voice=recording,
        rate=RATE,
    )


def test_what_grew_is_kept_as_what_was_there_at_once(tmp_path: Path, opened):
    recording = grown(journal := opened(tmp_path), FIRST)
    assert recording == recordings.store(tmp_path, FIRST.tobytes(), RATE)
    samples, rate = journal.voice_of(kept(journal, recording))
    assert (samples.tolist(), rate) == (FIRST.tolist(), RATE)
    assert len(files(tmp_path)) == 1


def test_of_an_encrypted_journal_nothing_lies_on_the_disk_before_it_is_encrypted(tmp_path: Path):
    place = Sealed(tmp_path, Key(bytes(range(32))))
    with closing(Journal(place)) as journal:
        growing = journal.growing(RATE)
        growing.add(NOISE.tobytes())
        assert not (tmp_path / recordings.FOLDER).exists()
        recording = growing.finish()
        (file,) = files(tmp_path)
        assert file.suffix == recordings.SEALED
        assert b"fLaC" not in file.read_bytes()
        assert journal.voice_of(kept(journal, recording))[0].tolist() == NOISE.tolist()


def test_what_is_not_finished_is_gone(journal: Journal):
    with closing(journal.growing(RATE)) as growing:
        growing.add(FIRST.tobytes())
        assert len(files(journal.folder)) == 1
    assert files(journal.folder) == []


def test_a_full_disk_is_told_and_nothing_is_left(journal: Journal):
    with closing(journal.growing(RATE)) as growing, files_no_larger_than(50_000):
        with pytest.raises(JournalUnavailableError):
            growing.add(NOISE.tobytes())
        with pytest.raises(JournalUnavailableError):
            growing.finish()
    assert files(journal.folder) == []


def test_what_a_killed_program_left_goes_at_night_and_what_grows_stays(journal: Journal):
    with closing(journal.growing(RATE)):
        (ours,) = files(journal.folder)
        left = ours.with_name(".left.part")
        left.write_bytes(b"fLaC")
        os.utime(left, (0, 0))
        now = datetime.now(UTC)
        empty(journal.folder, now, now)
        assert files(journal.folder) == [ours]


def test_where_no_voices_are_kept_none_grows(tmp_path: Path):
    with closing(Journal(tmp_path, keeps_voices=False)) as journal:
        assert journal.growing(RATE) is None
