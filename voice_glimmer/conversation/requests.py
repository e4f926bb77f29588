"""From words to what was asked."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Request(Enum):
    """Everything that can be asked for by voice."""

    YES = "yes"
    NO = "no"
    TRY_AGAIN = "try_again"
    READ_ALL = "read_all"
    READ_LAST = "read_last"
    STOP = "stop"
    CANCEL = "cancel"
    HELP = "help"


ANSWERS = frozenset(
    {Request.YES, Request.NO, Request.TRY_AGAIN, Request.STOP, Request.CANCEL, Request.HELP}
)
"""What is understood after a question."""

REQUESTS = frozenset(
    {Request.READ_ALL, Request.READ_LAST, Request.STOP, Request.CANCEL, Request.HELP}
)
"""What is understood after the wake phrase; everything else said there is a glimmer."""

INTERRUPTIONS = frozenset({Request.STOP, Request.CANCEL})
"""What silences the program while it speaks; `Woke` does too."""


def understand(
    text: str, sentences: Mapping[str, Request], among: frozenset[Request]
) -> Request | None:
    """Return what `text` asks for, or None.

    Args:
        text: Recognised words, lower case.
        sentences: Every sentence of the language and what it asks for.
        among: The requests that make sense at this point.
    """
    request = sentences.get(" ".join(text.split()))
    return request if request in among else None
