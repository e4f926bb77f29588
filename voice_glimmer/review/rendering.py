"""From a template's name to a page."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.templating import Jinja2Templates

from voice_glimmer.review.access import house_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def static(name: str) -> str:
    """Return the address of a static file, which is another whenever its content is."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def _shared(request: Request) -> dict[str, Any]:
    """Return what every template knows.

    `csrf` is the token that every form posts in a hidden field of that name.
    """
    house = house_of(request)
    return {
        "csrf": getattr(request.state, "csrf", ""),
        "w": request.app.state.words,
        "code": house.settings.language,
        "today": house.now().date(),
    }


_env = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_env.globals["static"] = static
templates = Jinja2Templates(env=_env, context_processors=[_shared])


def page(request: Request, name: str, *, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
    """Return a template as a page, with what it is filled with."""
    return templates.TemplateResponse(request, name, context, status_code=status)
