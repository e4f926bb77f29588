from datetime import timedelta

import numpy as np
import pytest
import soundfile

from tests.journal.kept import LATER, RATE, SPOKEN, change, keep, only, recorded
from voice_glimmer.journal.backup import back_up, restore
from voice_glimmer.journal.emptying import empty
from voice_glimmer.journal.glimmers import Journal
from voice_glimmer.journal.voices import MIB, compress, limit

SOON = LATER + timedelta(hours=2)


def sung(seconds: float) -> bytes:
    """Return a tone that rises, so that every moment of it sounds otherwise."""
    time = np.arange(int(seconds * RATE)) / RATE
    return (8_000 * np.sin(2 * np.pi * (300 + 100 * time) * time)).astype("<i2").tobytes()


def test_a_voice_is_made_smaller_and_stays_where_its_words_are(journal):
    voice = sung(2.0)
    number = keep(journal, name="a", voice=voice)
    assert compress(journal.folder) == 1
    samples, rate = journal.voice_of(number)
    exact = np.frombuffer(voice, "<i2")
    assert (len(samples), rate) == (len(exact), RATE)
    likeness = [np.dot(np.roll(samples, by).astype(float), exact) for by in range(-80, 81)]
    assert abs(int(np.argmax(likeness)) - 80) <= 1, "it came out earlier or later"
    assert only(journal).recording.endswith(".opus")
    info = soundfile.info(journal.folder / only(journal).recording)
    assert (info.format, info.subtype) == ("OGG", "OPUS")
    assert compress(journal.folder) == 0


def test_an_hour_of_speech_takes_some_24_kbit_a_second(journal, person):
    voice = np.concatenate([person("the robin sang in the garden while the tea was hot")] * 5)
    keep(journal, name="a", voice=voice.astype("<i2").tobytes())
    compress(journal.folder)
    size = (journal.folder / only(journal).recording).stat().st_size
    assert 16_000 < size * 8 / (len(voice) / RATE) < 32_000


def test_a_former_voice_is_made_smaller_too_and_comes_back(journal):
    number = keep(journal, name="a", voice=sung(1.0))
    change(journal, number, "a robin slept", name="b", voice=sung(2.0))
    assert compress(journal.folder) == 2
    assert len(journal.voice_of(number)[0]) == 2 * RATE
    journal.unchange(number)
    assert len(journal.voice_of(number)[0]) == RATE


def test_the_exact_file_goes_later_for_someone_may_be_playing_it(journal):
    keep(journal)
    (exact,) = recorded(journal)
    compress(journal.folder)
    assert exact.exists()
    empty(journal.folder, SPOKEN, SOON + timedelta(days=36_500))
    assert [path.suffix for path in recorded(journal)] == [".opus"]


def test_a_voice_that_cannot_be_read_stays_as_it_is_and_the_others_are_made_smaller(journal):
    first, second = (keep(journal, name=name, voice=sung(len(name))) for name in ("a", "bb"))
    damaged = journal.folder / next(g for g in journal.newest(2) if g.id == first).recording
    damaged.write_bytes(b"fLaC")
    assert compress(journal.folder) == 1
    assert len(journal.voice_of(second)[0]) == 2 * RATE


def test_what_was_made_smaller_is_in_the_backup(journal, tmp_path):
    number = keep(journal)
    compress(journal.folder)
    copy = back_up(journal.folder, tmp_path / "backups", LATER)
    restore(copy, tmp_path / "elsewhere")
    other = Journal(tmp_path / "elsewhere")
    assert len(other.voice_of(number)[0]) == len(journal.voice_of(number)[0])
    other.close()


def test_voices_older_than_wished_go_and_their_words_stay(journal):
    old = keep(journal, "an old one", name="a", voice=sung(1.0))
    new = keep(journal, "a new one", name="b", voice=sung(2.0), at=LATER)
    assert limit(journal.folder, since=LATER, mib=None) == 1
    assert journal.voice_of(old) is None
    assert journal.voice_of(new)
    assert {glimmer.text for glimmer in journal.newest(9)} == {"an old one", "a new one"}
    assert journal.words_between(old)


def test_the_oldest_voices_go_until_the_rest_fits(journal):
    noise = np.random.default_rng(1)
    numbers = [
        keep(
            journal,
            name=f"{day}",
            voice=noise.integers(-9_000, 9_000, 20 * RATE).astype("<i2").tobytes(),
            at=SPOKEN + timedelta(days=day),
        )
        for day in range(4)
    ]
    sizes = sorted(path.stat().st_size for path in recorded(journal))
    assert sum(sizes[-2:]) > MIB, "the test needs two that do not fit"
    assert limit(journal.folder, since=None, mib=1) == 3
    assert [journal.voice_of(number) is not None for number in numbers] == [False] * 3 + [True]
    assert limit(journal.folder, since=None, mib=1) == 0


@pytest.mark.parametrize("keeps", [True, False])
def test_keeping_the_voice_can_be_switched_off(tmp_path, keeps):
    journal = Journal(tmp_path, keeps_voices=keeps)
    number = keep(journal)
    change(journal, number, "a robin slept", name="b")
    assert (journal.voice_of(number) is not None) == keeps
    assert len(recorded(journal)) == int(keeps) * len({"a", "b"})
    assert only(journal).text == "a robin slept"
    journal.close()
