"""Rendered speech, with a voice that counts what it is asked for."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.conftest import needs
from voice_glimmer.cli.parts import fixed_words
from voice_glimmer.conversation import language
from voice_glimmer.speaking.phrasing import AT_ONCE
from voice_glimmer.speaking.rendered import LARGEST_BYTES, Rendered
from voice_glimmer.speaking.sound import Sound
from voice_glimmer.speaking.voice import VoiceFailedError
from voice_glimmer.speaking.voices import whispering

FIXED = ["What was good?", "Shall I keep it?", "Kept."]


@dataclass
class Counting:
    """A voice whose speech is noise, another for each text."""

    name: str = "en-us+f3"
    rate: int = 145
    engine: str = "1.51"
    works: bool = True
    at_once: int = AT_ONCE
    asked: list[str] = field(default_factory=list)

    def called(self, *, whispers: bool) -> str:
        return whispering(self.name) if whispers else self.name

    def sound(
        self, text: str, pace: float = 1.0, limit: float = 3.0, *, whispers: bool = False
    ) -> Sound:
        if not self.works:
            raise VoiceFailedError("hung")
        self.asked.append(text)
        noise = np.random.default_rng(len(text)).normal(0, 3_000, 8_000)
        return Sound(noise.astype(np.int16), 22_050)


@pytest.fixture
def voice() -> Counting:
    return Counting()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "speech"


def same(one: Sound, two: Sound) -> bool:
    return one.rate == two.rate and np.array_equal(one.samples, two.samples)


def test_what_is_fixed_is_made_once_and_comes_back_sample_by_sample(voice, folder):
    first = Rendered(voice, folder, FIXED).sound("Kept.")
    again = Rendered(voice, folder, FIXED).sound("Kept.")
    assert voice.asked == ["Kept."]
    assert same(first, again)


def test_what_a_person_said_is_never_kept(voice, folder):
    for _ in range(2):
        Rendered(voice, folder, FIXED).sound("my neighbor waved at me")
    assert len(voice.asked) == 2
    assert not folder.exists()


@pytest.mark.parametrize(
    "other",
    [Counting(name="de+f3"), Counting(rate=200), Counting(engine="1.52")],
    ids=["voice", "rate", "engine"],
)
def test_another_voice_is_another_sound(voice, folder, other: Counting):
    Rendered(voice, folder, FIXED).sound("Kept.")
    Rendered(other, folder, FIXED).sound("Kept.")
    assert other.asked == ["Kept."]


def test_another_pace_is_another_sound(voice, folder):
    rendered = Rendered(voice, folder, FIXED)
    for pace in (1.0, 1.2, 1.0, 1.2):
        rendered.sound("Kept.", pace)
    assert len(voice.asked) == 2


def test_a_whisper_is_another_sound(voice, folder):
    rendered = Rendered(voice, folder, FIXED)
    for whispers in (False, True, False, True):
        rendered.sound("Kept.", whispers=whispers)
    assert len(voice.asked) == 2


def test_a_voice_that_is_stuck_says_what_was_rendered(voice, folder):
    rendered = Rendered(voice, folder, FIXED)
    before = rendered.sound("Kept.")
    voice.works = False
    assert same(rendered.sound("Kept.", limit=0.0), before)
    with pytest.raises(VoiceFailedError):
        rendered.sound("What was good?")


def test_at_rest_all_that_is_fixed_is_made_one_by_one_and_told(voice, folder):
    told = []
    rendered = Rendered(voice, folder, FIXED, lambda *progress: told.append(progress))
    for made in range(1, 6):
        rendered.rest()
        assert voice.asked == FIXED[:made]
    assert told == [(1, 3), (2, 3), (3, 3)]
    told.clear()
    Rendered(voice, folder, FIXED, lambda *progress: told.append(progress)).rest()
    assert (voice.asked, told) == (FIXED, [])


def test_a_voice_that_is_stuck_is_not_asked_again_and_again_at_rest(voice, folder):
    told = []
    rendered = Rendered(voice, folder, FIXED, lambda *progress: told.append(progress))
    voice.works = False
    rendered.rest()
    voice.works = True
    rendered.rest()
    assert (voice.asked, told) == ([], [(3, 3)])


def flac(path: Path, samples: np.ndarray, rate: int = 22_050) -> None:
    soundfile.write(path, samples, rate, format="FLAC")


HOSTILE = {
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(os.urandom(5_000)),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:20]),
    "silent": lambda path: flac(path, np.zeros(9_000)),
    "two channels": lambda path: flac(path, np.full((9_000, 2), 0.5)),
    "slow": lambda path: flac(path, np.full(9_000, 0.5), 4_000),
    "huge": lambda path: path.write_bytes(path.read_bytes() + bytes(LARGEST_BYTES)),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "endless": lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    "a loop": lambda path: (path.unlink(), path.symlink_to(path.name)),
}


@pytest.mark.parametrize("spoil", HOSTILE.values(), ids=HOSTILE)
def test_a_broken_or_hostile_file_is_made_anew(voice, folder, spoil):
    rendered = Rendered(voice, folder, FIXED)
    before = rendered.sound("Kept.")
    (path,) = folder.iterdir()
    spoil(path)
    assert same(rendered.sound("Kept."), before)
    assert len(voice.asked) == 2


def test_a_cut_off_stream_harms_nobody(voice, folder):
    rendered = Rendered(voice, folder, FIXED)
    rendered.sound("Kept.")
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-2_000])
    assert rendered.sound("Kept.").seconds <= 0.4


def test_it_is_bounded_and_what_was_used_longest_ago_goes(voice, folder):
    one = Rendered(voice, folder, FIXED)
    one.sound("Kept.")
    (old,) = folder.iterdir()
    os.utime(old, (1_000, 1_000))
    one.sound("What was good?")
    (new,) = set(folder.iterdir()) - {old}
    os.utime(new, (2_000, 2_000))
    one.sound("Kept.")
    assert old.stat().st_mtime > 2_000
    most = old.stat().st_size * 2 + 1_000
    Rendered(voice, folder, FIXED, most=most).sound("Shall I keep it?")
    assert old.exists()
    assert not new.exists()
    assert sum(file.stat().st_size for file in folder.iterdir()) <= most


def test_a_disk_that_takes_nothing_costs_nothing_but_time(voice, tmp_path: Path):
    (tmp_path / "file").touch()
    rendered = Rendered(voice, tmp_path / "file" / "speech", FIXED)
    assert rendered.sound("Kept.").seconds > 0.3
    assert rendered.sound("Kept.").seconds > 0.3


@pytest.mark.parametrize("code", ["en", "de"])
def test_prompts_and_replies_are_fixed_and_nothing_that_is_filled_in(code: str):
    words = list(fixed_words(code, language.load(code)))
    assert not [text for text in words if "{" in text or "[" in text or len(text) > AT_ONCE]
    assert "".join(language.load(code).replies["awake"]) in words
    assert len(words) > 100


def test_what_is_fixed_is_heard_though_espeak_is_stopped(folder):
    needs("espeak-ng", "espeak-ng")
    from voice_glimmer.speaking.voice import Voice

    voice = Voice("en-us+f3", 145)
    rendered = Rendered(voice, folder, FIXED)
    voice.check()
    before = rendered.sound("Kept.")
    subprocess.run(["kill", "-STOP", str(voice._child.pid)], check=True)
    assert same(rendered.sound("Kept."), before)
    voice.close()
