"""Where commands are."""

from importlib import import_module

import pytest
import typer
from typer.main import get_group

from voice_glimmer.cli.commands import HERE, PLACES, Commands


@pytest.mark.parametrize("module", sorted({*PLACES.values()} - {HERE}))
def test_each_module_has_the_commands_that_are_looked_for_there(module: str):
    part = typer.Typer()
    import_module(f"voice_glimmer.cli.{module}").add_to(part)
    assert list(get_group(part).commands) == [n for n, place in PLACES.items() if place == module]


def test_a_command_that_is_there_is_not_looked_for():
    listen = object()
    commands = Commands({"listen": listen})
    assert commands["listen"] is listen
    assert commands.get("lisst") is None
