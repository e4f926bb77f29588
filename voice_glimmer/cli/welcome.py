"""`voice-glimmer welcome`: the first evening, in five spoken and printed steps."""

from __future__ import annotations

import logging
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Protocol

from voice_glimmer.appliance.doctor_sound import gathered
from voice_glimmer.appliance.doctor_visit import loudspeaker_of
from voice_glimmer.cli import wake_tune
from voice_glimmer.cli import welcome_words as words
from voice_glimmer.cli.microphones import microphone_of
from voice_glimmer.cli.welcome_words import Answer, Step, Walk
from voice_glimmer.faults import Fault
from voice_glimmer.hearing.frames import RATE, Outage
from voice_glimmer.settings import load, settings_file
from voice_glimmer.settings_text import choose
from voice_glimmer.speaking import prompts
from voice_glimmer.speaking.sound import Sound, read, silence
from voice_glimmer.speaking.voice import Voice, VoiceFailedError
from voice_glimmer.voicing import ready, started

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from voice_glimmer.hearing.frames import Frame
    from voice_glimmer.speaking.player import Loudspeaker

LISTEN_SECONDS = 5.0
CHIME = prompts.AUDIO_PROMPTS / "chimes" / "woke.wav"

log = logging.getLogger(__name__)


class Guide(Protocol):
    """What leads a person through the steps."""

    def say(self, text: str) -> None:
        """Print it, and speak it where that is possible; `[0.4s]` in it is a pause."""

    def show(self, text: str) -> None:
        """Print it."""

    def ask(self, choice: str) -> str:
        """Print what can be typed, and return what was.

        Raises:
            EOFError: Nobody types any more.
            KeyboardInterrupt: They leave.
        """

    def do(self, step: Step) -> None:
        """Do what a step is about.

        Raises:
            Fault: It cannot be done; the person goes on without it.
        """


def walk(guide: Guide, phrase: str) -> None:
    """Lead through the steps until they are done or the person leaves.

    Args:
        guide: Who leads.
        phrase: The wake phrase.
    """
    guide.say(words.WELCOME)
    at: Walk | None = Walk()
    arrived: Step | None = None
    try:
        while at is not None:
            if at.step is not arrived:
                arrived = at.step
                guide.show(f"\n{words.title(at.step)}")
                guide.say(words.INTRODUCTIONS[at.step])
            at = _taken(guide, at)
    except (EOFError, KeyboardInterrupt):
        guide.show(f"\n{words.LEFT}")
        return
    # Nobody is made to wait for a farewell.
    guide.show(f"\n{words.DONE}")
    guide.show(words.beginning(phrase))


def _taken(guide: Guide, at: Walk) -> Walk | None:
    """Ask, do what was answered, and return where the person is then; None at the end.

    Raises:
        EOFError: They leave.
    """
    while (answer := words.understood(guide.ask(at.choice), at)) is None:
        guide.show(words.UNKNOWN)
    if answer is Answer.LEAVE:
        raise EOFError
    if words.does(at, answer):
        try:
            guide.do(at.step)
        except Fault as fault:
            log.info("the step %s was not done: %s", at.step.value, fault)
            guide.show(str(fault))
    return words.after(at, answer)


class AtHome:
    """Leads on real devices; what is missing is shown, and the rest goes on without it.

    Args:
        console: Where it is shown, and typed.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._open = ExitStack()
        self._loudspeaker: Loudspeaker | None = None
        self._voice: Voice | None = None
        self._settings = load()

    def say(self, text: str) -> None:
        """Print it, and speak it where that is possible."""
        self.show(prompts.plain(text))
        try:
            self._speak(text)
        except Fault as fault:
            # It is shown in the step that is about it.
            log.info("not spoken: %s", fault)

    def show(self, text: str) -> None:
        """Print it."""
        self._console.print(text, soft_wrap=True, markup=False, highlight=False)

    def ask(self, choice: str) -> str:
        """Print what can be typed, and return what was; speaking ends then."""
        typed = self._console.input(f"[dim]{choice}[/] ")
        if self._loudspeaker:
            self._loudspeaker.hush()
        return typed

    def do(self, step: Step) -> None:
        """Do what a step is about."""
        match step:
            case Step.MICROPHONE:
                self._listen()
            case Step.LOUDSPEAKER:
                self._sound()
            case Step.WAKE_PHRASE:
                self._tune()
            case Step.VOICE:
                self._choose_voice()
            case Step.PRIVACY:
                self._choose_privacy()

    def close(self) -> None:
        """Let go of voice and loudspeaker."""
        self._open.close()
        self._loudspeaker = self._voice = None

    def _listen(self) -> None:
        with closing(microphone_of(self._settings, self._settings.gain)) as microphone:
            self.say(words.SPEAK_NOW)
            frames = gathered(self._when_quiet(microphone.frames()), LISTEN_SECONDS)
        self.say(words.heard(frames))

    def _when_quiet(self, source: Iterator[Frame | Outage]) -> Iterator[Frame | Outage]:
        """Leave out what was heard while we spoke."""
        for heard in source:
            quiet_at = self._loudspeaker.quiet_at if self._loudspeaker else 0.0
            if isinstance(heard, Outage) or heard.at >= quiet_at:
                yield heard

    def _sound(self) -> None:
        self._speak(words.CAN_YOU_HEAR, [read(CHIME)])
        self.show(prompts.plain(words.CAN_YOU_HEAR))
        is_heard = self.ask(words.YES_OR_NO).strip().lower() != "n"
        self.show(words.HEARD if is_heard else words.UNHEARD)

    def _tune(self) -> None:
        # It opens the same devices, and some can only be open once.
        self.close()
        tuned = wake_tune.tune(self._settings, None, self._console)
        self._settings = load()
        self.show(words.TUNED if tuned else words.NOT_TUNED)

    def _choose_voice(self) -> None:
        voices = words.VOICES[self._settings.language]
        self._speak(words.SAMPLE)
        self.show(words.SAMPLE)
        while typed := self.ask(words.VOICE_CHOICE).strip():
            if typed in voices:
                self._set("voice", voices[typed])
                self.close()
                self.say(words.SAMPLE)
            else:
                self.show(words.UNKNOWN)
        self.show(words.KEPT_VOICE)

    def _choose_privacy(self) -> None:
        self.say(words.PRIVACY)
        for line in words.details(str(self._settings.journal)):
            self.show(line)
        if self.ask(words.VOICE_OR_WORDS).strip().lower() == "w":
            self._set("recordings", "none")
        only_words = self._settings.recordings == "none"
        self.say(words.ONLY_WORDS if only_words else words.WITH_VOICE)

    def _set(self, key: str, value: str) -> None:
        choose(settings_file(), {key: value})
        self._settings = load()

    def _speak(self, text: str, before: Sequence[Sound] = ()) -> None:
        """Speak a text after these sounds.

        Raises:
            Fault: There is no loudspeaker or no voice.
        """
        loudspeaker, voice = self._ready()
        for sound in before:
            loudspeaker.play(sound)
        try:
            for piece in prompts.pieces(text):
                if isinstance(piece, str):
                    loudspeaker.play(voice.sound(piece).levelled())
                else:
                    loudspeaker.play(silence(piece, RATE))
        except VoiceFailedError as error:
            raise Fault("My voice has failed. Please try it again.") from error

    def _ready(self) -> tuple[Loudspeaker, Voice]:
        if self._loudspeaker is None:
            made = loudspeaker_of(self._settings)
            self._loudspeaker = self._open.enter_context(closing(made))
        if self._voice is None:
            begun = self._open.enter_context(closing(started(self._settings)))
            voice = ready(begun, self._settings, self.show)
            self._voice = self._open.enter_context(closing(voice))
        return self._loudspeaker, self._voice


def welcome(console: Console) -> None:
    """Lead a person through their first evening.

    Raises:
        Fault: The settings cannot be used.
    """
    phrase = load().wake_phrases[0]
    with closing(AtHome(console)) as guide:
        walk(guide, phrase)
