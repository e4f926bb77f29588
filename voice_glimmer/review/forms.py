"""What a person typed into a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

LONGEST_TEXT = 10_000
"""Characters: three minutes of speech have a third of that."""


async def text_of(request: Request) -> str:
    """Return the field `text` with single spaces and its lines; empty where it is not there."""
    lines = (" ".join(line.split()) for line in (await _field(request, "text")).splitlines())
    return "\n".join(lines).strip()


async def line_of(request: Request, field: str) -> str:
    """Return a field's words with single spaces; empty where it is not there."""
    return " ".join((await _field(request, field)).split())


async def _field(request: Request, field: str) -> str:
    async with request.form() as form:
        given = form.get(field, "")
    return given.replace("\0", "") if isinstance(given, str) else ""


def trouble_with(text: str) -> str:
    """Return the name of the sentence that says why this cannot be kept; empty where it can."""
    if not text:
        return "empty_text"
    return "too_long_text" if len(text) > LONGEST_TEXT else ""
