"""`voice-glimmer doctor`: what is well, what is to be mended, and how."""

from __future__ import annotations

import platform
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from voice_glimmer.cli.journal import JournalFolder  # noqa: TC001 - Typer reads it
from voice_glimmer.cli.printing import AsJson, indented
from voice_glimmer.faults import Fault
from voice_glimmer.settings import Layers, Settings, checked, layers, settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_glimmer.appliance.doctor import Finding

LISTEN_SECONDS = 3.0

LABELS = {"well": "[green]Well[/]", "note": "[cyan]Note[/]", "mend": "[yellow]To mend[/]"}


def doctor(
    *,
    listen: Annotated[
        bool, typer.Option("--listen/--no-listen", help="Listen for three seconds, too.")
    ] = True,
    as_json: AsJson = False,
    bundle: Annotated[
        Path | None,
        typer.Option(help="Write a report to this zip file; it has no word of your journal in it."),
    ] = None,
    journal: JournalFolder = None,
) -> None:
    """Look whether all is well, and say what mends what is not. Ends with 1 if something is not.

    Example: voice-glimmer doctor --bundle report.zip
    """
    from voice_glimmer.appliance import doctor_bundle, doctor_machine  # noqa: PLC0415

    if bundle and bundle.exists():
        raise Fault(f"There is a file {bundle} already. Please choose another name.")
    given, settings, mistake = _settings(journal)
    found: list[Finding] = []
    console = Console(stderr=as_json)
    with console.status("") as status:
        for finding in _findings(
            settings,
            mistake,
            LISTEN_SECONDS if listen else 0.0,
            lambda what: status.update(f"Looking at {what}"),
        ):
            found.append(finding)
            if not as_json:
                _print(finding, console)
    if as_json:
        indented([asdict(each) for each in found])
    else:
        _say(_summary(sum(each.grade == "mend" for each in found)), console)
    if bundle:
        files = doctor_bundle.contents(found, given, doctor_machine.logged(), _personal(settings))
        doctor_bundle.write(bundle, {**files, "machine.json": doctor_bundle.machine()})
        _say(escape(f"The report is {bundle}. It has no word of your journal in it."), console)
    if any(each.grade == "mend" for each in found):
        raise typer.Exit(1)


def _findings(
    settings: Settings, mistake: str, seconds: float, looking: Callable[[str], None]
) -> Iterator[Finding]:
    from voice_glimmer.appliance import doctor as judged  # noqa: PLC0415
    from voice_glimmer.appliance import doctor_machine  # noqa: PLC0415

    yield judged.settings(mistake)
    yield from doctor_machine.basics()
    try:
        from voice_glimmer.appliance import doctor_visit  # noqa: PLC0415
        from voice_glimmer.cli.hushing import hush_libraries  # noqa: PLC0415
    except (ImportError, OSError) as error:
        yield judged.libraries([], str(error))
        return
    hush_libraries()
    yield from doctor_visit.findings(settings, seconds, looking)


def _settings(journal: Path | None) -> tuple[Layers, Settings, str]:
    """Return what is set, the settings, and what is wrong; then the settings are the defaults."""
    given: Layers = {}
    try:
        given = layers(journal=journal)
        return given, settled(given), ""
    except Fault as fault:
        own = {} if journal is None else {"journal": journal}
        return given, checked(own, str), str(fault)


def _personal(settings: Settings) -> dict[str, str]:
    """Return what must not be in a report, and what stands there instead."""
    named = {
        settings.journal: "JOURNAL",
        settings.backups: "BACKUPS",
        settings.model: "MODEL",
        settings.key: "KEY",
        settings.input: "MICROPHONE",
        settings.output: "LOUDSPEAKER",
        Path.home(): "~",
        Path.home().name: "USER",
        platform.node(): "HOST",
    }
    return {str(each): name for each, name in named.items() if each}


def _print(finding: Finding, console: Console) -> None:
    _say(f"{LABELS[finding.grade]}: [bold]{finding.what}[/]. {escape(finding.found)}", console)
    if finding.why:
        _say(f"    {escape(finding.why)}", console)
    if finding.mend:
        _say(f"    [bold]{escape(finding.mend)}[/]", console)


def _summary(count: int) -> str:
    if not count:
        return "All is in order."
    return "One thing is to be mended." if count == 1 else f"{count} things are to be mended."


def _say(text: str, console: Console) -> None:
    console.print(text, soft_wrap=True, highlight=False)


def add_to(app: typer.Typer) -> None:
    """Add this command to the program's."""
    app.command()(doctor)
