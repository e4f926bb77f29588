"""`voice-glimmer wake check`: how good a wake phrase is, and why."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from voice_glimmer.conversation import language
from voice_glimmer.conversation.requests import ANSWERS, WHILE_HEARING
from voice_glimmer.faults import Fault
from voice_glimmer.hearing import lexicon, models
from voice_glimmer.hearing.wake_phrase import Grade, judge, normalised
from voice_glimmer.settings import cache_folder
from voice_glimmer.speaking import prompts
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS

if TYPE_CHECKING:
    from rich.console import Console

LABELS = {
    Grade.GOOD: "[green]Good[/]",
    Grade.FAIR: "[yellow]Fair[/]",
    Grade.POOR: "[red]Poor[/]",
}


def check(text: str, model_path: Path | None, console: Console) -> bool:
    """Print how good a wake phrase is and why; return whether it can be used.

    Raises:
        Fault: There is no model or no espeak-ng to judge it with.
    """
    try:
        phrase = normalised(text)
    except Fault as fault:
        _line(console, escape(str(fault)))
        return False
    model = models.load(models.find(model_path, Path.home()), cache_folder())
    words = language.load("en")
    invitations = [prompt.words for prompt in prompts.load(AUDIO_PROMPTS / "en.toml")]
    said = [*chain(*words.replies.values()), *invitations]
    verdict = judge(
        phrase,
        lexicon.load(model, [phrase], cache_folder()),
        answers={*words.sentences.vocabulary(ANSWERS | WHILE_HEARING), *words.closings},
        own_words=map(prompts.plain, said),
    )
    _line(console, f'"{escape(phrase)}" is a {verdict.grade.name.lower()} wake phrase.')
    for reason in verdict.reasons:
        _line(console, f"{LABELS[reason.grade]}: {escape(reason.text)}")
    return verdict.grade > Grade.POOR


def _line(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True)
