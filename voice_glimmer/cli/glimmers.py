"""Glimmers at the keyboard: list, show, add, edit, tag, favourite, delete, undo."""

from __future__ import annotations

import json
import re
import sys
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime  # noqa: TC003 - Typer reads it
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import typer
from rich.console import Console
from rich.markup import escape

from voice_glimmer.cli.journal import JournalFolder, at_hand, clock_of, place_of, sentences
from voice_glimmer.faults import Fault
from voice_glimmer.settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_glimmer.journal import Glimmer, Journal

ModelFolder = Annotated[
    Path | None, typer.Option(help="The folder of a Vosk model, for a recording.")
]
Number = Annotated[int, typer.Argument(help="The glimmer's number, as list shows it.", min=1)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
Remove = Annotated[bool, typer.Option("--remove", help="Take it away again.")]


def list_(
    words: Annotated[
        list[str] | None,
        typer.Argument(help='As you would say it: "last week about coffee".'),
    ] = None,
    *,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 20,
    as_json: AsJson = False,
    journal: JournalFolder = None,
) -> None:
    """List your glimmers, the newest last; all, or those you ask for.

    Example: voice-glimmer list "last week about coffee"
    """
    settings = at_hand(journal)
    with _open(settings) as book:
        if words:
            found = _asked(" ".join(words), book, settings.language, limit)
        else:
            found = book.newest(limit)
    _print([_held(glimmer) for glimmer in reversed(found)], as_json=as_json)


def show(number: Number, *, as_json: AsJson = False, journal: JournalFolder = None) -> None:
    """Show all there is about a glimmer, its earlier wordings too.

    Example: voice-glimmer show 12
    """
    with _open(at_hand(journal)) as book:
        held = _held(book.get(number))
        held["earlier"] = book.earlier(number)
    if as_json:
        _print([held], as_json=True)
        return
    for name, value in held.items():
        if value not in (None, "", [], ()):
            text = ", ".join(value) if isinstance(value, list | tuple) else str(value)
            _say(f"[dim]{name}[/] {escape(text)}")


def add(
    words: Annotated[
        list[str] | None, typer.Argument(help="The glimmer; without it, what is piped in.")
    ] = None,
    *,
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
        recorded.keep(audio, load(journal=journal, model=model), when)
        return
    text = tidy(" ".join(words) if words else _piped())
    if not text:
        raise Fault('Please say what to keep: voice-glimmer add "the sun on my tea"')
    settings = load(journal=journal)
    with _open(settings) as book:
        clock = clock_of(book)
        now = clock.now()
        number = book.keep(
            text,
            (),
            dated(when, now) if when else now,
            duration=0.0,
            prompt="",
            name="",
            voice=b"",
            rate=16_000,
            reckoning=None if when else clock.reckoning(now),
        )
    _say(f"Kept, as number {number}.")


def edit(number: Number, *, journal: JournalFolder = None) -> None:
    """Change a glimmer's words in your editor; the earlier ones stay in its history.

    Example: voice-glimmer edit 12
    """
    settings = at_hand(journal)
    with _open(settings) as book:
        before = book.get(number).text
        after = tidy(click.edit(before, require_save=True) or before)
        if not after or after == before:
            _say("I have left it as it was.")
            return
        now = clock_of(book).now()
        book.change(number, after, (), now, duration=0.0, name="", voice=b"", rate=16_000)
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
    with _open(at_hand(journal)) as book:
        if not name.strip():
            raise Fault("A tag needs a letter.")
        changed = book.untag(number, name) if remove else book.tag(number, name)
    _say("Done." if changed else "It was so already.")


def favourite(number: Number, *, remove: Remove = False, journal: JournalFolder = None) -> None:
    """Make a glimmer a favourite.

    Example: voice-glimmer favourite 12
    """
    with _open(at_hand(journal)) as book:
        changed = book.favour(number, favourite=not remove)
    _say("Done." if changed else "It was so already.")


def delete(number: Number, *, journal: JournalFolder = None) -> None:
    """Delete a glimmer; for 30 days, undo brings it back.

    Example: voice-glimmer delete 12
    """
    settings = at_hand(journal)
    with _open(settings) as book:
        book.delete(number, clock_of(book).now())
    _say("Deleted. voice-glimmer undo brings it back.")


def undo(*, journal: JournalFolder = None) -> None:
    """Bring back the glimmer that was deleted last.

    Example: voice-glimmer undo
    """
    with _open(at_hand(journal)) as book:
        number = book.deleted_last()
        if number is None:
            _say("Nothing is deleted.")
            return
        book.restore(number)
        _say(f"Number {number} is back: {escape(book.get(number).text)}")


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    app.command("list")(list_)
    for command in (show, add, edit, tag, favourite, delete, undo):
        app.command()(command)


def _asked(words: str, book: Journal, code: str, limit: int) -> list[Glimmer]:
    from random import Random  # noqa: PLC0415 - keeps --help quick

    from voice_glimmer import recall  # noqa: PLC0415
    from voice_glimmer.conversation import language  # noqa: PLC0415
    from voice_glimmer.conversation.requests import Order  # noqa: PLC0415

    now = clock_of(book).now()
    request = recall.typed(words, now, language.load(code), recall.SPOKEN_AS[code])
    which = recall.which(request)
    if request.order is Order.ANY:
        return book.any_of(which, Random(), limit=1)  # noqa: S311
    if request.order is Order.OLDEST:
        return book.find(which, limit=min(limit, request.limit), oldest_first=True)[::-1]
    # By voice few are read where it was not said how many; a list may be longer.
    counted = request.limit if any(each.isdigit() for each in words.split()) else limit
    return book.find(which, limit=counted)


@contextmanager
def _open(settings: Settings) -> Iterator[Journal]:
    from voice_glimmer.journal import Journal, NoSuchGlimmerError  # noqa: PLC0415

    with sentences(), closing(Journal(place_of(settings))) as book:
        try:
            yield book
        except NoSuchGlimmerError as error:
            raise Fault("There is no glimmer of that number.") from error


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


def _held(glimmer: Glimmer) -> dict[str, Any]:
    return asdict(glimmer) | {"spoken_at": glimmer.spoken_at.isoformat(timespec="seconds")}


def _print(held: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(held, ensure_ascii=False, indent=2) + "\n")
        return
    if not held:
        _say("There are none.")
    for each in held:
        when = each["spoken_at"][:16].replace("T", " ")
        marks = " *" * each["favourite"] + "".join(f" #{tag}" for tag in each["tags"])
        _say(f"[dim]{each['id']:>5}  {when}[/]  {escape(each['text'])}[dim]{escape(marks)}[/]")


def _say(text: str) -> None:
    Console().print(text, soft_wrap=True, highlight=False)
