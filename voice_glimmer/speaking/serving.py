"""The other side of `voice.py`: what a synthesis process does with its stdin and stdout."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def serve(fulfil: Callable[[dict[str, Any]], str]) -> None:
    """Answer requests, one JSON object a line, until stdin ends.

    Whatever libraries print to stdout goes to stderr instead.

    Args:
        fulfil: Does what a request asks for, and returns the engine's version; what it raises is
            the answer, too.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, Any] = {"id": request["id"]}
        try:
            answer["engine"] = fulfil(request)
        except Exception as error:
            answer["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(answer), file=answers, flush=True)
