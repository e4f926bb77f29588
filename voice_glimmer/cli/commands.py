"""Where each command is: only the module of the one that was typed is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.main import get_group

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = ""
"""Where `Commands` are given a command that is loaded already."""

PLACES = {
    name: module
    for module, names in (
        (HERE, "listen welcome demo talk conversation"),
        ("glimmers", "list search show add edit tag favourite delete undo"),
        ("stats", "stats"),
        ("aloud", "read play"),
        ("reel", "reel"),
        ("journal", "export import backup restore empty seal unseal"),
        ("doctor", "doctor"),
        ("update", "update"),
        (HERE, "wake"),
        ("prompts", "prompts"),
        ("serve", "serve"),
        ("settings", "settings"),
        ("model", "model"),
        ("device", "device"),
        ("voice", "voice"),
    )
    for name in names.split()
}
"""Each command's module, which has a function `add_to`; in the order in which help lists them."""


class Commands(Mapping[str, Any]):
    """The commands by their names; each is put together when it is first asked for.

    Args:
        loaded: Those that are there already.
    """

    def __init__(self, loaded: Mapping[str, Any]) -> None:
        self._loaded = dict(loaded)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        """Return a command."""
        if name not in self._loaded:
            part = typer.Typer()
            import_module(f"voice_glimmer.cli.{PLACES[name]}").add_to(part)
            self._loaded |= get_group(part).commands
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)
