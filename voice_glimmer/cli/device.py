"""`voice-glimmer device`: microphones and loudspeakers, by name."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from voice_glimmer.cli.printing import AsJson, indented, tell
from voice_glimmer.faults import Fault
from voice_glimmer.settings import PREFIX, load, settings_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from voice_glimmer.devices import Device

device = typer.Typer(help="List, test or choose microphone and loudspeaker.", no_args_is_help=True)

InputName = Annotated[
    str | None, typer.Option("--input", help="The microphone's name, or part of it.")
]
OutputName = Annotated[
    str | None, typer.Option("--output", help="The loudspeaker's name, or part of it.")
]


@device.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List microphones and loudspeakers by the names that the settings take.

    Example: voice-glimmer device list
    """
    from voice_glimmer.cli.hushing import hush_libraries  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.devices import devices  # noqa: PLC0415

    hush_libraries()
    found: list[Device] = _asked(
        lambda library: [*devices(library, "input"), *devices(library, "output")]
    )
    if as_json:
        indented([asdict(each) for each in found])
        return
    for kind, what in (("input", "microphone"), ("output", "loudspeaker")):
        there = [each for each in found if each.kind == kind]
        title = f"{what.capitalize()}s, the default one with a star:"
        tell(title if there else f"I found no {what}.")
        for each in there:
            tell(_told(each))


@device.command("test")
def try_(*, input_: InputName = None, output: OutputName = None) -> None:
    """Hear how a microphone hears you, and whether its level suits.

    Example: voice-glimmer device test --input "USB"
    """
    from voice_glimmer.cli import device_test  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.cli.hushing import hush_libraries  # noqa: PLC0415

    settings = load(input=input_, output=output)
    hush_libraries()
    try:
        suits = device_test.test(settings, Console())
    except KeyboardInterrupt:
        tell("I stop here.")
        suits = False
    if not suits:
        raise typer.Exit(1)


@device.command("set")
def set_(*, input_: InputName = None, output: OutputName = None) -> None:
    """Use this microphone or loudspeaker from now on: it is opened once, then written down.

    Example: voice-glimmer device set --input "USB PnP Sound Device"
    """
    from voice_glimmer.cli.hushing import hush_libraries  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.cli.microphones import microphone_of  # noqa: PLC0415
    from voice_glimmer.devices import named  # noqa: PLC0415
    from voice_glimmer.settings_text import choose  # noqa: PLC0415
    from voice_glimmer.speaking.player import Loudspeaker  # noqa: PLC0415

    hush_libraries()
    choices = {}
    if input_ is not None:
        microphone_of(load(input=input_)).close()
        choices["input"] = _asked(lambda library: named(library, input_, "input"))
    if output is not None:
        _asked(lambda library: library)
        Loudspeaker(output).close()
        choices["output"] = _asked(lambda library: named(library, output, "output"))
    if not choices:
        raise Fault("Please say which, with --input or --output: voice-glimmer device list")
    choose(settings_file(), choices)
    for key, name in choices.items():
        what = "hear you with" if key == "input" else "speak through"
        tell(f"From now on I {what} {name}. It is written in {settings_file()}.")
        if os.environ.get(f"{PREFIX}{key.upper()}"):
            tell(f"Please note: {PREFIX}{key.upper()} is set, and wins over it.")


def _asked(question: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """Return the sound library's answer to a question, within a time limit."""
    from voice_glimmer.bounded import BoundedStream  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.hearing.frames import sound_library  # noqa: PLC0415

    answers: list[Any] = []
    BoundedStream().run(lambda: answers.append(question(sound_library())))
    return answers[0]


def _told(each: Device) -> str:
    notes = f"{each.channels} channels, {each.rate:,} Hz"
    if not each.alone:
        notes += "; another one has the same name, so it cannot be chosen"
    return f"{'*' if each.default else ' '} {each.name} ({notes})"


def add_to(program: typer.Typer) -> None:
    """Add these commands to the program's."""
    program.add_typer(device, name="device")
