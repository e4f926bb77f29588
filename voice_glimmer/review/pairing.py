"""Letting another device in: a code of six words, usable once and for ten minutes.

The words are the EFF's short list (https://www.eff.org/dice, CC BY 3.0 US): 1,296 words of at most
five letters, chosen to be easy to type, without rude ones. Six of them are 62 bits. Tries are
counted besides, so that of guessing for all ten minutes one in 10**16 succeeds.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.note import Note

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = 6
LASTS_SECONDS = 600.0
"""Time to walk to the other room and find one's glasses."""

TRIES, TRIES_OF_ALL, WINDOW_SECONDS = 5, 20, 60.0
"""How many tries one address has in a minute, and all together."""

_LIST = Path(__file__).with_name("code_words.txt")


@dataclass(frozen=True, slots=True)
class Code:
    """A code that may be used.

    Attributes:
        digest: SHA-256 of its letters, in hexadecimal digits.
        until: When it expires, in seconds since the machine's start.
    """

    digest: str
    until: float


@cache
def word_list() -> tuple[str, ...]:
    """Return the words that codes are made of."""
    return tuple(_LIST.read_text("ascii").split())


def letters(code: str) -> str:
    """Return what counts of a code: phones capitalise, and put in spaces, commas and hyphens."""
    return re.sub("[^a-z]", "", code.lower())


def digest_of(secret: str) -> str:
    """Return what is kept of a secret that is too long to be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Pairing:
    """The code that lets the next device in; any program of this person may make one.

    Args:
        journal: The folder in which its digest is noted.
        since_boot: Returns the seconds since the machine's start, the same for all programs.
    """

    def __init__(self, journal: Path, since_boot: Callable[[], float]) -> None:
        self._note: Note[Code | None] = Note(journal / "pairing.json", Code | None, None)  # type: ignore[arg-type]
        self._since_boot = since_boot
        self._used = ""

    def offer(self) -> str:
        """Return a new code; the one before is worth nothing from now on.

        Raises:
            Fault: It could not be noted.
        """
        code = " ".join(secrets.choice(word_list()) for _ in range(WORDS))
        offered = Code(digest_of(letters(code)), self._since_boot() + LASTS_SECONDS)
        self._note.write(offered)
        if self._note.read() != offered:
            raise Fault("The code could not be noted. Please check that the disk has room.")
        return code

    def withdraw(self) -> None:
        """Let no code be used any more, such as one from before the machine's start."""
        self._note.write(None)

    def use(self, code: str) -> bool:
        """Tell whether this is the code, which cannot be used again then."""
        offered = self._note.read()
        fits = offered is not None and hmac.compare_digest(offered.digest, digest_of(letters(code)))
        if not offered or not fits or offered.digest == self._used:
            return False
        # Also where the note cannot be written.
        self._used = offered.digest
        self.withdraw()
        return self._since_boot() < offered.until


class Tries:
    """How often pairing may be tried: seldom from one address, and not often from all.

    Args:
        clock: Returns monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tried: deque[tuple[float, str]] = deque()

    def allows(self, address: str) -> bool:
        """Count a try, and tell whether it may be made; one that may not does not count."""
        now = self._clock()
        while self._tried and now - self._tried[0][0] >= WINDOW_SECONDS:
            self._tried.popleft()
        of_this = sum(one == address for _, one in self._tried)
        if of_this >= TRIES or len(self._tried) >= TRIES_OF_ALL:
            return False
        self._tried.append((now, address))
        return True
