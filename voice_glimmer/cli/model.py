"""`voice-glimmer model`: which speech models there are, getting, choosing and comparing them."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from voice_glimmer.cli.printing import AsJson, indented, tell
from voice_glimmer.faults import Fault
from voice_glimmer.settings import PREFIX, cache_folder, load, settings_file

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from rich.table import Table

    from voice_glimmer.hearing.catalogue import Entry, Installed
    from voice_glimmer.hearing.checking import Hearing

LANGUAGES = {"en": "English", "de": "German", "": "unknown"}

model = typer.Typer(help="List, fetch, choose or compare speech models.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Such as small-en-us.", metavar="NAME")]


@model.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the speech models on this machine, and those that can be fetched.

    Example: voice-glimmer model list
    """
    from voice_glimmer.hearing import catalogue  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.hearing.models import BUNDLED  # noqa: PLC0415

    setting = load().model
    there = catalogue.installed(setting, Path.home())
    used = _used(setting)
    names = {each.name for each in there}
    official = catalogue.catalogue()
    if as_json:
        here = [
            asdict(each)
            | {"path": str(each.path), "in_use": each.path == used, "bundled": each.path == BUNDLED}
            for each in there
        ]
        known = [
            asdict(each) | {"short": catalogue.short(each.name), "installed": each.name in names}
            for each in official
        ]
        indented({"installed": here, "catalogue": known})
        return
    tell("On this machine, the one in use with a star:")
    for each in there:
        tell(_here(each, used=each.path == used, bundled=each.path == BUNDLED))
    tell("To fetch, with: voice-glimmer model get NAME")
    for entry in official:
        if entry.name not in names:
            tell(_official(catalogue.short(entry.name), entry))


@model.command()
def get(
    name: Name,
    *,
    mirror: Annotated[
        str | None, typer.Option(help="Another address than Vosk's own for list and models.")
    ] = None,
) -> None:
    """Fetch a speech model to where other Vosk programs find it, too.

    Example: voice-glimmer model get small-en-us
    """
    from voice_glimmer.cli.progress import bar  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.hearing import catalogue, fetching, models  # noqa: PLC0415

    source = fetching.Source((mirror or fetching.OFFICIAL).rstrip("/"))
    offer = fetching.offered(name, source)
    folder = models.cache(Path.home())
    place = folder / offer.name
    if models.is_model(place) and _sound(place):
        tell(f"It is there already: {place}")
    else:
        try:
            with bar(offer.name, offer.size, of_bytes=True) as told:
                fetching.fetch(offer, folder, source, told)
        except KeyboardInterrupt as leaving:
            tell("I stop here. The same command goes on from where it was.")
            raise typer.Exit(1) from leaving
        models.load(place, cache_folder())
        tell(f"It is there now: {place}")
    tell(f"To use it: voice-glimmer model use {catalogue.short(offer.name)}")


@model.command()
def use(name: Name) -> None:
    """Use a speech model from now on: it is tried, and written into your settings.

    Example: voice-glimmer model use small-en-us
    """
    from voice_glimmer.hearing import catalogue, models  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.hearing.suggestions import require_wake_phrases  # noqa: PLC0415
    from voice_glimmer.settings_text import choose  # noqa: PLC0415

    settings = load()
    chosen = catalogue.at_hand(name, settings.model, Path.home())
    if chosen.language not in ("", settings.language):
        raise Fault(
            f"{chosen.name} hears {LANGUAGES[chosen.language]}, and your language is "
            f'{LANGUAGES[settings.language]}. Please set language = "{chosen.language}" first.'
        )
    loaded = models.load(models.find(chosen.path, Path.home()), cache_folder())
    require_wake_phrases(loaded, settings.wake_phrases, cache_folder())
    choose(settings_file(), {"model": str(chosen.path)})
    tell(f"From now on I listen with {chosen.name}. It is written in {settings_file()}.")
    if os.environ.get(f"{PREFIX}MODEL"):
        tell(f"Please note: {PREFIX}MODEL is set, and wins over it.")


@model.command()
def check(
    path: Annotated[Path, typer.Argument(help="Of somebody who speaks.", metavar="FILE")],
    *,
    text: Annotated[
        str | None, typer.Option(help="What is said; without it, what FILE's .txt says.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare the speech models on this machine, with a recording of yours.

    Example: voice-glimmer model check me.wav --text "the robin sang outside my window"
    """
    from voice_glimmer.hearing import catalogue  # noqa: PLC0415 - keeps --help quick

    if not path.is_file():
        raise Fault(f"There is no file {path}. Please check the path.")
    said = _said(path, text)
    try:
        results = [
            {"name": each.name, **asdict(_heard(each, path, said))}
            for each in catalogue.installed(load().model, Path.home())
        ]
    except KeyboardInterrupt as leaving:
        tell("I stop here.")
        raise typer.Exit(1) from leaving
    if as_json:
        indented({"file": str(path), "said": said, "models": results})
        return
    Console().print(_table(results))
    for result in results:
        tell(f"{result['name']}: {result['heard'] or 'Nothing was heard.'}")


def _heard(each: Installed, path: Path, said: str | None) -> Hearing:
    from voice_glimmer.cli.progress import bar  # noqa: PLC0415
    from voice_glimmer.hearing import checking, models, transcribing  # noqa: PLC0415
    from voice_glimmer.hearing.frames import RATE  # noqa: PLC0415

    loaded = models.load(each.path, cache_folder())
    done = 0
    with bar(each.name, transcribing.seconds(path)) as told:

        def progress(piece: npt.NDArray[np.int16]) -> None:
            nonlocal done
            done += len(piece)
            told(done / RATE)

        return checking.hearing(loaded, transcribing.sound(path), said, time.perf_counter, progress)


def _said(path: Path, text: str | None) -> str | None:
    beside = path.parent / f"{path.stem}.txt"
    if text is None and beside.is_file() and beside != path:
        try:
            text = beside.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Fault(f"I cannot read {beside}. Please give what is said with --text.") from error
    if text is not None and not any(map(str.isalnum, text)):
        raise Fault("There is no word in what is said. Please give it with --text.")
    return text


def _sound(place: Path) -> bool:
    from voice_glimmer.hearing import models  # noqa: PLC0415

    try:
        models.load(place, cache_folder())
    except Fault:
        return False
    return True


def _used(setting: Path | None) -> Path | None:
    from voice_glimmer.hearing import models  # noqa: PLC0415

    try:
        return models.find(setting, Path.home())
    except Fault:
        return None


def _here(each: Installed, *, used: bool, bundled: bool) -> str:
    notes = [LANGUAGES[each.language], f"{each.bytes / 1e6:,.0f} MB"]
    notes += ["comes with this program"] * bundled + ["takes no wake phrase"] * (not each.wake)
    return f"{'*' if used else ' '} {each.name}: {', '.join(notes)}. {each.path}"


def _official(name: str, entry: Entry) -> str:
    notes = [LANGUAGES[entry.language], f"{entry.size}B", entry.licence]
    notes += [f"Raspberry Pi: {entry.pi}"] * bool(entry.pi)
    notes += ["takes no wake phrase"] * (not entry.wake)
    return f"  {name}: {', '.join(notes)}.\n    Wrong words of 100: {entry.word_error_rate}"


def _table(results: list[dict[str, Any]]) -> Table:
    from rich.table import Table  # noqa: PLC0415 - keeps --help quick

    table = Table("Model", "Wrong words of 100", "Seconds for one", box=None)
    for result in results:
        wrong = result["word_error_rate"]
        told = "not known" if wrong is None else f"{100 * wrong:.0f}"
        table.add_row(result["name"], told, f"{result['real_time_factor']:.2f}")
    return table


def add_to(program: typer.Typer) -> None:
    """Add these commands to the program's."""
    program.add_typer(model, name="model")
