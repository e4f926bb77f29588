"""What a person could say instead of a wake phrase that the model cannot hear."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.hearing import lexicon, models
from voice_glimmer.hearing.wake_phrase import lacking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)


def require_wake_phrases(
    model: models.Model,
    phrases: Sequence[str],
    cache: Path,
    words: Callable[[models.Model, Sequence[str], Path], lexicon.Lexicon] = lexicon.load,
) -> None:
    """Make sure that every word of the wake phrases can be heard.

    Args:
        model: What has to hear them.
        phrases: All of them, lower case.
        cache: A folder in which pronunciations are remembered.
        words: What gets the words of everyday speech.

    Raises:
        Fault: It names the words that the model lacks, and others near in sound.
    """
    if not models.missing_words(model, phrases):
        return
    try:
        told = lacking(phrases, words(model, phrases, cache))
    except Fault as fault:
        log.warning("no other words can be suggested: %s", fault)
        models.require_words(model, phrases, "the wake phrase")
    else:
        raise Fault(told)
