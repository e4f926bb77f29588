"""A glimmer's recording, as it is kept: FLAC, or Ogg Opus, which Safari plays from 18.4 on."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from voice_glimmer.review.access import ask

if TYPE_CHECKING:
    from starlette.requests import Request

TYPES = {".flac": "audio/flac", ".opus": "audio/ogg; codecs=opus"}

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class UnsatisfiableError(ValueError):
    """There are no such bytes, or several ranges are asked for."""


def wanted(header: str, size: int) -> range | None:
    """Return which bytes a `Range` header asks for, of those that there are (RFC 9110, 14.1.2).

    Args:
        header: The header; empty where there is none.
        size: How many bytes there are.

    Returns:
        The bytes; None for all, also where the header is of no known form.

    Raises:
        UnsatisfiableError: There are none of these, or several ranges are asked for, with which a
            small request can ask for a large answer.
    """
    if header.startswith("bytes=") and "," in header:
        raise UnsatisfiableError(header)
    found = _ONE.fullmatch(header)
    if not found or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        asked = range(max(size - int(last), 0), size)
    elif last and int(last) < int(first):
        return None
    else:
        asked = range(int(first), min(int(last) + 1, size) if last else size)
    if not asked:
        raise UnsatisfiableError(header)
    return asked


async def _sound(request: Request) -> Response:
    number = int(request.path_params["id"])
    found = await ask(request, lambda journal: journal.recording_of(number))
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    path, content = PurePosixPath(found[0]), found[1]
    # A recording may be another file tomorrow, with other bytes in these places.
    tag = f'"{path.stem}"'
    headers = {"Accept-Ranges": "bytes", "ETag": tag}
    asked = request.headers.get("range", "")
    if request.headers.get("if-range", tag) != tag:
        asked = ""
    try:
        part = wanted(asked, len(content))
    except UnsatisfiableError:
        headers["Content-Range"] = f"bytes */{len(content)}"
        return Response(status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    kind = TYPES.get(path.suffix, "application/octet-stream")
    if part is None:
        return Response(content, media_type=kind, headers=headers)
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
    piece = content[part.start : part.stop]
    return Response(piece, HTTPStatus.PARTIAL_CONTENT, media_type=kind, headers=headers)


routes = [Route("/sound/{id:int}", _sound)]
