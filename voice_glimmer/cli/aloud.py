"""`voice-glimmer read` and `play`: glimmers through the loudspeaker."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from voice_glimmer.cli.asking import Words, asked, at_book, in_order
from voice_glimmer.cli.hushing import hush_libraries
from voice_glimmer.cli.journal import JournalFolder, at_hand, clock_of
from voice_glimmer.settings import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from voice_glimmer.journal import Glimmer
    from voice_glimmer.settings import Settings
    from voice_glimmer.speaking.mouth import Mouth
    from voice_glimmer.speaking.rendered import Rendered
    from voice_glimmer.speaking.sound import Sound

OutputName = Annotated[
    str | None, typer.Option("--output", help="The loudspeaker's name, or part of it.")
]

STEP_SECONDS = 0.05
"""How often the mouth is asked to go on: far less than it makes ahead."""


def read(words: Words = None, *, output: OutputName = None, journal: JournalFolder = None) -> None:
    """Read glimmers aloud, as when asked by voice; Ctrl-C ends it.

    Example: voice-glimmer read "last week about coffee"
    """
    _recite(words, output, journal, own_voice=False)


def play(words: Words = None, *, output: OutputName = None, journal: JournalFolder = None) -> None:
    """Play glimmers in your own voice; those of which there is none are read.

    Example: voice-glimmer play "the one about the robin"
    """
    _recite(words, output, journal, own_voice=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    app.command()(read)
    app.command()(play)


@contextmanager
def speaking(settings: Settings, now: datetime) -> Iterator[Mouth]:
    """Speak through the loudspeaker, in the manner that the person likes; softly in quiet hours.

    Raises:
        Fault: There is no loudspeaker, or no voice.
    """
    from voice_glimmer.conversation.inviting import is_quiet  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.speaking.manner import Manner  # noqa: PLC0415
    from voice_glimmer.speaking.mouth import Mouth  # noqa: PLC0415
    from voice_glimmer.speaking.player import Loudspeaker  # noqa: PLC0415

    hush_libraries()
    with (
        closing(Loudspeaker(settings.output, settings.lead_in)) as loudspeaker,
        voice(settings) as made,
    ):
        mouth = Mouth(
            made, loudspeaker, Manner(settings.journal / "manner.json", settings.max_volume)
        )
        mouth.quiet = is_quiet(settings.quiet, now.time())
        yield mouth


@contextmanager
def voice(settings: Settings) -> Iterator[Rendered]:
    """Have the voice that the person has chosen, or the usual one where that cannot speak.

    Raises:
        Fault: Neither can.
    """
    from voice_glimmer.speaking.rendered import Rendered  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.voicing import ready, started  # noqa: PLC0415

    with closing(started(settings)) as begun, closing(ready(begun, settings, _tell)) as made:
        yield Rendered(made, cache_folder() / "speech", ())


def _tell(sentence: str) -> None:
    Console(stderr=True).print(sentence, soft_wrap=True, markup=False, highlight=False)


def heard(
    begun: Iterable[tuple[str, bool]],
    mouth: Mouth,
    console: Console,
    rest: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Show what is spoken while it is, and wait until it was; Ctrl-C falls silent.

    Args:
        begun: What is begun, and whether it is heard.
        mouth: What speaks it.
        console: Where it is shown.
        rest: Lets so many seconds pass.
        clock: Returns monotonic seconds.
    """
    try:
        for text, spoken in begun:
            console.print(escape(text), highlight=False, soft_wrap=True)
            if not spoken:
                console.print("[dim]I could not say this aloud. Please read it.[/]")
            while mouth.quiet_at > clock():
                mouth.go_on()
                rest(STEP_SECONDS)
    except KeyboardInterrupt:
        mouth.hush()
        console.print()


def _recite(
    words: list[str] | None, output: str | None, journal: Path | None, *, own_voice: bool
) -> None:
    from voice_glimmer import replaying  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.conversation.language import load as language_of  # noqa: PLC0415
    from voice_glimmer.conversation.requests import Request  # noqa: PLC0415
    from voice_glimmer.conversation.sentences import Kind  # noqa: PLC0415
    from voice_glimmer.reciting import recited, said  # noqa: PLC0415

    settings = at_hand(journal, output=output)
    language = language_of(settings.language)
    with at_book(settings) as book:
        now = clock_of(book).now()
        meant = asked(words, book, settings)
        request = meant.request or Request(Kind.READ)
        few = replace(meant, limit=request.limit)
        found = list(in_order(few, book, oldest_first=meant.oldest))
        total = book.count(meant.which)

        def introduced(glimmer: Glimmer) -> str:
            return language.when(glimmer.spoken_at, now, uncertain=glimmer.uncertain)

        def voice_of(glimmer: Glimmer) -> Sound | None:
            return replaying.own_voice(book, glimmer) if own_voice else None

        with speaking(settings, now) as mouth:
            if not found:
                heard(said(language.counted(0, request), mouth), mouth, Console())
                return
            only_words = language.say("only_words") if own_voice else ""
            heard(
                chain(
                    said(language.announced(len(found), total, request), mouth),
                    recited(found, mouth, introduced, voice_of, only_words),
                    said(language.say("read_end"), mouth) if request.limit > 1 else (),
                ),
                mouth,
                Console(),
            )
