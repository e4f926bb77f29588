"""The settings that are safe to change from a page: nothing that loses a voice or stops a listener.

They are written where the command line writes them; what the file says of others stays.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse
from starlette.routing import Route

from voice_glimmer.described import plain, written
from voice_glimmer.faults import Fault
from voice_glimmer.review.access import house_of
from voice_glimmer.review.rendering import page
from voice_glimmer.settings import checked, overriding, parsed
from voice_glimmer.settings_text import edited, save, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

SAFE = ("pause", "rate", "sensitivity", "quiet", "invitations", "invitation_window")


def shown(text: str) -> dict[str, str]:
    """Return what a form has in each of its fields, of a settings file's text.

    Raises:
        Fault: A value in it is wrong.
    """
    settings = checked(parsed(text), _plainly)
    since, until = map(_clock, settings.quiet)
    window = settings.invitation_window or ()
    opens, closes = map(_clock, window) if window else ("", "")
    first, second, *_ = [*map(_clock, settings.invitations), "", ""]
    return {
        "pause": str(settings.pause),
        "rate": str(settings.rate),
        "sensitivity": str(settings.sensitivity),
        "quiet_since": since,
        "quiet_until": until,
        "invited_first": first,
        "invited_second": second,
        "window_since": opens,
        "window_until": closes,
    }


def chosen(text: str, form: Mapping[str, str]) -> str:
    """Return a settings file's text with what a form says in it; an empty field is the default.

    Raises:
        Fault: A value is wrong.
    """
    said: dict[str, Any] = {key: form.get(key, "") for key in ("pause", "rate", "sensitivity")}
    said["quiet"] = _between(form.get("quiet_since", ""), form.get("quiet_until", ""))
    said["invitation_window"] = _between(form.get("window_since", ""), form.get("window_until", ""))
    times = (form.get("invited_first", ""), form.get("invited_second", ""))
    said["invitations"] = [time for time in times if time]
    before = parsed(text)
    others = {key: value for key, value in before.items() if key not in SAFE}
    given = {key: value for key, value in said.items() if value}
    now, after = checked(before, _plainly), checked({**others, **given}, _plainly)
    changes = {
        key: written(getattr(after, key)) if key in given else None
        for key in SAFE
        if plain(getattr(after, key)) != plain(getattr(now, key))
    }
    return edited(text, changes)


def _plainly(_key: str) -> str:
    """Begin a sentence about a setting with nothing but its name."""
    return ""


def _between(since: str, until: str) -> str:
    """Return two times of the day as they are written; what has only one of them, too."""
    return f"{since}-{until}" if since or until else ""


def _clock(time: Any) -> str:  # noqa: ANN401
    return f"{time:%H:%M}"


async def _show(request: Request) -> Response:
    file = house_of(request).settings_file
    fields = shown(await asyncio.to_thread(text_of, file))
    return _form(request, fields, saved="saved" in request.query_params)


async def _save(request: Request) -> Response:
    file = house_of(request).settings_file
    async with request.form() as form:
        fields = {key: str(form.get(key, "")) for key in shown("")}
    try:
        await asyncio.to_thread(_change, file, fields)
    except Fault as fault:
        return _form(request, fields, trouble=str(fault))
    return RedirectResponse("/settings?saved", 303)


def _change(file: Path, form: Mapping[str, str]) -> None:
    before = text_of(file)
    after = chosen(before, form)
    if after != before:
        save(file, after)


def _form(
    request: Request, fields: Mapping[str, str], *, saved: bool = False, trouble: str = ""
) -> Response:
    return page(
        request,
        "settings.html",
        status=422 if trouble else 200,
        fields=fields,
        saved=saved,
        trouble=trouble,
        variables=", ".join(overriding(SAFE, os.environ)),
    )


routes = [Route("/settings", _show), Route("/settings", _save, methods=["POST"])]
