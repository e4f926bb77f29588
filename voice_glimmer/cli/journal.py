"""The commands that take a journal along, bring it back, let go what was deleted, and encrypt."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voice_glimmer.cli.printing import AsJson, document, lines, tell
from voice_glimmer.faults import Fault
from voice_glimmer.settings import Settings, load, settings_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_glimmer.clock import Clock
    from voice_glimmer.journal import Journal
    from voice_glimmer.journal.formats import Format
    from voice_glimmer.journal.keys import Where
    from voice_glimmer.journal.places import Place

JournalFolder = Annotated[Path | None, typer.Option(help="The folder in which glimmers are kept.")]
KeyPlace = Annotated[
    str | None,
    typer.Option(help="Where the key is: a file, keyring, or credential; else as in the settings."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def export(
    path: Annotated[
        Path,
        typer.Argument(help="NAME.zip, .html, .jsonl or .csv; or a new folder, for Markdown."),
    ],
    *,
    journal: JournalFolder = None,
) -> None:
    """Write your journal to a file that other programs read.

    Example: voice-glimmer export ~/glimmers.zip
    """
    from voice_glimmer.journal import formats  # noqa: PLC0415 - keeps --help quick

    settings = at_hand(journal)
    formats.export(place_of(settings), path, _format(path), language=settings.language)
    tell(f"Your journal is in {path}. Whoever gets it can read it.")


def import_(
    path: Annotated[Path, typer.Argument(help="What export wrote, or jrnl, or Day One.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would come of it.")
    ] = False,
    as_json: AsJson = False,
    journal: JournalFolder = None,
) -> None:
    """Take glimmers from a file into your journal; what is there already stays as it is.

    Example: voice-glimmer import --dry-run ~/glimmers.zip
    """
    from voice_glimmer.clock import local_zone  # noqa: PLC0415
    from voice_glimmer.journal import formats  # noqa: PLC0415

    settings = load(journal=journal)
    with sentences():
        done = formats.take_in(path, place_of(settings), local_zone(os.environ), dry_run=dry_run)
    if as_json:
        lines(document({"new": done.new, "known": done.known, "left_out": done.left_out}))
        return
    new = "Would be new" if dry_run else "New"
    tell(f"{new}: {_glimmers(done.new)}. There already: {done.known}.")
    if done.left_out:
        tell(f"Photos, videos and sounds that stay in {path}: {done.left_out}.")


def backup(
    folder: Annotated[
        Path | None, typer.Argument(help="Where to; without it, as in the settings.")
    ] = None,
    *,
    as_json: AsJson = False,
    journal: JournalFolder = None,
) -> None:
    """Copy your journal with all voices, and check the copy.

    Example: voice-glimmer backup /mnt/share/glimmers
    """
    from voice_glimmer.journal.backup import back_up, left_out, prove  # noqa: PLC0415
    from voice_glimmer.journal.places import key_of  # noqa: PLC0415

    settings = at_hand(journal)
    place = place_of(settings)
    copy = back_up(place, _backups(folder, settings), datetime.now().astimezone())
    count = prove(copy, key_of(place))
    if as_json:
        lines(document({"copy": str(copy), "glimmers": count}))
        return
    tell(f"Copied: {_glimmers(count)}, to {copy}. I have opened and checked it.")
    if lost := left_out(place, copy):
        tell(f"Recordings in your journal that cannot be read, so are not in it: {lost}.")


def restore(
    path: Annotated[
        Path | None,
        typer.Argument(help="A backup, or a folder of them; without it, as in the settings."),
    ] = None,
    *,
    journal: JournalFolder = None,
) -> None:
    """Put a backup in your journal's place, once it is checked; the newest, of a folder.

    Example: voice-glimmer restore /mnt/share/glimmers
    """
    from voice_glimmer.journal.backup import BEFORE_RESTORE, backups  # noqa: PLC0415
    from voice_glimmer.journal.backup import restore as put_back  # noqa: PLC0415

    settings = load(journal=journal)
    copy = _backups(path, settings)
    if copy.is_dir():
        found = backups(copy)
        if not found:
            raise Fault(f"There is no backup in {copy}. Nothing was changed.")
        copy = found[0]
    with sentences():
        count = put_back(copy, place_of(settings))
    tell(f"Back again: {_glimmers(count)}, from {copy}.")
    tell(f"Your journal from before is {settings.journal / BEFORE_RESTORE}.")


def empty(
    *,
    yes: Yes = False,
    journal: JournalFolder = None,
) -> None:
    """Let what you have deleted go for good now, and not after 30 days.

    Example: voice-glimmer empty
    """
    from voice_glimmer.journal.emptying import empty as let_go  # noqa: PLC0415

    settings = at_hand(journal)
    if not _may("It cannot be brought back then. Shall I?", yes=yes):
        return
    now = datetime.now().astimezone()
    with sentences():
        gone = let_go(place_of(settings), now, now)
    tell(f"Gone for good: {_glimmers(gone)}. Backups may still have them.")


def seal(
    *,
    key: KeyPlace = None,
    yes: Yes = False,
    journal: JournalFolder = None,
) -> None:
    """Encrypt your journal and your voice; without the key, nobody can ever read them again.

    Example: voice-glimmer seal --key /media/stick/voice-glimmer.key
    """
    from voice_glimmer.journal import keys, sealing  # noqa: PLC0415
    from voice_glimmer.journal.places import Sealed  # noqa: PLC0415

    settings = at_hand(journal, key)
    where = _where(settings)
    read = keys.read if sealing.is_sealed(settings.journal) else keys.found
    found = read(where, os.environ)
    tell("Without its key an encrypted journal is lost for ever, for you as for everybody else.")
    if not _may("Shall I encrypt it?", yes=yes):
        return
    if found is None:
        found = keys.made(where)
        tell(f"I have made a key, in {_named(where)}. Please keep a copy of it in a safe place.")
    tell("I am writing everything anew. With many hours of your voice that takes minutes.")
    sealing.seal(Sealed(settings.journal, found))
    tell("Your journal is encrypted. Exports and backups from before are not.")
    if load().key != where:
        tell(f'Please put this line into {settings_file()}: key = "{where}"')


def unseal(
    *,
    key: KeyPlace = None,
    yes: Yes = False,
    journal: JournalFolder = None,
) -> None:
    """Decrypt your journal and your voice again.

    Example: voice-glimmer unseal
    """
    from voice_glimmer.journal import keys, sealing  # noqa: PLC0415
    from voice_glimmer.journal.places import Sealed  # noqa: PLC0415

    settings = at_hand(journal, key)
    found = keys.read(_where(settings), os.environ)
    if not _may("Whoever gets this disk can read it then. Shall I?", yes=yes):
        return
    sealing.unseal(Sealed(settings.journal, found))
    tell("Your journal is no longer encrypted. Backups from before still are.")
    if load().key is not None:
        tell(f"Please take the line with key out of {settings_file()}.")


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    app.command()(export)
    app.command("import")(import_)
    app.command()(backup)
    app.command()(restore)
    app.command()(empty)
    app.command()(seal)
    app.command()(unseal)


def at_hand(journal: Path | None, key: str | None = None, **flags: object) -> Settings:
    """Return the settings of a journal that is there; `flags` are others that were given.

    Raises:
        Fault: There is none.
    """
    from voice_glimmer.journal.opening import DATABASE  # noqa: PLC0415

    settings = load(journal=journal, key=key, **flags)
    if not (settings.journal / DATABASE).exists():
        raise Fault(f"There is no journal in {settings.journal} yet.")
    return settings


def place_of(settings: Settings) -> Place:
    """Return where the journal is, with its key if it has one."""
    from voice_glimmer.journal.keys import unlocked  # noqa: PLC0415

    return unlocked(settings.journal, settings.key, os.environ)


def clock_of(journal: Journal) -> Clock:
    """Return the clock that goes on from what a journal knows."""
    from voice_glimmer.clock import Clock, Linux, local_zone  # noqa: PLC0415
    from voice_glimmer.journal.times import latest  # noqa: PLC0415

    return Clock(local_zone(os.environ), latest(journal.folder), Linux())


def _may(question: str, *, yes: bool) -> bool:
    """Ask, unless it was said already; tell that nothing is done without a yes."""
    if yes or typer.confirm(question):
        return True
    tell("I have left it as it was.")
    return False


def _where(settings: Settings) -> Where:
    if settings.key is None:
        raise Fault(
            "Please say with --key where the key is, or where I shall make one: "
            "a file, or keyring for the desktop's."
        )
    return settings.key if isinstance(settings.key, str) else settings.key.absolute()


def _named(where: Where) -> str:
    return "the desktop's keyring" if where == "keyring" else str(where)


def _format(path: Path) -> Format:
    from voice_glimmer.journal.formats import Format  # noqa: PLC0415

    suffix = path.suffix.lower().removeprefix(".")
    if not suffix or suffix == Format.MARKDOWN:
        return Format.MARKDOWN
    try:
        return Format(suffix)
    except ValueError as error:
        raise Fault(
            f"I do not write {path.suffix}. Please name a file in .zip, .html, .jsonl or .csv, "
            "or a folder for Markdown."
        ) from error


def _backups(given: Path | None, settings: Settings) -> Path:
    path = given or settings.backups
    if path is None:
        raise Fault("Please say where backups are, here or as backups in the settings.")
    return path


@contextmanager
def sentences() -> Iterator[None]:
    """Tell in one sentence that the journal cannot be written."""
    from voice_glimmer.journal.errors import JournalUnavailableError  # noqa: PLC0415

    try:
        yield
    except JournalUnavailableError as error:
        raise Fault(
            "The journal cannot be written just now, and is as it was. "
            "Please check that there is room, and try again."
        ) from error


def _glimmers(count: int) -> str:
    return f"{count} glimmer" if count == 1 else f"{count} glimmers"
