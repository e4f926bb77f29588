"""The `voice-glimmer` command."""

from __future__ import annotations

import io
import logging
import os
import signal
import sys
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from typer.exceptions import TyperException
from typer.main import get_command

from voice_glimmer.bounded import anything_hangs
from voice_glimmer.cli import aloud, usage
from voice_glimmer.cli import journal as taking
from voice_glimmer.cli.commands import Commands
from voice_glimmer.faults import Fault
from voice_glimmer.later import Later, anything_is_made
from voice_glimmer.settings import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOG_FORM = "%(asctime)s %(name)s %(levelname)s %(message)s"
"""What `appliance/doctor_log.py` looks for, too."""

log = logging.getLogger(__name__)

app = typer.Typer(
    help="A hands-free, offline voice journal for small good moments.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
wake = typer.Typer(help="Check or tune the wake phrase.", no_args_is_help=True)
app.add_typer(wake, name="wake")

ModelFolder = Annotated[Path | None, typer.Option(help="The folder of a Vosk model.")]
JournalFolder = taking.JournalFolder
InputName = Annotated[
    str | None, typer.Option("--input", help="The microphone's name, or part of it.")
]
OutputName = aloud.OutputName
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
        format=LOG_FORM,
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
    from voice_glimmer.cli.holding import held_as_service  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.cli.hushing import hush_libraries  # noqa: PLC0415

    with held_as_service(), ExitStack() as during:
        settings = load(journal=journal, model=model, input=input_, output=output)
        hush_libraries()
        from voice_glimmer.appliance.muting import left_muted  # noqa: PLC0415
        from voice_glimmer.cli.beginning import Beginning  # noqa: PLC0415 - after wrong settings
        from voice_glimmer.hearing.frames import Microphone  # noqa: PLC0415

        muted = left_muted(settings)
        opening = Later(lambda: Microphone(settings.input, settings.gain, muted=muted))
        begun = during.enter_context(closing(Beginning(settings)))
        begun.begin(opening)
        from voice_glimmer.cli import listen as listening  # noqa: PLC0415 - meanwhile

        listening.greet(settings, Console())
        try:
            microphone = opening.made
        except Fault as fault:
            from voice_glimmer.journal.presence import must_be_alone  # noqa: PLC0415 - seldom needed

            must_be_alone(settings.journal, fault)
            if not or_demo:
                raise
            words = f"{fault} Until then, here is the demo."
            Console().print(words, soft_wrap=True, markup=False, highlight=False)
            demo(model=model)
            return
        listening.listen(settings, Console(), microphone, begun)


@app.command()
def welcome() -> None:
    """Make sure that I hear you and you hear me, in five short steps; skip what you like.

    Example: voice-glimmer welcome
    """
    from voice_glimmer.cli import welcome as welcoming  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.cli.hushing import hush_libraries  # noqa: PLC0415

    hush_libraries()
    welcoming.welcome(Console())


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
    from voice_glimmer.cli import wake_tune as tuning  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.cli.hushing import hush_libraries  # noqa: PLC0415

    if undo:
        tuning.undo(Console())
        return
    settings = load(model=model, input=input_, output=output)
    hush_libraries()
    if not tuning.tune(settings, phrase, Console()):
        raise typer.Exit(1)


def _refuse(sentence: str) -> int:
    if sentence:
        Console(stderr=True).print(
            usage.printable(sentence), soft_wrap=True, markup=False, highlight=False
        )
    return 2


def _of_system(error: OSError) -> str:
    """Return what the system says of a file or a device, in a sentence."""
    log.info("a file or a device", exc_info=error)
    begin = f"I cannot use {error.filename}" if error.filename else "I cannot go on"
    return f"{begin}: {(error.strerror or str(error)).lower()}."


def _written(code: int) -> int:
    """Write what was printed and waits to be; return the exit code."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # Else the interpreter tries again at its end, and says so.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = code or (1 if isinstance(error, BrokenPipeError) else _refuse(_of_system(error)))
    return code


@cache
def command() -> Callable[..., int | None]:
    """Return the program as one command, of which only what is needed is put together."""
    program: Any = get_command(app)
    program.commands = Commands(program.commands)
    return program  # type: ignore[no-any-return]


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command, and return its exit code; whatever goes wrong becomes one sentence.

    Args:
        arguments: What follows `voice-glimmer`; None where that is the process's own.

    Returns:
        0 if it is done, 1 if it ended otherwise than was wished, 2 after a fault or what cannot be
        understood, 130 after Ctrl-C.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file's name need not be text.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return command()(arguments, prog_name="voice-glimmer", standalone_mode=False) or 0
    except Fault as fault:
        return _refuse(str(fault))
    except TyperException as error:
        return _refuse(usage.sentence(error))
    except typer.Abort as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            return 130
        return _refuse("Nobody was there to answer, so I have changed nothing.")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except OSError as error:
        return _refuse(_of_system(error))
    except UnicodeEncodeError:
        log.info("no text", exc_info=True)
        return _refuse("There is something in it that is no text. Please write it otherwise.")
    except Exception:
        log.info("an unforeseen fault", exc_info=True)
        return _refuse(
            "Something went wrong that I did not foresee. "
            "Please run it again with -v right after voice-glimmer, and report what it prints."
        )


def main() -> None:
    """Be the process that runs the command."""
    # Whatever is written is for this person's eyes and ears.
    os.umask(0o077)
    # Such as of a model whose loading was interrupted.
    sys.unraisablehook = lambda told: log.info("left behind: %r of %r", told.exc_value, told.object)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Closed by whoever started this: nothing is typed, and nobody reads.
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115
    code = _written(run())
    if anything_hangs() or anything_is_made():
        # All of ours is closed by now.
        os._exit(code)
    sys.exit(code)
