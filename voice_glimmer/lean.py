"""Libraries without what they load for things that nothing here asks of them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Unused(ModuleType):
    """Has whatever is taken from it, which is nothing."""

    def __getattr__(self, name: str) -> None:
        """Return nothing, by any name."""


@contextmanager
def without(*unused: str) -> Iterator[None]:
    """Let imports in here have empty modules of these names, unless they are loaded already.

    Another thread that imports one of them just then has the empty one, too: nothing here does.
    """
    names = [name for name in unused if name not in sys.modules]
    sys.modules.update({name: _Unused(name) for name in names})
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
