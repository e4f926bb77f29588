"""Sound that is stored piece by piece as it is spoken, so that the end may be missing (pure).

Each chunk is a whole FLAC. Sealed, it is its length, 4 bytes little-endian, and what `Key.seal`
makes of it under the file's name and the chunk's number, so that none can be moved or taken out
unseen.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_glimmer.journal.keys import Key

_LENGTH_BYTES = 4

_BEGINS = b"fLaC\0\0\0\x22"
"""The stream marker and the header of the first block, STREAMINFO, of 34 bytes (RFC 9639, 8.1)."""

log = logging.getLogger(__name__)


def plain(file: bytes) -> Iterator[bytes]:
    """Yield what begins like a chunk, so that damage to one costs no other."""
    return (_BEGINS + rest for rest in file.split(_BEGINS)[1:])


def sealed(key: Key, name: str, number: int, content: bytes) -> bytes:
    """Return a chunk of a file, sealed."""
    chunk = key.seal(content, f"{name} {number}")
    return len(chunk).to_bytes(_LENGTH_BYTES, "little") + chunk


def opened(key: Key, name: str, file: bytes) -> Iterator[bytes]:
    """Yield a file's sealed chunks, opened; one that is damaged or cut off is left out."""
    for number, chunk in enumerate(_chunks(file)):
        try:
            yield key.open(chunk, f"{name} {number}")
        except ValueError as error:
            log.warning("%s", error)


def _chunks(file: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(file):
        begins = at + _LENGTH_BYTES
        at = begins + int.from_bytes(file[at:begins], "little")
        yield file[begins:at]
