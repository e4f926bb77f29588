"""From the words of a command to glimmers: the same words as by voice."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from voice_glimmer.cli.journal import clock_of, place_of, sentences
from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voice_glimmer.conversation.requests import Request
    from voice_glimmer.journal import Glimmer, Journal, Which
    from voice_glimmer.settings import Settings

Words = Annotated[
    list[str] | None, typer.Argument(help='As you would say it: "last week about coffee".')
]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which glimmers are meant.

    Attributes:
        which: All that come into question.
        limit: How many of them at most; None for all.
        oldest: Whether that is the oldest of them, and not the newest.
        any: Whether any one of them will do.
        request: What the words were understood as; None without any.
    """

    which: Which
    limit: int | None
    oldest: bool = False
    any: bool = False
    request: Request | None = None


def asked(
    words: Sequence[str] | None, book: Journal, settings: Settings, limit: int | None = None
) -> Asked:
    """Return which glimmers these words mean.

    Args:
        words: What was typed; all are meant without any.
        book: The journal.
        settings: Whose language it is.
        limit: How many at most, where the words do not say that.
    """
    said = " ".join(words or ())
    if not said.strip():
        from voice_glimmer.journal import Which  # noqa: PLC0415 - what understands words is slow

        return Asked(Which(), limit)
    from voice_glimmer import recall  # noqa: PLC0415
    from voice_glimmer.conversation import language  # noqa: PLC0415
    from voice_glimmer.conversation.requests import Order  # noqa: PLC0415

    code = settings.language
    now = clock_of(book).now()
    request = recall.typed(said, now, language.load(code), recall.SPOKEN_AS[code])
    return Asked(
        recall.which(request),
        # By voice few are read where it was not said how many; here there may be more.
        request.limit if request.counted else limit,
        oldest=request.order is Order.OLDEST,
        any=request.order is Order.ANY,
        request=request,
    )


def in_order(asked: Asked, book: Journal, *, oldest_first: bool = False) -> Iterator[Glimmer]:
    """Yield these glimmers, the newest or the oldest first, and never hold more than one."""
    if asked.any:
        from random import Random  # noqa: PLC0415 - keeps list quick

        yield from book.any_of(asked.which, Random(), limit=1)  # noqa: S311
        return
    skip = 0
    if asked.limit is not None and asked.oldest != oldest_first:
        skip = max(0, book.count(asked.which) - asked.limit)
    yield from book.each(asked.which, limit=asked.limit, skip=skip, oldest_first=oldest_first)


@contextmanager
def at_book(settings: Settings) -> Iterator[Journal]:
    """Open the journal; tell what goes wrong with it in a sentence."""
    from voice_glimmer.journal import Journal, NoSuchGlimmerError  # noqa: PLC0415

    with sentences(), closing(Journal(place_of(settings))) as book:
        try:
            yield book
        except NoSuchGlimmerError as error:
            raise Fault("There is no glimmer of that number.") from error
