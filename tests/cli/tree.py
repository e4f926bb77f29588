"""Every command there is, as Typer knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from voice_glimmer.cli.app import command as program

TREE: Any = program()


def commands(group: Any = TREE, *path: str) -> Iterator[tuple[str, Any]]:
    """Yield each command and group below a group, with what is typed to reach it."""
    for name, command in group.commands.items():
        yield " ".join((*path, name)), command
        if hasattr(command, "commands"):
            yield from commands(command, *path, name)


def understand(arguments: list[str]) -> None:
    """Read a command line as it would be read to be run, and run nothing.

    Raises:
        TyperException: It is not understood.
    """
    command, context, name = TREE, None, "voice-glimmer"
    while True:
        try:
            context = command.make_context(name, arguments, parent=context)
        except (typer.Exit, SystemExit):
            # It asks for help, and has it by now.
            return
        if not hasattr(command, "commands"):
            return
        rest = [*context._protected_args, *context.args]
        if not rest:
            # A group that does something by itself.
            return
        name, command, arguments = command.resolve_command(context, rest)
