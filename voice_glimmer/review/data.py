"""The journal in Datasette, for those who ask it in SQL; see https://docs.datasette.io."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.routing import Mount

from voice_glimmer.faults import Fault
from voice_glimmer.journal.opening import DATABASE
from voice_glimmer.journal.places import folder_of, key_of
from voice_glimmer.review.policy import DATA

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from voice_glimmer.journal.places import Place

PREFIX = DATA.rstrip("/")
METADATA = Path(__file__).with_name("data.json")


def explorer(place: Place, page: str) -> Mount:
    """Return Datasette over a journal that is there; it reads, and changes nothing.

    Args:
        place: Where the journal is.
        page: Where the page begins, for links to recordings.

    Raises:
        Fault: It is not installed, or the journal is encrypted.
    """
    try:
        from datasette.app import Datasette  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise Fault(
            "Datasette is not installed. In the folder of Voice Glimmer, please run: "
            ".venv/bin/pip install -e '.[datasette]'"
        ) from error
    if key_of(place):
        raise Fault(
            "Datasette cannot read an encrypted journal. Please leave --datasette out, "
            "or export the journal and open that."
        )
    data = Datasette(
        [str(folder_of(place) / DATABASE)],
        metadata=json.loads(METADATA.read_text("utf-8").replace("{page}", page)),
        settings={"base_url": DATA},
    )
    return Mount(PREFIX, _beneath(data.app()))


def _beneath(app: ASGIApp) -> ASGIApp:
    """Return an application that does not see the prefix, as Datasette wants it of its proxies."""

    async def beneath(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(PREFIX)
        raw_path = scope["raw_path"].removeprefix(PREFIX.encode())
        await app({**scope, "path": path, "raw_path": raw_path, "root_path": ""}, receive, send)

    return beneath
