"""What a small machine has beside a microphone: a service manager, a light, a button."""

from __future__ import annotations

import logging
import os
import queue
import re
import time
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

from voice_glimmer.appliance import broadcast, service
from voice_glimmer.appliance.button import Button, Press, UsbButton, on_pin
from voice_glimmer.appliance.lamp import Lamp, bulb
from voice_glimmer.appliance.load import Load
from voice_glimmer.appliance.moods import Moods
from voice_glimmer.appliance.muting import NO_BUTTON, muted
from voice_glimmer.bounded import anything_hangs
from voice_glimmer.conversation import events as ev
from voice_glimmer.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from voice_glimmer.appliance.moods import Mood
    from voice_glimmer.conversation import actions as do
    from voice_glimmer.hearing.frames import Frame, Microphone, Outage
    from voice_glimmer.loop import Aside
    from voice_glimmer.note import Note
    from voice_glimmer.settings import Settings
    from voice_glimmer.speaking.player import Player
    from voice_glimmer.turns import Watcher

PIN = re.compile(r"gpio(\d+)")

log = logging.getLogger(__name__)


class Watchers:
    """Several that look on, one after the other."""

    def __init__(self, each: Sequence[Watcher]) -> None:
        self._each = each

    def happened(self, event: ev.Event) -> None:
        """Show all of them an event."""
        for watcher in self._each:
            watcher.happened(event)

    def did(self, action: do.Action, text: str, *, spoken: bool) -> None:
        """Show all of them an action."""
        for watcher in self._each:
            watcher.did(action, text, spoken=spoken)


class Switch:
    """What a press does: a short one wakes, a long one switches the microphone off or on.

    Args:
        microphone: What is switched, at once.
        muted: Remembers it, also after a restart.
        switched: Told when that is done, before the loop hears of it.
    """

    def __init__(
        self, microphone: Microphone, muted: Note[bool], switched: Callable[[], object]
    ) -> None:
        self._microphone = microphone
        self._muted = muted
        self._switched = switched
        self._presses: queue.SimpleQueue[ev.Pressed] = queue.SimpleQueue()

    def pressed(self, press: Press) -> None:
        """Do what this press says; called from the button's thread."""
        if press is Press.SHORT:
            self._presses.put(ev.Pressed())
            return
        if self._microphone.muted:
            self._microphone.unmute()
        else:
            self._microphone.mute()
        self._switched()
        self._muted.write(self._microphone.muted)

    def beside(
        self, source: Iterable[Frame | Outage | ev.FallingBehind]
    ) -> Iterator[Frame | Outage | Aside]:
        """Yield what the source yields, and short presses in between."""
        for heard in source:
            while not self._presses.empty():
                yield self._presses.get()
            yield heard


class Fittings:
    """What is fitted to a loop.

    Attributes:
        watchers: Who looks on.
        load: What watches whether the machine keeps up.
        switch: What the button does.
    """

    def __init__(self, watchers: Sequence[Watcher], load: Load, switch: Switch) -> None:
        self.watchers = watchers
        self._load = load
        self._switch = switch

    def around(self, source: Iterable[Frame | Outage]) -> Iterator[Frame | Outage | Aside]:
        """Yield what the source yields, and what happens beside the sound."""
        return self._switch.beside(self._load.measured(source))


@contextmanager
def fitted(
    settings: Settings,
    microphone: Microphone,
    player: Player,
    spare: Callable[..., None],
    note: Callable[[str, str], None],
) -> Iterator[Fittings]:
    """Open what the settings and the machine have, and close it again.

    A light or a button that cannot be used is told, and nothing more: listening goes on.

    Args:
        settings: The person's.
        microphone: What the button switches.
        player: What speaks.
        spare: Told, as `luxuries`, whether there may be any.
        note: Shows a sentence, under a word for what it is about.
    """

    def speaking() -> bool:
        return player.quiet_at > time.monotonic()

    with ExitStack() as things:
        shown: list[Callable[[Mood], None]] = []
        load = Load(time.monotonic, speaking, spare)
        moods = Moods(speaking, lambda: microphone.muted, shown)
        watchers: list[Watcher] = [moods, load]
        if manager := service.notifier(os.environ):
            things.enter_context(closing(manager))
            watchers.append(
                service.Service(manager, time.monotonic, anything_hangs, microphone.leave)
            )
        with _told("Light", note):
            if shines := bulb(settings.light):
                shown.append(things.enter_context(closing(Lamp(shines))).show)
        if told := _broadcast():
            things.enter_context(closing(told))
            shown.append(told.show)
            watchers.append(told)
        moods.look()
        switch = Switch(microphone, muted(settings.journal), moods.look)
        if settings.button != NO_BUTTON:
            button = things.enter_context(closing(Button(switch.pressed)))
            with _told("Button", note):
                things.enter_context(closing(_wired(settings.button, button)))
        yield Fittings(watchers, load, switch)


@contextmanager
def _told(what: str, note: Callable[[str, str], None]) -> Iterator[None]:
    try:
        yield
    except Fault as fault:
        log.warning("%s", fault)
        note(what, str(fault))


def _wired(name: str, button: Button) -> Any:  # noqa: ANN401
    if pin := PIN.fullmatch(name):
        return on_pin(int(pin[1]), button)
    return UsbButton(name, button)


def _broadcast() -> broadcast.Broadcast | None:
    folder = broadcast.folder(os.environ)
    if folder is None:
        return None
    try:
        return broadcast.Broadcast(folder)
    except OSError as error:
        log.warning("events are told to nobody: %s", error)
        return None
