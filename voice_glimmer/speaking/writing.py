"""Sound into a file: a player for whom nobody waits."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import soundfile

from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_glimmer.speaking.sound import Sound

T = TypeVar("T")

RATE = 48_000
"""Hz: the chimes', and one that Opus knows."""

FORMS = {
    "opus": ("OGG", "OPUS"),
    "ogg": ("OGG", "OPUS"),
    "flac": ("FLAC", "PCM_16"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
}
"""libsndfile's names of what a file with this ending is."""

log = logging.getLogger(__name__)


def form_of(ending: str) -> tuple[str, str]:
    """Return libsndfile's names for a file with this ending.

    Raises:
        Fault: It is of no form that is written here, or libsndfile is too old for it.
    """
    form = FORMS.get(ending)
    if form is None:
        raise Fault("Please name a file in .opus, .flac or .mp3.")
    if not soundfile.check_format(*form):
        raise Fault(f"This machine's libsndfile does not write .{ending}. Please name a .flac.")
    return form


class FilePlayer:
    """Plays into a file, mono, at `RATE`; what was played is not held.

    Args:
        file: Where to; it can be sought.
        ending: Such as "opus".

    Raises:
        Fault: It is of no form that is written here.

    Attributes:
        ahead: No seconds, so that nothing that is to be said waits to be made.
        quiet_at: Long past.
        seconds: How much was played.
    """

    ahead = 0.0
    quiet_at = 0.0

    def __init__(self, file: BinaryIO, ending: str) -> None:
        form, subtype = form_of(ending)
        self._below = _Telling(file)
        self._sound = soundfile.SoundFile(self._below, "w", RATE, 1, subtype, format=form)
        self.seconds = 0.0

    def play(self, sound: Sound) -> None:
        """Append a sound.

        Raises:
            OSError: It could not be written.
        """
        self._sound.write(sound.at_rate(RATE).samples)
        self.seconds += sound.seconds
        self._below.tell_on()

    def hush(self) -> None:
        """Leave what is in the file."""

    def close(self) -> None:
        """Finish the file, which stays open.

        Raises:
            OSError: It could not be written.
        """
        self._sound.close()
        self._below.tell_on()


class _Telling:
    """A file whose first fault is remembered, for libsndfile hides a full disk."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._fault: OSError | None = None

    def tell_on(self) -> None:
        if self._fault:
            raise self._fault

    def write(self, data: Any) -> int:  # noqa: ANN401 - a buffer of the library's
        return self._tried(lambda: self._file.write(data), len(data))

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._tried(lambda: self._file.seek(offset, whence), 0)

    def tell(self) -> int:
        return self._tried(self._file.tell, 0)

    def _tried(self, act: Callable[[], T], otherwise: T) -> T:
        try:
            return act()
        except OSError as error:
            self._fault = self._fault or error
            return otherwise
