"""`voice-glimmer serve`: the page over the journal, and which devices may open it."""

from __future__ import annotations

from contextlib import closing
from random import Random
from typing import TYPE_CHECKING, Annotated

import typer

from voice_glimmer.cli.journal import JournalFolder, clock_of, place_of
from voice_glimmer.cli.printing import tell
from voice_glimmer.faults import Fault
from voice_glimmer.settings import Settings, load, prompts_file, settings_file

if TYPE_CHECKING:
    from pathlib import Path

    from voice_glimmer.review.devices import Devices
    from voice_glimmer.review.house import House
    from voice_glimmer.review.policy import Bound

PORT = 8765

Port = Annotated[int, typer.Option(help="The port.", min=1, max=65535)]

serve = typer.Typer(help="Show your journal as a page in a browser.")
devices = typer.Typer(help="Show which devices were let in, or shut one out.")
serve.add_typer(devices, name="devices")


@serve.callback(invoke_without_command=True)
def page(
    context: typer.Context,
    *,
    lan: Annotated[
        bool, typer.Option("--lan", help="Let other devices in the house in, after pairing.")
    ] = False,
    port: Port = PORT,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    datasette: Annotated[
        bool, typer.Option("--datasette", help="Also open the journal in Datasette, on /data/.")
    ] = False,
    journal: JournalFolder = None,
) -> None:
    """Show your journal as a page in a browser, on this machine or in the house.

    Example: voice-glimmer serve --lan
    """
    if context.invoked_subcommand:
        return
    from voice_glimmer.review import serving  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.review.app import build  # noqa: PLC0415
    from voice_glimmer.review.data import explorer  # noqa: PLC0415
    from voice_glimmer.review.policy import ANY, is_loopback  # noqa: PLC0415

    where = serving.bound(host, port, lan=lan)
    house = _house(load(journal=journal))
    app = build(house)
    if datasette:
        if where.host != ANY and not is_loopback(where.host):
            raise Fault("Datasette opens on this machine alone. Please leave --host out.")
        app.router.routes.append(explorer(house.place, where.url))
    with serving.opened(where) as listening:
        tell(f"Your page is at {where.url}. Ctrl-C ends it.")
        if datasette:
            tell(f"In Datasette, your journal is at {where.url}data/, from this machine alone.")
        # A code from before the machine's start could fit the clock again.
        app.state.pairing.withdraw()
        if lan:
            _offer(where, app.state.pairing.offer())
        serving.serve(app, where, listening)
    tell("Goodbye.")


@serve.command()
def pair(*, port: Port = PORT, journal: JournalFolder = None) -> None:
    """Make new words that let the next device in, while the page is served with --lan.

    Example: voice-glimmer serve pair
    """
    from voice_glimmer.clock import Linux  # noqa: PLC0415
    from voice_glimmer.review import serving  # noqa: PLC0415
    from voice_glimmer.review.pairing import Pairing  # noqa: PLC0415

    folder = load(journal=journal).journal
    _offer(serving.bound(None, port, lan=True), Pairing(folder, Linux().since_boot).offer())


@devices.callback(invoke_without_command=True)
def listed(context: typer.Context, *, journal: JournalFolder = None) -> None:
    """Show which devices were let in.

    Example: voice-glimmer serve devices
    """
    if context.invoked_subcommand:
        return
    known = _devices(journal).all()
    for device in known:
        tell(f"{device.id}  {device.name}, paired on {device.paired}, last used on {device.seen}")
    if not known:
        tell("No other device is let in.")


@devices.command()
def revoke(
    device: Annotated[str, typer.Argument(help="What serve devices calls it.")],
    *,
    journal: JournalFolder = None,
) -> None:
    """Let a device in no more.

    Example: voice-glimmer serve devices revoke 1f0c2a9b
    """
    gone = _devices(journal).shut_out(device)
    if gone is None:
        raise Fault(f'No device is called "{device}". Please see: voice-glimmer serve devices')
    tell(f"{gone.name} is let in no more.")


def _house(settings: Settings) -> House:
    from voice_glimmer.conversation import language  # noqa: PLC0415
    from voice_glimmer.journal import Journal  # noqa: PLC0415
    from voice_glimmer.review.house import House  # noqa: PLC0415
    from voice_glimmer.speaking.repertoire import Repertoire  # noqa: PLC0415

    place = place_of(settings)
    with closing(Journal(place)) as journal:
        clock = clock_of(journal)
    words = language.load(settings.language)
    return House(
        place,
        settings,
        words,
        clock,
        Random(),  # noqa: S311
        settings_file=settings_file(),
        prompts=Repertoire(settings.language, prompts_file(settings.language)),
    )


def _devices(journal: Path | None) -> Devices:
    from datetime import date  # noqa: PLC0415

    from voice_glimmer.review.devices import Devices  # noqa: PLC0415

    return Devices(load(journal=journal).journal, date.today)


def _offer(where: Bound, code: str) -> None:
    import segno  # noqa: PLC0415

    segno.make(where.url_with(code), micro=False).terminal(compact=True)
    tell(f"Point a phone's camera here, or open {where.house_url} there and type:")
    tell(f"    {code}")
    tell("These words let one device in, within ten minutes.")
    tell("What goes through your network is not encrypted: whoever shares it could look on.")


def add_to(program: typer.Typer) -> None:
    """Add these commands to the program's."""
    program.add_typer(serve, name="serve")
