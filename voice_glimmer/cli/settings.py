"""`voice-glimmer settings`: show, edit, set and unset them."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import typer

from voice_glimmer.cli.printing import AsJson, indented, tell
from voice_glimmer.described import plain, template, written
from voice_glimmer.faults import Fault
from voice_glimmer.settings import (
    Settings,
    checked,
    layers,
    origin,
    overriding,
    parsed,
    settings_file,
    settled,
    unknown,
)
from voice_glimmer.settings_text import check_writable, edited, save, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

app = typer.Typer(help="Show or change your settings.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(help="The setting, such as rate.", metavar="SETTING")]


@app.command()
def show(
    *,
    origins: Annotated[
        bool, typer.Option("--origin", help="Say where each value comes from, too.")
    ] = False,
    as_json: AsJson = False,
    journal: Annotated[Path | None, typer.Option(help="As of listen.")] = None,
    model: Annotated[Path | None, typer.Option(help="As of listen.")] = None,
    input_: Annotated[str | None, typer.Option("--input", help="As of listen.")] = None,
    output: Annotated[str | None, typer.Option("--output", help="As of listen.")] = None,
) -> None:
    """Show the settings that hold.

    Example: voice-glimmer settings show --origin
    """
    given = layers(journal=journal, model=model, input=input_, output=output)
    settings = settled(given)
    held = {key: (getattr(settings, key), origin(key, given)) for key in Settings.model_fields}
    if as_json:
        found = {
            key: {"value": plain(value), "origin": from_} for key, (value, from_) in held.items()
        }
        indented(found)
        return
    for key, (value, from_) in held.items():
        tail = f"  # {from_}" if origins else ""
        text = written(value)
        tell(f"# {key} is not set{tail}" if text is None else f"{key} = {text}{tail}")


@app.command()
def edit() -> None:
    """Change the settings in your editor; a mistake is told before anything is saved.

    Example: voice-glimmer settings edit
    """
    file = settings_file()
    # Whatever is in there: here it can be mended.
    before = file.read_bytes() if file.is_file() else text_of(file).encode()
    check_writable(file)
    with tempfile.TemporaryDirectory(prefix="voice-glimmer-") as folder:
        draft = Path(folder) / file.name
        given = before or template(Path.home()).encode()
        draft.write_bytes(given)
        while (mistake := _mistake(draft)) is not None:
            tell(mistake)
            if not typer.confirm("Nothing is saved yet. Shall I open it again?", default=True):
                raise Fault("I have left your settings as they were.")
        if draft.read_bytes() == given:
            tell("I have left it as it was.")
            return
        after = text_of(draft)
    save(file, after)
    tell(f"Saved, in {file}.")
    _tell_of_variables(parsed(after))


@app.command("set", context_settings={"ignore_unknown_options": True})
def set_(
    key: Key,
    value: Annotated[str, typer.Argument(help="As in the file; text needs no quotes.")],
) -> None:
    """Set one of them; all else in the file stays as it is.

    Example: voice-glimmer settings set rate 130
    """
    key, file = key.replace("-", "_"), settings_file()
    text = text_of(file)
    before = parsed(text)
    changed = _first_that_fits(key, value)
    if before.get(key) == changed:
        tell("It was so already.")
        return
    after = edited(text, {key: written(changed)})
    checked(parsed(after), lambda _key: f"In {file}: ")
    save(file, after)
    tell(f"{key} = {written(changed)}, in {file}.")
    _tell_of_variables([key])


@app.command()
def unset(key: Key) -> None:
    """Take one out of the file, so that the default holds.

    Example: voice-glimmer settings unset rate
    """
    key, file = key.replace("-", "_"), settings_file()
    text = text_of(file)
    if key not in parsed(text):
        if key not in Settings.model_fields:
            raise Fault(f"I cannot take that out: {unknown(key)}")
        tell("It was not set.")
        return
    save(file, edited(text, {key: None}))
    tell(f"{key} is no longer set, in {file}.")
    _tell_of_variables([key])


def _mistake(draft: Path) -> str | None:
    """Have a draft edited, and return what is wrong with it then, if anything is."""
    try:
        click.edit(filename=str(draft))
    except click.ClickException as error:
        raise Fault(
            "I cannot open your editor, so I changed nothing. "
            "Please set EDITOR to one that is installed, such as: export EDITOR=nano"
        ) from error
    try:
        checked(parsed(text_of(draft), "What you wrote"), lambda _key: "In what you wrote: ")
    except Fault as fault:
        return str(fault).replace(f"The settings file {draft}", "What you wrote")
    return None


def _first_that_fits(key: str, typed: str) -> Any:  # noqa: ANN401
    """Return what was typed as the setting takes it: as TOML, or else as text."""
    first: Fault | None = None
    for value in _readings(typed):
        try:
            checked({key: value}, lambda _key: "I cannot set that: ")
        except Fault as fault:
            first = first or fault
        else:
            return value
    assert first is not None  # noqa: S101 - there is a reading
    raise first


def _readings(typed: str) -> Iterator[Any]:
    with suppress(Fault):
        yield parsed(f"value = {typed}")["value"]
    yield typed


def _tell_of_variables(keys: Iterable[str]) -> None:
    for name in overriding(keys, os.environ):
        tell(f"But {name} is set in the environment, and wins over it.")


def add_to(program: typer.Typer) -> None:
    """Add these commands to the program's."""
    program.add_typer(app, name="settings")
