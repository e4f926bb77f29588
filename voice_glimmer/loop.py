"""The offline loop: hearing → conversation → speaking and journal.

Frames in; what they bring is an event, and `turns.py` carries out what follows from it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation.inviting import is_due, is_quiet, may_speak_up
from voice_glimmer.conversation.machine import request_in
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.conversation.state import Conversation, State
from voice_glimmer.drafting import Drafting
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import Frame, Outage
from voice_glimmer.hearing.health import Health
from voice_glimmer.journal.glimmers import JournalUnavailableError
from voice_glimmer.journal.presence import Present
from voice_glimmer.journal.times import set_right
from voice_glimmer.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from random import Random

    from voice_glimmer.clock import Certain, Clock, Correction
    from voice_glimmer.conversation.inviting import Plan
    from voice_glimmer.conversation.language import Language
    from voice_glimmer.hearing.ear import Ears
    from voice_glimmer.journal.glimmers import Journal
    from voice_glimmer.journal.invitations import Invitations
    from voice_glimmer.journal.nightly import Nightly
    from voice_glimmer.journal.presence import Presence
    from voice_glimmer.journal.sleep import Sleep
    from voice_glimmer.journal.spool import Spool
    from voice_glimmer.speaking.mouth import Mouth
    from voice_glimmer.turns import Prompts, Watcher

TICK_SECONDS = 0.25
"""How often the conversation is told the time: nothing in it is decided faster."""

LOST_SECONDS = 1.5
"""A microphone that has been silent this long is taken for lost; sound servers stall for less."""

REST = frozenset({State.RESTING, State.ASLEEP})

DECLINE = frozenset({Kind.NOT_NOW, Kind.NO, Kind.STOP, Kind.CANCEL, Kind.SLEEP})
"""What says that an invitation came at a wrong time."""

Aside = ev.Pressed | ev.FallingBehind
"""What happens beside the sound, and comes with it from the source."""

log = logging.getLogger(__name__)


class Loop:
    """One conversation after another, from frames to a kept glimmer and back.

    Args:
        ears: What hears.
        mouth: What speaks.
        journal: What keeps.
        spool: What holds the voice meanwhile.
        prompts: What the person is invited with.
        sleep: What remembers that it is asleep.
        presence: What tells others whether it listens.
        nightly: What tidies up and copies while nobody speaks.
        invitations: What became of invitations.
        plan: When the person wants to be invited unasked.
        language: The language's words.
        clock: Knows the local time, or reckons it.
        random: What draws a glimmer when any will do.
        watcher: Who looks on.
    """

    def __init__(
        self,
        *,
        ears: Ears,
        mouth: Mouth,
        journal: Journal,
        spool: Spool,
        prompts: Prompts,
        sleep: Sleep,
        presence: Presence,
        nightly: Nightly,
        invitations: Invitations,
        plan: Plan,
        language: Language,
        clock: Clock | Certain,
        random: Random,
        watcher: Watcher,
    ) -> None:
        self._ears = ears
        self._mouth = mouth
        self._journal = journal
        self._sleep = sleep
        self._presence = presence
        self._nightly = nightly
        self._invitations = invitations
        self._inviting = False
        self._language = language
        self._clock = clock
        self._turns = Turns(
            listener=ears,
            speaker=mouth,
            journal=journal,
            drafts=spool,
            prompts=prompts,
            language=language,
            now=clock.now,
            random=random,
            watcher=watcher,
        )
        self._drafting = Drafting(
            ears=ears,
            spool=spool,
            journal=journal,
            turns=self._turns,
            language=language,
            clock=clock,
        )
        state = State.ASLEEP if sleep.lasts else State.RESTING
        self._turns.conversation = Conversation(state=state, asleep=sleep.lasts, plan=plan)
        self._health = Health()
        self._lost = False
        self._muted = False
        self._luxuries = True
        self._next_tick = float("-inf")
        self._recovered: list[ev.Memory] = []

    def spare(self, *, luxuries: bool) -> None:
        """Have, or drop, what can be missed: words while they are heard, and work ahead."""
        self._luxuries = self._ears.eager = luxuries

    @property
    def asleep(self) -> bool:
        """Whether only "wake up" is listened to."""
        return self._turns.conversation.asleep

    def run(self, source: Iterable[Frame | Outage | Aside]) -> None:
        """Listen until the source ends. What is half said then is kept."""
        self._ears.listen(do.Ear.WAKE)
        if self._recovered:
            self._turns.happen(ev.Recovered(tuple(self._recovered), self._clock.now()))
        for heard in source:
            self._mouth.go_on()
            match heard:
                case Frame():
                    self._frame(heard)
                    self._tick(heard.end)
                case Outage():
                    self._mute() if heard.muted else self._outage(heard)
                    self._tick(heard.at)
                case ev.Pressed() if self._muted:
                    self._mouth.chime("muted")
                case ev.Pressed():
                    self._interrupt(heard)
                case ev.FallingBehind():
                    self._turns.happen(heard)
        self._turns.leaving = True
        self._interrupt(ev.Leaving())

    def recover(self, around: Callable[[Iterable[Frame]], Iterable[Frame]] = iter) -> int:
        """Keep what an earlier run was hearing when it was cut off; return how many glimmers.

        `run` offers to read them. What cannot be kept now stays in the spool for the next start.
        `around` yields the frames that are transcribed, and may do something in between.
        """
        if self._clock.believed:
            self._set_right()
        recovered = self._drafting.recovered(around)
        self._recovered += recovered
        return len(recovered)

    def _frame(self, frame: Frame) -> None:
        if self._muted:
            self._muted = False
            self._turns.happen(ev.Unmuted())
        if self._lost:
            self._lost = False
            self._turns.happen(ev.MicrophoneBack())
        if frame.end <= self._mouth.quiet_at:
            # While the program speaks, what it says is not taken for the person.
            for heard in self._ears.overhear(frame):
                self._turns.happen(heard)
        else:
            for news in self._health.feed(frame):
                self._ail(news)
            self._hear(frame)
        for unheard in self._ears.unheard():
            self._hear(unheard)

    def _tick(self, at: float) -> None:
        if at >= self._next_tick:
            self._next_tick = at + TICK_SECONDS
            self._turns.happen(ev.Tick(at))
            self._sleep.note(lasts=self.asleep)
            self._presence.note(self._present)
            if self._turns.conversation.state in REST:
                self._rest(at)

    @property
    def _present(self) -> Present:
        if self._muted:
            return Present.MUTED
        if self.asleep:
            return Present.ASLEEP
        resting = self._turns.conversation.state in REST
        return Present.RESTING if resting else Present.LISTENING

    def _rest(self, at: float) -> None:
        self._settle()
        now, plan = self._clock.now(), self._turns.conversation.plan
        if self._luxuries:
            self._nightly.rest(now)
            self._ears.rest()
            self._mouth.rest()
        self._mouth.quiet = self._clock.believed and is_quiet(plan.quiet, now.time())
        if not self._muted:
            self._speak_up(plan, now, at - self._ears.voice_until)

    def _speak_up(self, plan: Plan, now: datetime, unheard_for: float) -> None:
        """Invite the person, if they want that now, or tell them what they have to know."""
        standing = self._invitations.standing
        if self._clock.believed and is_due(plan, standing, now, unheard_for):
            self._invitations.note(standing.invited(now))
            self._inviting = True
            self._turns.happen(ev.TimeToInvite())
        elif self._nightly.has_to_tell and may_speak_up(plan, now, unheard_for):
            self._nightly.has_to_tell = False
            self._turns.happen(ev.BackupFailing())

    def _note_answer(self, event: ev.Event) -> None:
        """Note whether an invitation was welcome, by what is said next, or is not."""
        if self._inviting and isinstance(event, ev.Spoke | ev.FellSilent):
            self._inviting = False
            request = request_in(self._turns.conversation, event, self._language)
            gladly = isinstance(event, ev.Spoke) and (not request or request.kind not in DECLINE)
            self._invitations.note(self._invitations.standing.answered(gladly=gladly))

    def _settle(self) -> None:
        """Believe the clock once the time is known, and nothing is held that would become wrong."""
        if self._turns.conversation.unsaved:
            return
        if correction := self._clock.settle():
            self._set_right(correction)

    def _set_right(self, correction: Correction | None = None) -> None:
        try:
            done = set_right(self._journal.folder, self._clock.time_of, correction)
        except (Fault, JournalUnavailableError) as error:
            log.error("times that were not known stay so until the next start: %s", error)
        else:
            log.info("%d glimmers have their time now", done)

    def _hear(self, frame: Frame) -> None:
        if self._ears.dictating:
            self._drafting.hold(frame, self._turns.conversation)
        for heard in self._ears.feed(frame):
            event = self._drafting.event(heard)
            self._note_answer(event)
            self._turns.happen(event)

    def _outage(self, outage: Outage) -> None:
        if not self._lost and outage.lasting >= LOST_SECONDS:
            self._lost = True
            log.warning("the microphone has been silent for %.1f s", outage.lasting)
            self._interrupt(ev.MicrophoneLost())

    def _mute(self) -> None:
        if not self._muted:
            self._muted, self._lost = True, False
            self._interrupt(ev.Muted())

    def _ail(self, news: ev.MicrophoneAiling | ev.MicrophoneWell) -> None:
        match news:
            case ev.MicrophoneAiling(ailment=ailment, comes_and_goes=False):
                log.warning("the microphone ails: %s", ailment.value)
            case ev.MicrophoneAiling(ailment=ailment):
                log.info("the microphone ails again, or for a far voice: %s", ailment.value)
            case ev.MicrophoneWell(ailment=ailment):
                log.info("the microphone is well again: %s", ailment.value)
        if news == ev.MicrophoneAiling(ev.Ailment.DEAD):
            self._interrupt(news)
        else:
            self._turns.happen(news)

    def _interrupt(self, event: ev.Event) -> None:
        dictating, said = self._ears.dictating, self._ears.interrupt()
        for heard in said:
            self._turns.happen(self._drafting.event(heard))
        if dictating and not said and not self._turns.leaving:
            self._drafting.let_go()
        self._drafting.leave()
        self._turns.happen(event)
