"""From what was heard to a draft: the voice into the spool, and out of it after a power cut."""

from __future__ import annotations

import logging
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import numpy as np

from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.requests import understand
from voice_glimmer.hearing.ear import Dictated
from voice_glimmer.hearing.frames import Frame, from_samples
from voice_glimmer.journal.glimmers import JournalUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voice_glimmer.clock import Certain, Clock
    from voice_glimmer.conversation.language import Language
    from voice_glimmer.conversation.state import Conversation
    from voice_glimmer.hearing.ear import Ears
    from voice_glimmer.journal.glimmers import Journal
    from voice_glimmer.journal.spool import Leftover, Spool
    from voice_glimmer.turns import Turns

log = logging.getLogger(__name__)


class Drafting:
    """Holds what is being said, and makes drafts of it.

    Args:
        ears: What hears.
        spool: What holds the voice meanwhile.
        journal: What keeps.
        turns: What keeps drafts and lets them go.
        language: The language's words.
        clock: Knows the local time, or reckons it.
    """

    def __init__(
        self,
        *,
        ears: Ears,
        spool: Spool,
        journal: Journal,
        turns: Turns,
        language: Language,
        clock: Clock | Certain,
    ) -> None:
        self._ears = ears
        self._spool = spool
        self._journal = journal
        self._turns = turns
        self._language = language
        self._clock = clock

    def hold(self, frame: Frame, talk: Conversation) -> None:
        """Put a frame of what may be a glimmer into the spool, before it is heard."""
        if not self._spool.current:
            now = self._clock.now()
            reckoning = self._clock.reckoning(now)
            self._spool.begin(now, talk.prompt, talk.going_on_from, reckoning)
        self._spool.append(frame.samples.tobytes())

    def leave(self) -> None:
        """Leave what was said but not yet understood in the spool, for the next start."""
        self._spool.end()

    def let_go(self) -> None:
        """Remove what is being held, in which no word was heard."""
        if self._spool.current:
            self._spool.discard(self._spool.current)

    def event(self, heard: Dictated | ev.Event) -> ev.Event:
        """Return what was heard as an event; a dictation as a draft with its voice."""
        if not isinstance(heard, Dictated):
            if isinstance(heard, ev.FellSilent):
                self.let_go()
            return heard
        name = self._spool.current
        self._spool.end()
        first = timedelta(seconds=heard.duration - heard.words[0].start)
        now = self._clock.now()
        # By way of UTC: where the clocks were just changed, local time is no measure.
        spoken_at = (now.astimezone(UTC) - first).astimezone(now.tzinfo)
        draft = ev.Draft(
            text=" ".join(word.text for word in heard.words),
            words=heard.words,
            spoken_at=spoken_at,
            recording=name,
            duration=heard.duration,
            reckoning=self._clock.reckoning(spoken_at),
        )
        return ev.Spoke(draft, heard.ending)

    def recovered(
        self, around: Callable[[Iterable[Frame]], Iterable[Frame]] = iter
    ) -> list[ev.Memory]:
        """Keep what an earlier run was hearing when it was cut off; return what was kept.

        What cannot be kept now stays in the spool for the next start.

        Args:
            around: Yields the frames that are transcribed, and may do something in between.
        """
        kept = []
        for leftover in self._spool.leftovers():
            try:
                memory = self._recover(leftover, around)
            except (JournalUnavailableError, OSError, ValueError, OverflowError) as error:
                log.error("%s waits in the spool: %s", leftover.name, error)
            else:
                kept += [memory] if memory else []
        return kept

    def _recover(
        self, leftover: Leftover, around: Callable[[Iterable[Frame]], Iterable[Frame]]
    ) -> ev.Memory | None:
        recordings = (*leftover.before, leftover.name)
        if self._journal.has(leftover.name):
            self._turns.discard(recordings)
            return None
        voice = np.frombuffer(b"".join(map(self._spool.voice, recordings)), "<i2")
        dictated = self._ears.transcribe(around(from_samples(voice)))
        text = " ".join(word.text for word in dictated.words)
        if not text or understand(text, leftover.began_at, self._language):
            self._turns.discard(recordings)
            return None
        first = timedelta(seconds=dictated.words[0].start)
        reckoning, began_at = leftover.reckoning, leftover.began_at
        if reckoning and (known := self._clock.time_of(reckoning)):
            began_at = known
            reckoning = self._clock.reckoning(began_at + first)
        draft = ev.Draft(
            text=text,
            words=dictated.words,
            spoken_at=began_at + first,
            recording=leftover.name,
            duration=dictated.duration,
            prompt=leftover.prompt,
            before=leftover.before,
            reckoning=reckoning,
        )
        kept = self._turns.keep(draft)
        return kept.memory if isinstance(kept, ev.Saved) else None
