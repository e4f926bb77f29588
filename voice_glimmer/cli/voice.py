"""`voice-glimmer voice`: which voices there are, how they sound, and which one speaks."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voice_glimmer.cli.printing import AsJson, indented, tell
from voice_glimmer.faults import Fault
from voice_glimmer.settings import PREFIX, VOICES, cache_folder, load, settings_file

if TYPE_CHECKING:
    from voice_glimmer.settings import Settings
    from voice_glimmer.speaking.mouth import Mouth
    from voice_glimmer.speaking.voice import Voice

Name = Annotated[str, typer.Argument(help="As voice list shows it, or a Piper voice's file.")]

app = typer.Typer(help="List the voices I can speak with, try or set one.", no_args_is_help=True)


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the voices for your language: Piper's, then espeak-ng's, the soft ones first.

    Example: voice-glimmer voice list
    """
    found = listed(load())
    if as_json:
        indented(found)
        return
    width = max(len(each["name"]) for each in found)
    for each in found:
        told = each["lacks"] or each["about"]
        used = " (in use)" if each["in_use"] else ""
        tell(f"{each['name']:{width}}  {each['engine']:9}  {told}{used}")


@app.command("try")
def try_(
    name: Name,
    text: Annotated[str | None, typer.Argument(help="What to say; else, a prompt.")] = None,
) -> None:
    """Say something with a voice, through your loudspeaker.

    Example: voice-glimmer voice try en-us+f4 "The kettle sings."
    """
    from voice_glimmer.cli.hushing import hush_libraries  # noqa: PLC0415 - keeps --help quick
    from voice_glimmer.speaking import prompts  # noqa: PLC0415
    from voice_glimmer.speaking.manner import Manner  # noqa: PLC0415
    from voice_glimmer.speaking.mouth import Mouth  # noqa: PLC0415
    from voice_glimmer.speaking.player import Loudspeaker  # noqa: PLC0415
    from voice_glimmer.speaking.rendered import Rendered  # noqa: PLC0415

    settings = load()
    if text is None:
        text = prompts.load(prompts.AUDIO_PROMPTS / f"{settings.language}.toml")[0].words
    hush_libraries()
    with ExitStack() as open_things:
        voice = open_things.enter_context(closing(speaking(name, settings)))
        loudspeaker = Loudspeaker(settings.output, settings.lead_in)
        open_things.enter_context(closing(loudspeaker))
        rendered = Rendered(voice, cache_folder() / "speech", ())
        manner = Manner(settings.journal / "manner.json", settings.max_volume)
        try:
            spoken = say(Mouth(rendered, loudspeaker, manner), text)
        except KeyboardInterrupt:
            return
    if not spoken:
        raise Fault("Some of that I could not say. Please try other words.")


@app.command("set")
def set_(name: Name) -> None:
    """Speak with this voice from now on.

    Example: voice-glimmer voice set en-us+f4
    """
    from voice_glimmer.settings_text import choose  # noqa: PLC0415
    from voice_glimmer.speaking.voices import called, is_piper  # noqa: PLC0415

    speaking(name, load()).close()
    # Wherever the program is started, a file is to be found.
    kept = called(name, ()) if is_piper(name) else name
    choose(settings_file(), {"voice": kept})
    tell(f"I speak with {name} from the next start on.")
    if os.environ.get(f"{PREFIX}VOICE"):
        tell(f"Please note: {PREFIX}VOICE is set in the environment, and wins.")


def listed(settings: Settings) -> list[dict[str, Any]]:
    """Return the voices for a language, with `in_use` for the one that speaks.

    Raises:
        Fault: There is none.
    """
    from voice_glimmer.speaking import voices  # noqa: PLC0415
    from voice_glimmer.voicing import chosen_voice, voice_folders  # noqa: PLC0415

    folders, chosen = voice_folders(), chosen_voice(settings)
    found = voices.known(settings.language, VOICES[settings.language], folders)
    used = [voices.called(each.name, folders) == chosen for each in found]
    if not any(used):
        engine = "piper" if voices.is_piper(chosen) else "espeak-ng"
        found, used = [voices.Known(chosen, engine, ""), *found], [True, *used]
    return [asdict(each) | {"in_use": now} for each, now in zip(found, used, strict=True)]


def speaking(name: str, settings: Settings) -> Voice:
    """Return a voice that can speak.

    Raises:
        Fault: It cannot; the sentence names voices that are called nearly so.
    """
    from voice_glimmer.speaking import voices  # noqa: PLC0415
    from voice_glimmer.speaking.voice import Voice  # noqa: PLC0415
    from voice_glimmer.voicing import voice_folders  # noqa: PLC0415

    folders = voice_folders()
    voice = Voice(voices.called(name, folders), settings.rate)
    try:
        voice.check()
    except Fault as fault:
        voice.close()
        if voices.is_piper(voice.name) or str(fault) == voices.NO_ESPEAK:
            raise
        near = voices.nearest(
            name, voices.known(settings.language, VOICES[settings.language], folders)
        )
        raise Fault(f"{fault}{near}") from fault
    return voice


def say(mouth: Mouth, text: str) -> bool:
    """Say a text to its end; return whether all of it could be spoken."""
    spoken = mouth.say(text)
    while mouth.quiet_at > time.monotonic():
        time.sleep(0.05)
        spoken = mouth.go_on() and spoken
    return spoken


def add_to(program: typer.Typer) -> None:
    """Add these commands to the program's."""
    program.add_typer(app, name="voice")
