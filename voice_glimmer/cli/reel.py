"""`voice-glimmer reel`: glimmers as one sound file, to listen to, or to give to someone."""

from __future__ import annotations

import logging
import signal
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from voice_glimmer.cli.asking import Words, asked, at_book, in_order
from voice_glimmer.cli.journal import JournalFolder, at_hand
from voice_glimmer.cli.printing import AsJson, document, lines
from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voice_glimmer.cli.asking import Asked
    from voice_glimmer.conversation.language import Language
    from voice_glimmer.journal import Glimmer, Journal
    from voice_glimmer.settings import Settings
    from voice_glimmer.speaking.mouth import Mouth

To = Annotated[Path, typer.Option(help="A new file: NAME.opus, .flac or .mp3.")]

BETWEEN = "[1s]"
"""Beside the pause after each: one has time to think of what was heard."""

log = logging.getLogger(__name__)


def reel(
    words: Words = None, *, to: To, as_json: AsJson = False, journal: JournalFolder = None
) -> None:
    """Put glimmers into one sound file, in your own voice; without words, those of a week.

    Example: voice-glimmer reel "last month" --to ~/july.opus
    """
    from voice_glimmer.recall import WEEK  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.speaking.writing import form_of  # noqa: PLC0415

    form_of(_ending(to))
    settings = at_hand(journal)
    with at_book(settings) as book:
        meant = asked(words or [WEEK[settings.language]], book, settings)
        many = book.count(meant.which)
        if not many:
            raise Fault("There are no such glimmers, so I have made no file.")
        total = 1 if meant.any else min(many, meant.limit or many)
        try:
            seconds, unspoken = _recorded(meant, total, book, to, settings)
        except OSError as error:
            log.info("the reel was not written to %s: %s", to, error)
            raise Fault(
                f"I could not write {to}. Please check that there is room, and the folder."
            ) from error
        except KeyboardInterrupt as error:
            lines(["I have stopped, and made no file."])
            raise typer.Exit(130) from error
    if as_json:
        made = {"file": str(to), "glimmers": total, "seconds": round(seconds, 1)}
        lines(document(made | {"unspoken": unspoken}))
        return
    minutes = f"{int(seconds) // 60}:{int(seconds) % 60:02}"
    lines([f"Your reel is {to}: {total} of your glimmers, {minutes} minutes."])
    if unspoken:
        lines([f"Of {unspoken}, my voice failed; a low chime stands for the words."])


def _recorded(
    meant: Asked, total: int, book: Journal, to: Path, settings: Settings
) -> tuple[float, int]:
    """Write the file; return its seconds, and of how many glimmers the voice failed."""
    from rich.console import Console  # noqa: PLC0415 - keeps --help quick
    from rich.progress import Progress  # noqa: PLC0415

    from voice_glimmer.cli.aloud import voice  # noqa: PLC0415
    from voice_glimmer.conversation import language  # noqa: PLC0415
    from voice_glimmer.journal.formats import new_file  # noqa: PLC0415
    from voice_glimmer.speaking.manner import Manner  # noqa: PLC0415
    from voice_glimmer.speaking.mouth import Mouth  # noqa: PLC0415
    from voice_glimmer.speaking.writing import FilePlayer  # noqa: PLC0415

    unspoken, console = 0, Console(stderr=True)
    with (
        new_file(to) as file,
        voice(settings) as made,
        closing(FilePlayer(file, _ending(to))) as player,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
        _asked_to_stop() as stop,
    ):
        mouth = Mouth(made, player, Manner())
        task = progress.add_task("Your reel", total=total)
        found = in_order(meant, book, oldest_first=True)
        for spoken in told(found, mouth, book, language.load(settings.language)):
            unspoken += not spoken
            progress.advance(task)
            if stop.is_set():
                raise KeyboardInterrupt
    return player.seconds, unspoken


@contextmanager
def _asked_to_stop() -> Iterator[Event]:
    """Set a flag, and nothing else, on Ctrl-C: what is being encoded just then is finished."""
    stop = Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ending(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")


def told(
    glimmers: Iterable[Glimmer], mouth: Mouth, book: Journal, language: Language
) -> Iterator[bool]:
    """Tell glimmers, each after a chime and its date; yield whether each could be spoken."""
    from voice_glimmer.reciting import recited  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.replaying import own_voice  # noqa: PLC0415

    def dated(glimmer: Glimmer) -> str:
        return language.date(glimmer.spoken_at, uncertain=glimmer.uncertain)

    for glimmer in glimmers:
        mouth.chime("woke")
        begun = recited([glimmer], mouth, dated, lambda each: own_voice(book, each))
        heard = [spoken for _, spoken in begun]
        yield all(heard)
        mouth.say(BETWEEN)


def add_to(app: typer.Typer) -> None:
    """Add this command to the program's."""
    app.command()(reel)
