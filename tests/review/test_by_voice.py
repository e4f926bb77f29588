"""Recordings that browsers send: good ones are kept, and of bad ones nothing is."""

import asyncio
import io
import struct
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import numpy as np
import pytest
import soundfile

from tests.conftest import Person, pause
from tests.review.door import HERE, PORT, Door, token
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.models import Model
from voice_glimmer.journal import Journal
from voice_glimmer.review.by_voice import Hearing
from voice_glimmer.review.decoding import UnreadableError, decoded
from voice_glimmer.review.guard import Limits
from voice_glimmer.review.policy import UPLOAD

ROBIN = "my neighbor waved at me and smiled"
QUIET = np.zeros(RATE, np.int16)


def encoded(samples: np.ndarray, rate: int = RATE, form: str = "WAV", kind: str | None = None):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=form, subtype=kind)
    return file.getvalue()


@pytest.fixture
def listening(house, model: Model, tmp_path: Path, monkeypatch) -> Iterator[Door]:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with closing(Door(house)) as door:
        door.app.state.hearing = Hearing(house, model)
        yield door


def send(door: Door, content: bytes, kind: str = "audio/wav"):
    headers = {"x-csrf-token": token(door.here, "/devices"), "content-type": kind}
    return door.here.post(UPLOAD, content=content, headers=headers)


def left(house) -> list[Path]:
    """Return all files of recordings and temporary ones."""
    places = (house.place / "recordings", house.place / "spool", Path(tempfile.gettempdir()))
    return [path for place in places for path in place.rglob("*") if path.is_file()]


def test_what_is_told_to_the_browser_is_kept_once_in_words_and_voice(
    listening, house, person: Person
):
    said = np.concatenate([pause(0.5), person(ROBIN), pause(0.5)])
    for _ in range(2):
        answer = send(listening, encoded(said))
        assert (answer.status_code, answer.headers["location"]) == (303, "/glimmers/1")
    with closing(Journal(house.place)) as journal:
        (glimmer,) = journal.newest(5)
        assert glimmer.text == ROBIN
        voice = journal.voice_of(1)
        between = journal.words_between(1)
    assert voice
    assert (voice[0] == said).all()
    assert between
    assert 0.3 < between[0] < between[1] < len(said) / RATE
    lasted = (house.now() - glimmer.spoken_at).total_seconds()
    assert lasted == pytest.approx(len(said) / RATE)
    assert len(left(house)) == 1


NOISE = np.random.default_rng(1).integers(-900, 900, RATE, np.int16)
WAV = encoded(NOISE)
FLAC = encoded(NOISE, form="FLAC")
HOSTILE = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "a page": b"<script>alert(1)</script>",
    "half a file": FLAC[: len(FLAC) // 2],
    "a header alone": WAV[:44],
    "years of sound": WAV[:40] + struct.pack("<I", 2**32 - 1) + WAV[44:],
    "no rate": WAV[:24] + struct.pack("<I", 0) + WAV[28:],
    "64,000 channels": WAV[:22] + struct.pack("<H", 64_000) + WAV[24:],
    "hours of silence": encoded(np.zeros(RATE * 7_200, np.int16), form="FLAC"),
    "no numbers": encoded(np.full(RATE, np.nan, np.float32), kind="FLOAT"),
    "a playlist": b"#EXTM3U\nfile:///etc/passwd\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=list(HOSTILE))
def test_of_what_is_no_recording_nothing_is_kept_and_nothing_left(listening, house, content: bytes):
    answer = send(listening, content)
    assert answer.status_code == 422
    assert "Nothing was kept." in answer.text
    with closing(Journal(house.place)) as journal:
        assert journal.count() == 0
    assert left(house) == []


def test_what_is_claimed_of_it_is_not_believed(listening, house):
    assert "no words" in send(listening, encoded(QUIET, form="FLAC"), "audio/webm").text
    assert send(listening, WAV, "text/html").status_code == 415
    assert send(listening, WAV, "").status_code == 415
    assert left(house) == []


def test_eleven_minutes_are_too_long():
    with pytest.raises(UnreadableError, match="too_long"):
        decoded(encoded(np.zeros(RATE * 661, np.int16), form="FLAC"))


def test_what_takes_too_long_to_decode_is_given_up():
    with pytest.raises(UnreadableError, match="unreadable"):
        decoded(WAV, patience=0.0)


def test_other_rates_and_forms_are_understood():
    for form, kind in (("OGG", "OPUS"), ("OGG", "VORBIS"), ("MP3", None), ("FLAC", None)):
        assert len(decoded(encoded(np.tile(NOISE, 3), 48_000, form, kind))) == RATE


def test_a_recording_needs_a_token_and_room(house):
    with closing(Door(house, upload=Limits(1_000, 1.0))) as door:
        form = {"content-type": "audio/wav"}
        assert door.here.post(UPLOAD, content=WAV[:900], headers=form).status_code == 403
        assert send(door, WAV).status_code == 413
        there = door.visitor()
        assert there.post(UPLOAD, content=WAV[:900], headers=form).status_code == 401


def test_recordings_are_taken_one_at_a_time(listening):
    async def run() -> list[int]:
        enough = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield WAV[:100]
            await enough.wait()

        headers = {"x-csrf-token": token(listening.here, "/devices"), "content-type": "audio/wav"}
        way = httpx2.ASGITransport(listening.guard, client=(HERE, 1))
        async with httpx2.AsyncClient(transport=way, base_url=f"http://{HERE}:{PORT}") as visitor:
            first = asyncio.create_task(visitor.post(UPLOAD, content=slow(), headers=headers))
            while not listening.guard._uploading.locked():
                await asyncio.sleep(0)
            second = await visitor.post(UPLOAD, content=WAV, headers=headers)
            enough.set()
            return [(await first).status_code, second.status_code]

    assert asyncio.run(run()) == [422, 503]


def test_where_the_browser_gives_no_microphone_the_page_says_so(door):
    assert 'id="record"' in door.here.get(UPLOAD).text
    there = door.paired().get(UPLOAD).text
    assert 'id="record"' not in there
    assert "Browsers give a microphone only" in there
