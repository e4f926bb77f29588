"""Putting the rooms together: what `listen`, `demo` and `wake tune` share."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_glimmer.cli.beginning import Beginning
from voice_glimmer.cli.journal import place_of
from voice_glimmer.conversation.inviting import Plan
from voice_glimmer.hearing.frames import RATE
from voice_glimmer.journal.glimmers import Journal
from voice_glimmer.journal.invitations import Invitations
from voice_glimmer.journal.nightly import Background, Nightly, Wishes
from voice_glimmer.journal.presence import Presence
from voice_glimmer.journal.sleep import Sleep
from voice_glimmer.journal.spool import Spool
from voice_glimmer.loop import Loop
from voice_glimmer.settings import Settings, cache_folder
from voice_glimmer.speaking import prompts
from voice_glimmer.speaking.manner import Manner
from voice_glimmer.speaking.mouth import Mouth
from voice_glimmer.speaking.phrasing import AT_ONCE, phrases
from voice_glimmer.speaking.prompting import Prompting
from voice_glimmer.speaking.rendered import Rendered
from voice_glimmer.turns import moment
from voice_glimmer.voicing import ready

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from random import Random

    from voice_glimmer.clock import Certain, Clock
    from voice_glimmer.conversation.language import Language
    from voice_glimmer.hearing import models
    from voice_glimmer.speaking.player import Player
    from voice_glimmer.turns import Watcher


@dataclass(frozen=True, slots=True)
class Parts:
    """What a loop is made of, and the loop."""

    loop: Loop
    journal: Journal
    model: models.Model
    model_path: Path


def wishes(settings: Settings) -> Wishes:
    """Return what the person has chosen for the nights."""
    return Wishes(
        settings.recordings, settings.recordings_days, settings.recordings_mib, settings.backups
    )


def plan(settings: Settings) -> Plan:
    """Return when the person wants to be invited."""
    return Plan(tuple(settings.invitations), settings.invitation_window, settings.quiet)


def fixed_words(code: str, words: Language, at_once: int = AT_ONCE) -> Iterator[str]:
    """Yield what a language's voice says in the same words every time, the prompts first.

    It is in the pieces in which it is made, of at most so many characters.
    """
    replies = (said for wordings in words.replies.values() for said in wordings)
    # What is filled in is not fixed, and what ends without a mark is a part of something else.
    whole = [said for said in replies if "{" not in said and said.endswith((".", "?", "!", "]"))]
    loaded = prompts.load(prompts.AUDIO_PROMPTS / f"{code}.toml")
    texts = [*(prompt.words for prompt in loaded), *whole]
    said = (piece for text in texts for piece in prompts.pieces(text) if isinstance(piece, str))
    yield from (part for text in said for part in phrases(text, at_once) if isinstance(part, str))


@contextmanager
def assembled(
    settings: Settings,
    player: Callable[[], Player],
    clock: Callable[[Journal], Clock | Certain],
    watcher: Watcher,
    random: Random,
    *,
    note: Callable[[str], None],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    own_prompts: Path | None = None,
    begun: Beginning | None = None,
) -> Iterator[Parts]:
    """Open everything a loop needs, and close it again; `clock` makes one for the journal.

    `note` is told why another voice speaks than was chosen; `progress`, how many of its fixed words
    the voice has rendered, and of how many; `own_prompts` is where the person's are; `begun`
    is what was begun already.

    Raises:
        Fault: Something is missing or cannot be used; its message says what to do.
    """
    with ExitStack() as open_things:
        begun = open_things.enter_context(closing(begun or Beginning(settings)))
        # The voice starts in its own process while the model loads in this one.
        starting = begun.voice.made
        place = place_of(settings)
        journal = Journal(place, keeps_voices=settings.recordings != "none")
        open_things.callback(journal.close)
        spool = Spool(place, RATE)
        open_things.callback(spool.close)
        words = begun.language.made
        path, model = begun.model.made
        ears = begun.ears.made
        voice = open_things.enter_context(closing(ready(starting, settings, note)))
        presence = Presence(settings.journal)
        open_things.callback(presence.close)
        background = Background()
        open_things.callback(background.close)
        time = clock(journal)
        loop = Loop(
            ears=ears,
            mouth=Mouth(
                Rendered(
                    voice,
                    cache_folder() / "speech",
                    fixed_words(settings.language, words, voice.at_once),
                    progress,
                ),
                player(),
                Manner(settings.journal / "manner.json", settings.max_volume),
            ),
            journal=journal,
            spool=spool,
            prompts=Prompting(
                settings.language,
                settings.journal,
                lambda: moment(journal, time),
                random,
                own_prompts,
            ),
            sleep=Sleep(settings.journal),
            presence=presence,
            invitations=Invitations(settings.journal),
            plan=plan(settings),
            nightly=Nightly(place, wishes(settings), background),
            language=words,
            clock=time,
            random=random,
            watcher=watcher,
        )
        yield Parts(loop, journal, model, path)
