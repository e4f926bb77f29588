"""Glimmers at the keyboard: list, search, show, add, edit, tag, favourite, delete, undo."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict
from datetime import datetime  # noqa: TC003 - Typer reads it
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voice_glimmer.cli.asking import Words, asked, at_book, in_order
from voice_glimmer.cli.journal import JournalFolder, at_hand, clock_of
from voice_glimmer.cli.printing import AsJson, array, document, lines, one_line
from voice_glimmer.faults import Fault
from voice_glimmer.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from voice_glimmer.cli.asking import Asked
    from voice_glimmer.journal import Glimmer, Journal, Piece

ModelFolder = Annotated[
    Path | None, typer.Option(help="The folder of a Vosk model, for a recording.")
]
Number = Annotated[int, typer.Argument(help="The glimmer's number, as list shows it.", min=1)]
Remove = Annotated[bool, typer.Option("--remove", help="Take it away again.")]


def list_(
    words: Words = None,
    *,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 20,
    as_json: AsJson = False,
    journal: JournalFolder = None,
) -> None:
    """List your glimmers, the newest last; all, or those you ask for.

    Example: voice-glimmer list "last week about coffee"
    """
    settings = at_hand(journal)
    with at_book(settings) as book:
        found = in_order(asked(words, book, settings, limit), book, oldest_first=True)
        if as_json:
            lines(array(map(held, found)))
        else:
            lines(_or_none(_line(glimmer, one_line(glimmer.text)) for glimmer in found))


def search(
    words: Annotated[
        list[str], typer.Argument(help='As you would say it: "last year about the robin".')
    ],
    *,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 20,
    as_json: AsJson = False,
    journal: JournalFolder = None,
) -> None:
    """Find glimmers, the newest first, and show where in them your words are.

    Example: voice-glimmer search robin
    """
    if not any(mark.isalnum() for word in words for mark in word):
        raise Fault("Please say what to look for: voice-glimmer search robin")
    settings = at_hand(journal)
    with at_book(settings) as book:
        meant = asked(words, book, settings, limit)
        found = ((each, _excerpt(book, each, meant)) for each in in_order(meant, book))
        if as_json:
            lines(
                array(
                    held(each) | {"excerpt": [asdict(piece) for piece in pieces]}
                    for each, pieces in found
                )
            )
        else:
            lines(_or_none(_line(each, _marked(pieces)) for each, pieces in found))


def show(number: Number, *, as_json: AsJson = False, journal: JournalFolder = None) -> None:
    """Show all there is about a glimmer, its earlier wordings too.

    Example: voice-glimmer show 12
    """
    with at_book(at_hand(journal)) as book:
        found = held(book.get(number)) | {"earlier": book.earlier(number)}
    lines(document(found) if as_json else _told(found))


def add(
    words: Annotated[
        list[str] | None, typer.Argument(help="The glimmer; without it, what is piped in.")
    ] = None,
    *,
    as_json: AsJson = False,
    audio: Annotated[
        Path | None,
        typer.Option(help="A recording of your voice: what is said in it is kept, and the voice."),
    ] = None,
    when: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"],
            help="When it was, if not now; of a recording, if not as the file says.",
        ),
    ] = None,
    model: ModelFolder = None,
    journal: JournalFolder = None,
) -> None:
    """Keep a glimmer that you type, or have recorded.

    Example: voice-glimmer add "the sun on my tea"
    """
    if audio is not None:
        from voice_glimmer.cli import recorded  # noqa: PLC0415 - loads what hears

        if words:
            raise Fault("Please give either words or a recording, not both.")
        recorded.keep(audio, load(journal=journal, model=model), when, as_json=as_json)
        return
    text = tidy(" ".join(words) if words else _piped())
    if not text:
        raise Fault('Please say what to keep: voice-glimmer add "the sun on my tea"')
    settings = load(journal=journal)
    with at_book(settings) as book:
        clock = clock_of(book)
        now = clock.now()
        if when:
            number = book.keep_typed(text, dated(when, now))
        else:
            number = book.keep_typed(text, now, clock.reckoning(now))
        kept = held(book.get(number))
    lines(document(kept) if as_json else [f"Kept, as number {number}."])


def edit(number: Number, *, journal: JournalFolder = None) -> None:
    """Change a glimmer's words in your editor; the earlier ones, and your voice, stay.

    Example: voice-glimmer edit 12
    """
    import click  # noqa: PLC0415 - Typer has a copy of its own; this one is only for the editor

    settings = at_hand(journal)
    with at_book(settings) as book:
        before = book.get(number).text
        after = tidy(click.edit(before, require_save=True) or before)
        if not after or after == before:
            _say("I have left it as it was.")
            return
        book.reword(number, after, clock_of(book).now())
    _say("Changed. Its earlier wording stays in its history.")


def tag(
    number: Number,
    name: Annotated[str, typer.Argument(help="The tag.")],
    *,
    remove: Remove = False,
    journal: JournalFolder = None,
) -> None:
    """Give a glimmer a tag.

    Example: voice-glimmer tag 12 kindness
    """
    with at_book(at_hand(journal)) as book:
        if not name.strip():
            raise Fault("A tag needs a letter.")
        changed = book.untag(number, name) if remove else book.tag(number, name)
    _say("Done." if changed else "It was so already.")


def favourite(number: Number, *, remove: Remove = False, journal: JournalFolder = None) -> None:
    """Make a glimmer a favourite.

    Example: voice-glimmer favourite 12
    """
    with at_book(at_hand(journal)) as book:
        changed = book.favour(number, favourite=not remove)
    _say("Done." if changed else "It was so already.")


def delete(number: Number, *, journal: JournalFolder = None) -> None:
    """Delete a glimmer; for 30 days, undo brings it back.

    Example: voice-glimmer delete 12
    """
    settings = at_hand(journal)
    with at_book(settings) as book:
        book.delete(number, clock_of(book).now())
    _say("Deleted. voice-glimmer undo brings it back.")


def undo(*, as_json: AsJson = False, journal: JournalFolder = None) -> None:
    """Bring back the glimmer that was deleted last.

    Example: voice-glimmer undo
    """
    with at_book(at_hand(journal)) as book:
        number = book.deleted_last()
        if number is not None:
            book.restore(number)
        back = None if number is None else held(book.get(number))
    if as_json:
        lines(document(back))
    elif back:
        lines([f"Number {back['id']} is back: {one_line(back['text'])}"])
    else:
        lines(["Nothing is deleted."])


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    app.command("list")(list_)
    for command in (search, show, add, edit, tag, favourite, delete, undo):
        app.command()(command)


def dated(when: datetime, now: datetime) -> datetime:
    """Return a time as it was given, in this place's time zone.

    Raises:
        Fault: It is still to come.
    """
    moment = when.replace(tzinfo=now.tzinfo)
    if moment > now:
        raise Fault(f"{when:%Y-%m-%d %H:%M} is still to come. Please give a time that has been.")
    return moment


def tidy(text: str) -> str:
    """Return a text without idle space: words on one line, paragraphs after an empty one."""
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return "\n\n".join(part for part in parts if part)


def _piped() -> str:
    return "" if sys.stdin.isatty() else sys.stdin.read()


def held(glimmer: Glimmer) -> dict[str, Any]:
    """Return a glimmer as JSON holds it; docs/commands.md tells of each key."""
    found = {name: getattr(glimmer, name) for name in glimmer.__slots__}
    return found | {"spoken_at": glimmer.spoken_at.isoformat(timespec="seconds")}


def _line(glimmer: Glimmer, text: str) -> str:
    marks = " *" * glimmer.favourite + "".join(f" #{tag}" for tag in glimmer.tags)
    when = f"{glimmer.id:>5}  {glimmer.spoken_at:%Y-%m-%d %H:%M}"
    return f"{typer.style(when, dim=True)}  {text}{typer.style(one_line(marks), dim=True)}"


def _or_none(found: Iterable[str]) -> Iterator[str]:
    none = True
    for line in found:
        none = False
        yield line
    if none:
        yield "There are none."


def _excerpt(book: Journal, glimmer: Glimmer, meant: Asked) -> tuple[Piece, ...]:
    """Return where the words are; all of it where nothing else was asked for than a time."""
    from voice_glimmer.journal import Piece  # noqa: PLC0415

    return book.excerpt(glimmer.id, meant.which.topic) or (Piece(glimmer.text, matched=False),)


def _marked(pieces: Iterable[Piece]) -> str:
    return "".join(
        typer.style(one_line(piece.text), bold=True, fg="yellow")
        if piece.matched
        else one_line(piece.text)
        for piece in pieces
    )


def _told(found: Mapping[str, Any]) -> Iterator[str]:
    for name, value in found.items():
        if value not in (None, "", [], ()):
            text = ", ".join(value) if isinstance(value, list | tuple) else str(value)
            yield f"{typer.style(name, dim=True)} {one_line(text)}"


def _say(text: str) -> None:
    lines([text])
