"""`voice-glimmer stats`: when glimmers come, and what returns in them."""

from __future__ import annotations

from calendar import month_abbr, month_name
from itertools import chain
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voice_glimmer.cli.asking import Words, asked, at_book
from voice_glimmer.cli.journal import JournalFolder, at_hand
from voice_glimmer.cli.printing import AsJson, document, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from voice_glimmer.conversation.mentions import Counted
    from voice_glimmer.patterns import Patterns

Png = Annotated[
    Path | None, typer.Option(help="Also draw it into this new file; needs Matplotlib.")
]
MONTHS = [month_abbr[month] for month in range(1, 13)]
HOURS = [f"{hour:02}" for hour in range(24)]


def stats(
    words: Words = None,
    *,
    as_json: AsJson = False,
    png: Png = None,
    journal: JournalFolder = None,
) -> None:
    """Show when your glimmers come, and what returns in them.

    Example: voice-glimmer stats "last year"
    """
    from voice_glimmer.conversation import mentions  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.patterns import patterns  # noqa: PLC0415

    settings = at_hand(journal)
    with at_book(settings) as book:
        which = asked(words, book, settings).which
        found = patterns(book, which, mentions.load(settings.language))
    if png:
        from voice_glimmer.cli import charts  # noqa: PLC0415

        charts.draw(found, png)
    lines(document(_held(found)) if as_json else _told(found))
    if png and not as_json:
        lines(["", f"The picture is {png}."])


def _held(found: Patterns) -> dict[str, Any]:
    days = {str(day): many for day, many in found.by_day.items()}
    told = found.mentions
    return {
        "total": found.total,
        "untimed": found.untimed,
        "first": next(iter(days), None),
        "last": next(reversed(days), None),
        "by_day": days,
        "by_hour": found.by_hour,
        "by_month": found.by_month,
        "words": dict(told.words),
        "people": dict(told.people),
        "places": dict(told.places),
        "names": dict(told.names),
    }


def _told(found: Patterns) -> Iterator[str]:
    from voice_glimmer.cli import figures  # noqa: PLC0415

    if not found.total:
        yield "There are none."
        return
    if found.by_day:
        first, last = min(found.by_day), max(found.by_day)
        yield f"{_glimmers(found.total)}, from {_day(first)} to {_day(last)}."
        yield ""
        yield from _green(figures.calendar(found.by_day, last, figures.WEEKS))
        yield ""
        yield f"    {figures.LEGEND}"
        yield from chain(["", "By the hour:"], _green(figures.columns(found.by_hour, HOURS)))
        yield from chain(["", "By the month:"], _green(figures.columns(found.by_month, MONTHS)))
    else:
        yield f"{_glimmers(found.total)}."
    if found.untimed:
        yield f"Of {found.untimed} the time is not known."
    yield ""
    told = found.mentions
    yield from _counted("Words that return", told.words)
    yield from _counted("People", told.people)
    yield from _counted("Places", told.places)
    yield from _counted("Names", told.names)


def _green(rows: Iterable[str]) -> Iterator[str]:
    return (typer.style(row, fg="green") for row in rows)


def _glimmers(many: int) -> str:
    return "1 glimmer" if many == 1 else f"{many} glimmers"


def _day(day: date) -> str:
    return f"{day.day} {month_name[day.month]} {day.year}"


def _counted(name: str, counted: Counted) -> Iterator[str]:
    if counted:
        told = ", ".join(f"{word} {many}" for word, many in counted)
        yield from wrap(f"{name}: {told}", 80, subsequent_indent="  ")


def add_to(app: typer.Typer) -> None:
    """Add this command to the program's."""
    app.command()(stats)
