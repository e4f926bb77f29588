"""`voice-glimmer prompts`: the calming prompts, one's own among them."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from voice_glimmer.cli.printing import AsJson, array, document, lines, one_line
from voice_glimmer.settings import load, prompts_file
from voice_glimmer.speaking.prompts import Kind, When, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_glimmer.speaking.prompts import Prompt
    from voice_glimmer.speaking.repertoire import Prompts, Repertoire

app = typer.Typer(help="The calming prompts, one's own among them.")

Id = Annotated[str, typer.Argument(help="A prompt's id, as prompts lists it.")]


@app.callback(invoke_without_command=True)
def prompts(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the prompts: when each fits, what it turns to, and which you skip.

    Example: voice-glimmer prompts
    """
    if context.invoked_subcommand:
        return
    found = _repertoire().read()
    lines(array(_held(found, each) for each in found.all) if as_json else _told(found))


@app.command()
def skip(id_: Id) -> None:
    """Leave out a prompt that you do not like.

    Example: voice-glimmer prompts skip warm-sun
    """
    changed = _repertoire().skip(id_)
    lines(["It will not come up again." if changed else "It was so already."])


@app.command()
def allow(id_: Id) -> None:
    """Let a prompt come up again.

    Example: voice-glimmer prompts allow warm-sun
    """
    changed = _repertoire().allow(id_)
    lines(["It may come up again." if changed else "It was so already."])


@app.command()
def add(
    words: Annotated[list[str], typer.Argument(help="A breath, and a question at the end.")],
    *,
    kind: Annotated[Kind, typer.Option(help="What it turns to.")] = "joy",
    when: Annotated[When, typer.Option(help="When it fits.")] = "any",
    as_json: AsJson = False,
) -> None:
    """Add a prompt of your own.

    Example: voice-glimmer prompts add "Look out of the window, if you like. What moves there?"
    """
    repertoire = _repertoire()
    prompt = repertoire.add(" ".join(words), kind, when)
    added = _held(repertoire.read(), prompt)
    lines(document(added) if as_json else [f"Added, as {prompt.id}."])


@app.command()
def say(
    id_: Annotated[str | None, typer.Argument(help="Its id; without it, any one.")] = None,
) -> None:
    """Say a prompt aloud.

    Example: voice-glimmer prompts say warm-sun
    """
    from voice_glimmer.cli.aloud import heard, speaking  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.reciting import said  # noqa: PLC0415

    found = _repertoire().read()
    prompt = Random().choice(found.allowed) if id_ is None else found.named(id_)  # noqa: S311
    with speaking(load(), datetime.now().astimezone()) as mouth:
        heard(said(prompt.words, mouth), mouth, Console())


def _repertoire() -> Repertoire:
    from voice_glimmer.speaking.repertoire import Repertoire  # noqa: PLC0415 - keeps --help quick

    code = load().language
    return Repertoire(code, prompts_file(code))


def _held(found: Prompts, prompt: Prompt) -> dict[str, Any]:
    return prompt.model_dump() | {
        "own": prompt in found.own,
        "skipped": prompt.id in found.skipped,
    }


def _told(found: Prompts) -> Iterator[str]:
    width = max(len(each.id) for each in found.all)
    for each in found.all:
        marks = " (yours)" * (each in found.own) + " (skipped)" * (each.id in found.skipped)
        about = f"{each.id:<{width}}  {each.kind:<10}  {each.when:<7}"
        yield f"{typer.style(about, dim=True)}  {one_line(plain(each.words))}{marks}"


def add_to(program: typer.Typer) -> None:
    """Add these commands to the program's."""
    program.add_typer(app, name="prompts")
