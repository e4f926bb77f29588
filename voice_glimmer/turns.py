"""Events in, actions carried out: what the spoken and the typed conversation have in common.

Nothing is decided here. What an action leads to, such as a glimmer that was found, is the next
event.
"""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, Protocol

import numpy as np

from voice_glimmer import recall
from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.deeds import Alteration, Deed
from voice_glimmer.conversation.machine import step
from voice_glimmer.conversation.requests import Order, Request
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.conversation.state import Conversation
from voice_glimmer.conversation.telling import prompt_answered
from voice_glimmer.journal.glimmers import (
    Glimmer,
    JournalUnavailableError,
    NoSuchGlimmerError,
)
from voice_glimmer.replaying import own_voice
from voice_glimmer.speaking import prompts
from voice_glimmer.speaking.choosing import Moment
from voice_glimmer.speaking.sound import Sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from random import Random

    from voice_glimmer.clock import Certain, Clock
    from voice_glimmer.conversation.language import Language
    from voice_glimmer.journal.glimmers import Journal

RATE = 16_000
"""Of the drafts' voices, in Hz."""

log = logging.getLogger(__name__)


class Listener(Protocol):
    """What the person is heard by."""

    def listen(self, ear: do.Ear, saying: str = "") -> None:
        """Listen for this from now on; `saying` is what the program says until then."""


class Speaker(Protocol):
    """What the program speaks by. Each method tells whether it could be spoken."""

    def chime(self, name: str) -> None:
        """Play a chime."""

    def say(self, text: str) -> bool:
        """Speak the program's words; `[1.5s]` in them is a pause."""

    def quote(self, text: str) -> bool:
        """Speak the person's words."""

    def replay(self, sound: Sound) -> bool:
        """Play the person's own voice."""

    def breathe(self, inhale: str, exhale: str) -> bool:
        """Guide through a minute of breathing, with these words."""

    def adjust(self, how: Kind) -> bool:
        """Speak otherwise from now on; return False where it was as far as that goes."""

    def hush(self) -> None:
        """Fall silent at once."""

    def said(self) -> str:
        """Return, once, what was to be spoken since this was last asked."""


class Prompts(Protocol):
    """What the person is invited with."""

    def next(self) -> str:
        """Return a calming prompt, with its pauses."""

    def became(self, *, answered: bool) -> None:
        """Learn what became of the last one."""


class Drafts(Protocol):
    """Where the voices of drafts are."""

    def voice(self, name: str) -> bytes:
        """Return a draft's voice: int16 little-endian mono samples at `RATE`."""

    def discard(self, name: str) -> None:
        """Remove it."""


class Watcher(Protocol):
    """Someone who looks on, such as the terminal."""

    def happened(self, event: ev.Event) -> None:
        """See an event."""

    def did(self, action: do.Action, text: str, *, spoken: bool) -> None:
        """See an action that was carried out; `text` is what was said, without pauses."""


class Turns:
    """One conversation after another, from event to event.

    Args:
        listener: What the person is heard by.
        speaker: What the program speaks by.
        journal: What keeps.
        drafts: Where the voices of drafts are.
        prompts: What the person is invited with.
        language: The language's words.
        now: Returns the local time, aware of its zone and of the changes of its clocks.
        random: What draws a glimmer when any will do.
        watcher: Who looks on.

    Attributes:
        conversation: Where it is.
        leaving: Whether nobody waits any more to hear what is said.
    """

    def __init__(
        self,
        *,
        listener: Listener,
        speaker: Speaker,
        journal: Journal,
        drafts: Drafts,
        prompts: Prompts,
        language: Language,
        now: Callable[[], datetime],
        random: Random,
        watcher: Watcher,
    ) -> None:
        self._listener = listener
        self._speaker = speaker
        self._journal = journal
        self._drafts = drafts
        self._prompts = prompts
        self._language = language
        self._now = now
        self._random = random
        self._watcher = watcher
        self.conversation = Conversation()
        self.leaving = False

    def happen(self, event: ev.Event) -> None:
        """Take an event, carry out what follows, and take what follows from that."""
        pending = deque([event])
        while pending:
            event = pending.popleft()
            before = self.conversation
            self.conversation, actions = step(before, event, self._language)
            answered = prompt_answered(before, event, self.conversation)
            if answered is not None:
                self._prompts.became(answered=answered)
            self._watcher.happened(event)
            for action in actions:
                pending.extend(self._do(action))

    def _do(self, action: do.Action) -> list[ev.Event]:  # noqa: C901 - one case an action
        if self.leaving and not isinstance(action, do.Keep | do.Discard):
            return []
        text, spoken, answers = "", True, list[ev.Event]()
        match action:
            case do.Chime(name=name):
                self._speaker.chime(name)
            case do.Invite():
                prompt = self._prompts.next()
                spoken = self._speaker.say(prompt)
                text = prompts.plain(prompt)
                answers = [ev.Invited(text)]
            case do.Say(text=words):
                spoken = self._speaker.say(words)
                text = prompts.plain(words)
            case do.Quote(text=text):
                spoken = self._speaker.quote(text)
            case do.Replay(what=what):
                text = what.text
                spoken = self._replay(what)
            case do.Breathe(inhale=inhale, exhale=exhale):
                spoken = self._speaker.breathe(inhale, exhale)
                text = f"{inhale} {exhale}"
            case do.Adjust(how=how):
                answers = [ev.Adjusted(changed=self._speaker.adjust(how))]
            case do.Hush():
                self._speaker.hush()
            case do.Listen(ear=ear):
                self._listener.listen(ear, self._speaker.said())
            case do.Keep(draft=draft):
                answers = [self.keep(draft)]
            case do.Discard(draft=draft):
                self.discard(draft.recordings)
            case do.Recall(request=request):
                answers = [self._recall(request)]
            case do.Alter(alteration=alteration):
                answers = [self._alter(alteration)]
        self._watcher.did(action, text, spoken=spoken)
        return answers

    def keep(self, draft: ev.Draft) -> ev.Saved | ev.SaveFailed:
        """Write a draft into the journal, and let its voice in the spool go."""
        try:
            kept = self._journal.keep(
                draft.text,
                draft.words,
                draft.spoken_at,
                duration=draft.duration,
                prompt=draft.prompt,
                name=draft.recording,
                voice=self._voice(draft),
                rate=RATE,
                reckoning=draft.reckoning,
            )
        except (JournalUnavailableError, OSError) as error:
            log.error("a glimmer could not be kept yet: %s", error)
            return ev.SaveFailed(draft)
        self.discard(draft.recordings)
        recorded = bool(draft.recording) and self._journal.keeps_voices
        uncertain = draft.reckoning is not None
        return ev.Saved(draft, ev.Memory(kept, draft.text, draft.spoken_at, recorded, uncertain))

    def _voice(self, draft: ev.Draft) -> bytes:
        return b"".join(map(self._drafts.voice, draft.recordings))

    def discard(self, recordings: Iterable[str]) -> None:
        """Remove the voices of one draft, in their order."""
        # The last one last: until it is gone, it tells that the others belong to it.
        for name in recordings:
            self._drafts.discard(name)

    def _replay(self, what: ev.Draft | ev.Memory) -> bool:
        """Play a voice, or say the words where there is none or it cannot be read."""
        sound = self._draft(what) if isinstance(what, ev.Draft) else own_voice(self._journal, what)
        return self._speaker.replay(sound) if sound else self._speaker.quote(what.text)

    def _draft(self, draft: ev.Draft) -> Sound | None:
        try:
            voice = np.frombuffer(self._voice(draft), "<i2").astype(np.int16)
        except OSError as error:
            log.error("a draft's voice could not be read: %s", error)
            return None
        between = (draft.words[0].start, draft.words[-1].end) if draft.words else None
        return Sound(voice, RATE).between(between) if len(voice) else None

    def _alter(self, alteration: Alteration) -> ev.Altered | ev.AlterFailed:
        try:
            return ev.Altered(self._do_to_glimmer(alteration))
        except (JournalUnavailableError, NoSuchGlimmerError, OSError) as error:
            log.error("a glimmer could not be altered: %s", error)
            return ev.AlterFailed()

    def _do_to_glimmer(self, alteration: Alteration) -> bool:
        """Return whether that changed anything."""
        journal, which, draft = self._journal, alteration.memory.id, alteration.draft
        match alteration.deed:
            case Deed.FAVOUR:
                return journal.favour(which, favourite=True)
            case Deed.UNFAVOUR:
                return journal.favour(which, favourite=False)
            case Deed.TAG:
                return journal.tag(which, alteration.tag)
            case Deed.UNTAG:
                return journal.untag(which, alteration.tag)
            case Deed.DELETE:
                journal.delete(which, self._now())
            case Deed.RESTORE:
                journal.restore(which)
            case Deed.UNCHANGE:
                return journal.unchange(which)
            case Deed.CHANGE if draft:
                journal.change(
                    which,
                    draft.text,
                    draft.words,
                    self._now(),
                    duration=draft.duration,
                    name=draft.recording,
                    voice=self._voice(draft),
                    rate=RATE,
                )
            case _:
                raise ValueError(alteration)
        return True

    def _recall(self, request: Request) -> ev.Found | ev.SearchFailed:
        which, limit = recall.which(request), request.limit
        try:
            if request.kind is Kind.COUNT:
                glimmers = []
            elif request.kind is Kind.KNOWN:
                glimmers = self._journal.find(which, limit=1, oldest_first=True)
            elif request.order is Order.ANY:
                glimmers = self._journal.any_of(which, self._random, limit=limit)
            else:
                oldest = request.order is Order.OLDEST
                glimmers = self._journal.find(which, limit=limit, oldest_first=oldest)
            total = self._journal.count(which)
        except JournalUnavailableError as error:
            log.error("the journal could not be read: %s", error)
            return ev.SearchFailed()
        return ev.Found(tuple(map(_memory, glimmers)), total, self._now())


def moment(journal: Journal, clock: Clock | Certain) -> Moment:
    """Return what a prompt has to fit just now."""
    now = clock.now() if clock.believed else None
    try:
        newest = next((glimmer.spoken_at for glimmer in journal.newest(1)), None)
        return Moment(now, journal.count(), newest)
    except JournalUnavailableError as error:
        log.error("the journal could not be read for a prompt: %s", error)
        return Moment(now)


def _memory(glimmer: Glimmer) -> ev.Memory:
    recorded = glimmer.recording is not None
    return ev.Memory(glimmer.id, glimmer.text, glimmer.spoken_at, recorded, glimmer.uncertain)
