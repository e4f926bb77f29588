"""Sound that is encrypted piece by piece as it is spoken (pure).

Each chunk is its length, 4 bytes little-endian, and what `Key.seal` makes of it under the file's
name and the chunk's number, so that none can be moved or taken out unseen.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_glimmer.journal.keys import Key

_LENGTH_BYTES = 4

log = logging.getLogger(__name__)


def sealed(key: Key, name: str, number: int, content: bytes) -> bytes:
    """Return a chunk of a file."""
    chunk = key.seal(content, f"{name} {number}")
    return len(chunk).to_bytes(_LENGTH_BYTES, "little") + chunk


def opened(key: Key, name: str, file: bytes) -> bytes:
    """Return what is in a file's chunks; one that is damaged or cut off is left out."""
    whole = bytearray()
    for number, chunk in enumerate(_chunks(file)):
        try:
            whole += key.open(chunk, f"{name} {number}")
        except ValueError as error:
            log.warning("%s", error)
    return bytes(whole)


def _chunks(file: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(file):
        begins = at + _LENGTH_BYTES
        at = begins + int.from_bytes(file[at:begins], "little")
        yield file[begins:at]
