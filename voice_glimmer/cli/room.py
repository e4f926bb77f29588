"""A room without a sound card: a synthetic person, a virtual microphone and loudspeaker.

Time is counted in samples, so the room runs as fast as the machine allows.
"""

from __future__ import annotations

import io
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import BLOCK, RATE, Frame
from voice_glimmer.speaking.sound import Sound, silence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

FLOOR = 10.0
"""RMS of the room's own noise in int16 steps (-70 dBFS): no real microphone delivers nothing."""

THINKING_SECONDS = 2.2
"""How long the person waits after the program's last sound; its own pauses are shorter."""

LEAVING_SECONDS = 4.5
"""How long they stay after their last words: longer than the pause between two glimmers."""

PATIENCE_SECONDS = 60.0
"""A person who has waited this long for an answer gives up, and so does the demo."""


class Room:
    """Plays the microphone, the loudspeaker and the person between them.

    Args:
        lines: What the person says, one after the other, each as soon as the program has
            spoken and been quiet for a while.
        started_at: The wall clock's time at the room's beginning.

    Attributes:
        ahead: No seconds, so that nothing that is to be said waits to be made.
        played: What the loudspeaker played, each with the sample at which it began.
    """

    ahead = 0.0

    def __init__(self, lines: Sequence[Sound], started_at: datetime) -> None:
        self._lines = deque(line.at_rate(RATE).samples for line in lines)
        self._started_at = started_at
        self._person: list[npt.NDArray[np.int16]] = []
        self._program_end = 0
        self._samples = 0
        self._noise = np.random.default_rng(0)
        self.played = list[tuple[int, Sound]]()

    def now(self) -> datetime:
        """Return the room's time."""
        return self._started_at + timedelta(seconds=self._samples / RATE)

    @property
    def quiet_at(self) -> float:
        """When the last queued sample has left the loudspeaker, in the room's seconds."""
        return self._program_end / RATE

    def play(self, sound: Sound) -> None:
        """Queue a sound on the loudspeaker."""
        at_rate = sound.at_rate(RATE)
        start = max(self._samples, self._program_end)
        self.played.append((start, at_rate))
        self._program_end = start + len(at_rate.samples)

    def hush(self) -> None:
        """Cut off what the loudspeaker has not yet played."""
        self._program_end = min(self._program_end, self._samples)
        for index, (start, sound) in enumerate(self.played):
            left = max(0, self._program_end - start)
            self.played[index] = (start, Sound(sound.samples[:left], RATE))

    def frames(self) -> Iterator[Frame]:
        """Yield what the microphone hears until the person has nothing more to say.

        Raises:
            Fault: The program left the person without an answer.
        """
        yield from self._speak(silence(0.5, RATE).samples)
        # The program may have spoken first.
        while self.played and self._since_program() < THINKING_SECONDS:
            yield from self._speak(np.zeros(BLOCK, np.int16))
        while self._lines:
            answered, waited = len(self.played), 0.0
            yield from self._speak(self._lines.popleft())
            wait = THINKING_SECONDS if self._lines else LEAVING_SECONDS
            while len(self.played) == answered or self._since_program() < wait:
                yield from self._speak(np.zeros(BLOCK, np.int16))
                speaks = self._since_program() < 0
                waited = 0.0 if speaks else waited + BLOCK / RATE
                if waited > PATIENCE_SECONDS:
                    raise Fault("The demo stopped: the program left the person without an answer.")

    def write(self, path: Path) -> None:
        """Write both sides to a WAV, the person left and the program right.

        Raises:
            Fault: It cannot be written.
        """
        total = max(self._samples, self._program_end)
        sides = np.zeros((total, 2), np.int16)
        person = np.concatenate(self._person)
        sides[: len(person), 0] = person
        for start, sound in self.played:
            sides[start : start + len(sound.samples), 1] = sound.samples
        # By way of memory: libsndfile does not tell a full disk apart.
        encoded = io.BytesIO()
        soundfile.write(encoded, sides, RATE, format="WAV", subtype="PCM_16")
        try:
            path.write_bytes(encoded.getbuffer())
        except OSError as error:
            raise Fault(f"I cannot write {path}. Please check the disk.") from error

    def _since_program(self) -> float:
        return (self._samples - self._program_end) / RATE

    def _speak(self, samples: npt.NDArray[np.int16]) -> Iterator[Frame]:
        for start in range(0, len(samples), BLOCK):
            block = self._in_the_room(samples[start : start + BLOCK])
            at = self._samples / RATE
            self._person.append(block)
            self._samples += len(block)
            yield Frame(block, at)

    def _in_the_room(self, block: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
        noisy = block + np.rint(self._noise.normal(0, FLOOR, len(block)))
        return np.clip(noisy, -32_768, 32_767).astype(np.int16)
