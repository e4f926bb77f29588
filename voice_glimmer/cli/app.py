"""The `voice-glimmer` command."""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voice_glimmer.bounded import anything_hangs
from voice_glimmer.cli import glimmers
from voice_glimmer.cli import journal as taking
from voice_glimmer.cli import settings as choosing
from voice_glimmer.cli.doctor import doctor
from voice_glimmer.cli.update import update
from voice_glimmer.faults import Fault
from voice_glimmer.settings import load

log = logging.getLogger(__name__)

app = typer.Typer(
    help="A hands-free, offline voice journal for small good moments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
wake = typer.Typer(help="Check or tune the wake phrase.", no_args_is_help=True)
app.add_typer(wake, name="wake")
app.add_typer(choosing.app, name="settings")

ModelFolder = Annotated[Path | None, typer.Option(help="The folder of a Vosk model.")]
JournalFolder = taking.JournalFolder
InputName = Annotated[
    str | None, typer.Option("--input", help="The microphone's name, or part of it.")
]
OutputName = Annotated[
    str | None, typer.Option("--output", help="The loudspeaker's name, or part of it.")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print more, for a bug report.")]


@app.callback()
def _top(*, verbose: Verbose = False) -> None:
    """Set up the log: at a terminal only on request, under a service always."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        # From here on there is something to put in order first.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    usual = logging.CRITICAL if sys.stderr.isatty() else logging.WARNING
    logging.basicConfig(
        level=logging.INFO if verbose else usual,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )


@app.command()
def listen(
    *,
    journal: JournalFolder = None,
    model: ModelFolder = None,
    input_: InputName = None,
    output: OutputName = None,
    or_demo: Annotated[
        bool, typer.Option("--or-demo", help="Without a microphone, show the demo instead.")
    ] = False,
) -> None:
    """Listen for the wake phrase, and keep what you say.

    Example: voice-glimmer listen --journal ~/glimmers
    """
    from voice_glimmer.cli import listen as listening  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.cli.fittings import left_muted  # noqa: PLC0415
    from voice_glimmer.hearing.frames import Microphone  # noqa: PLC0415

    with listening.held_as_service():
        settings = load(journal=journal, model=model, input=input_, output=output)
        listening.hush_libraries()
        try:
            muted = left_muted(settings)
            microphone = Microphone(settings.input, settings.gain, muted=muted)
        except Fault as fault:
            if not or_demo:
                raise
            words = f"{fault} Until then, here is the demo."
            Console().print(words, soft_wrap=True, markup=False, highlight=False)
            demo(model=model)
            return
        listening.listen(settings, Console(), microphone)


@app.command()
def demo(
    *,
    into: Annotated[
        Path | None, typer.Option(help="The folder to leave the journal and the recording in.")
    ] = None,
    model: ModelFolder = None,
) -> None:
    """Show a whole conversation with a synthetic person; needs no sound card.

    Example: voice-glimmer demo --into /tmp/demo
    """
    from voice_glimmer.cli import demo as showing  # noqa: PLC0415 - keeps --help quick

    if not showing.demo(load(model=model).model, Console(), into):
        raise typer.Exit(1)


@app.command()
def talk(
    *,
    journal: JournalFolder = None,
    language: Annotated[
        str | None, typer.Option(help="The language's code, such as en or de.")
    ] = None,
) -> None:
    """Have the same conversation typed, without a microphone.

    Example: voice-glimmer talk --journal ~/glimmers
    """
    from voice_glimmer.cli import talk as talking  # noqa: PLC0415 - keeps --help quick

    console = Console()
    talking.talk(load(journal=journal, language=language), talking.typed(console), console)


@app.command()
def conversation(
    *,
    diagram: Annotated[
        bool, typer.Option("--diagram", help="Its states and transitions, as Mermaid source.")
    ] = False,
) -> None:
    """Show how the conversation goes.

    Example: voice-glimmer conversation --diagram
    """
    from voice_glimmer.conversation.diagram import mermaid  # noqa: PLC0415 - keeps --help quick

    if not diagram:
        raise Fault("Please say what to show: voice-glimmer conversation --diagram")
    sys.stdout.write(mermaid())


@wake.command()
def check(
    phrase: Annotated[list[str], typer.Argument(help="What you would say.", metavar="PHRASE")],
    *,
    model: ModelFolder = None,
) -> None:
    """Say how good a wake phrase is, and why.

    Example: voice-glimmer wake check "hey glimmer"
    """
    from voice_glimmer.cli import wake_check  # noqa: PLC0415 - keeps --help quick

    if not wake_check.check(" ".join(phrase), load(model=model).model, Console()):
        raise typer.Exit(1)


@wake.command()
def tune(
    *,
    phrase: Annotated[
        str | None, typer.Option(help="Which wake phrase; without it, the first.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Bring back what was set before the last tuning.")
    ] = False,
    model: ModelFolder = None,
    input_: InputName = None,
    output: OutputName = None,
) -> None:
    """Fit gain and sensitivity to your voice and your kitchen, in a minute, by voice.

    Example: voice-glimmer wake tune --phrase "hey glimmer"
    """
    from voice_glimmer.cli import listen as listening  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.cli import wake_tune as tuning  # noqa: PLC0415

    if undo:
        tuning.undo(Console())
        return
    settings = load(model=model, input=input_, output=output)
    listening.hush_libraries()
    if not tuning.tune(settings, phrase, Console()):
        raise typer.Exit(1)


glimmers.add_to(app)
taking.add_to(app)
app.command()(doctor)
app.command()(update)


def _refuse(sentence: str) -> int:
    Console(stderr=True).print(sentence, soft_wrap=True, markup=False, highlight=False)
    return 2


def main() -> None:
    """Run the command; a fault becomes one sentence and exit code 2."""
    # Whatever is written is for this person's eyes and ears.
    os.umask(0o077)
    # Such as of a model whose loading was interrupted.
    sys.unraisablehook = lambda told: log.info("left behind: %r of %r", told.exc_value, told.object)
    try:
        app()
    except Fault as fault:
        code = _refuse(str(fault))
    except Exception:
        log.info("an unforeseen fault", exc_info=True)
        code = _refuse(
            "Something went wrong that I did not foresee. "
            "Please run it again with -v right after voice-glimmer, and report what it prints."
        )
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0
    if anything_hangs():
        # All of ours is closed by now.
        os._exit(code)
    sys.exit(code)
