"""Vosk without what it would fetch models and write subtitles with: nothing here asks that of it.

With an HTTP client, a listening process would begin a tenth of a second later, and hold 9 MiB more.
"""

import sys
from types import ModuleType


class _Unused(ModuleType):
    """Has whatever is taken from it while Vosk is loaded."""

    def __getattr__(self, name: str) -> None:
        """Return nothing, by any name."""


_UNUSED = [n for n in ("requests", "srt", "tqdm", "urllib.request") if n not in sys.modules]

sys.modules.update({name: _Unused(name) for name in _UNUSED})
try:
    import vosk
finally:
    for _name in _UNUSED:
        del sys.modules[_name]

__all__ = ["vosk"]
