"""What makes the page an app on a home screen: a manifest, icons, and an offline shell.

The shell has not a word of the journal in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from voice_glimmer.review.access import house_of
from voice_glimmer.review.rendering import page, static, templates

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def _manifest(request: Request) -> Response:
    words = request.app.state.words
    icons = [
        {"src": static(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    maskable = {**icons[-1], "src": static("icon-maskable-512.png"), "purpose": "maskable"}
    return JSONResponse(
        {
            "name": "Voice Glimmer",
            "short_name": "Glimmer",
            "description": words("app_about"),
            "lang": house_of(request).settings.language,
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#fbf8f2",
            "theme_color": "#fbf8f2",
            "icons": [*icons, maskable],
            "shortcuts": [
                {"name": words("add"), "url": "/add"},
                {"name": words("hard_day"), "url": "/one"},
            ],
        },
        media_type="application/manifest+json",
    )


async def _worker(request: Request) -> Response:
    answer = templates.TemplateResponse(request, "service-worker.js", media_type="text/javascript")
    answer.headers["cache-control"] = "no-cache"
    return answer


async def _offline(request: Request) -> Response:
    return page(request, "offline.html")


routes = [
    Route("/manifest.webmanifest", _manifest),
    Route("/service-worker.js", _worker),
    Route("/offline", _offline),
]
