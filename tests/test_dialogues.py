"""Dialogues written down in tests/dialogues/LANGUAGE/*.yaml, replayed on a real journal.

Each has a name, what is in the journal before (a list, or the name of one in journals.yaml), the
local time, and a `talk`: what happens, and what the program says to it. What it says is a reply's
name, for any of its wordings, or the very words; `invitation` is any prompt. What the person says
is heard as spoken: at rest nothing is, without the wake phrase. In brackets stands what is no
speech:

    (silence)          nothing, for as long as is waited
    (over it) stop     said while the program speaks
    (waits 1:30)       hours and minutes pass
    (journal fails)    and (journal works)
    (microphone lost)  and (microphone back)
    (leaves)           the program is told to end
    (power is back)    after it was cut off while the last glimmer was being said
    (power is back) 2  the last two

Afterwards: `kept`, the texts in the journal from the oldest on (without it they are as before);
`favourites`, `tags` and `history` by text; `ends`, the state, which otherwise is rest.
"""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import yaml
from sqlite_utils import Database

from voice_glimmer.cli.talk import Typist
from voice_glimmer.clock import Certain
from voice_glimmer.conversation import actions as do
from voice_glimmer.conversation import events as ev
from voice_glimmer.conversation import language as languages
from voice_glimmer.conversation.language import Language
from voice_glimmer.conversation.requests import ANSWERS, REQUESTS, WHILE_HEARING
from voice_glimmer.conversation.sentences import Kind
from voice_glimmer.journal.glimmers import Journal, JournalUnavailableError, Which
from voice_glimmer.speaking.manner import Manner
from voice_glimmer.speaking.prompting import Prompting
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, load, plain
from voice_glimmer.speaking.sound import Sound
from voice_glimmer.turns import RATE, Turns, moment

FOLDER = Path(__file__).parent / "dialogues"
PHRASE = {"en": "hey glimmer", "de": "hallo glimmer"}
EVERYTHING = 100


def read(path: Path) -> Any:
    """Return a file's contents; every word stays a string, "yes" and "no" too."""
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - the base loader


DIALOGUES = [
    pytest.param(path.parent.name, dialogue, id=f"{path.parent.name}: {dialogue['name']}")
    for path in sorted(FOLDER.glob("*/*.yaml"))
    if path.name != "journals.yaml"
    for dialogue in read(path)
]


@dataclass
class Clock:
    """The person's clock; it goes on only when told to."""

    at: datetime
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.at

    def wait(self, time: timedelta) -> None:
        zone = self.at.tzinfo
        self.at = (self.at.astimezone(ZoneInfo("UTC")) + time).astimezone(zone)
        self.seconds += time.total_seconds()


@dataclass
class Voices:
    """The spool, in memory."""

    held: dict[str, bytes] = field(default_factory=dict)

    def voice(self, name: str) -> bytes:
        return self.held[name]

    def discard(self, name: str) -> None:
        del self.held[name]


@dataclass
class Script:
    """Speaks by noting down, and looks on."""

    said_now: list[str] = field(default_factory=list)
    manner: Manner = field(default_factory=Manner)

    def chime(self, name: str) -> None:
        assert (AUDIO_PROMPTS / "chimes" / f"{name}.wav").exists()

    def say(self, text: str) -> bool:
        return bool(text)

    quote = say

    def replay(self, sound: Sound) -> bool:
        assert len(sound.samples)
        return True

    def breathe(self, inhale: str, exhale: str) -> bool:
        return bool(inhale and exhale)

    def adjust(self, how: Kind) -> bool:
        self.said_now.append(f"({how.value})")
        return self.manner.adjust(how)

    def hush(self) -> None:
        self.said_now.append("(hushes)")

    def said(self) -> str:
        return ""

    def happened(self, event: ev.Event) -> None:
        pass

    def did(self, action: do.Action, text: str, *, spoken: bool) -> None:
        assert spoken
        if text:
            self.said_now.append(f"(voice) {text}" if isinstance(action, do.Replay) else text)


class Failing(Journal):
    """A journal that can be made to fail."""

    works = True

    def __getattribute__(self, name: str) -> Any:
        touches = {"keep", "find", "any_of", "count", "favour", "tag", "delete", "change"}
        if name in touches and not object.__getattribute__(self, "works"):
            raise JournalUnavailableError("the disk is full")
        return object.__getattribute__(self, name)


class Stage:
    """One dialogue's home."""

    def __init__(self, code: str, dialogue: dict[str, Any], folder: Path) -> None:
        self.language = languages.load(code)
        zone = ZoneInfo(dialogue.get("zone", "Europe/Berlin"))
        now = datetime.fromisoformat(dialogue.get("now", "2026-11-24 08:30"))
        self.clock = Clock(now.replace(tzinfo=zone))
        self.journal = Failing(folder)
        self.voices = Voices()
        self.script = Script()
        clock = Certain(self.clock.now)
        self.typist = Typist([PHRASE[code]], clock)
        self.numbered = 0
        self.fill(code, dialogue.get("journal", []), zone)
        self.before = self.kept()
        self.turns = Turns(
            listener=self.typist,
            speaker=self.script,
            journal=self.journal,
            drafts=self.voices,
            prompts=Prompting(code, folder, lambda: moment(self.journal, clock), Random(1)),
            language=self.language,
            now=self.clock.now,
            random=Random(1),
            watcher=self.script,
        )

    def fill(self, code: str, named: str | list[dict[str, Any]], zone: ZoneInfo) -> None:
        journals = read(FOLDER / code / "journals.yaml")
        for each in journals[named] if isinstance(named, str) else named:
            number = self.journal.keep(
                each["text"],
                (),
                datetime.fromisoformat(each["at"]).replace(tzinfo=zone),
                duration=1.0,
                prompt="",
                name=each["text"].replace(" ", "-"),
                voice=b"" if each.get("voice") == "none" else noise(),
                rate=RATE,
            )
            if "favourite" in each:
                self.journal.favour(number, favourite=True)
            for tag in each.get("tags", []):
                self.journal.tag(number, tag)

    def glimmers(self, **which: Any) -> list[Any]:
        return self.journal.find(Which(**which), limit=EVERYTHING, oldest_first=True)

    def kept(self) -> list[str]:
        return [glimmer.text for glimmer in self.glimmers()]

    def former(self, number: int) -> list[str]:
        """Return the earlier wordings of a glimmer, as anyone would read them."""
        with closing(Database(self.journal.folder / "journal.db")) as db:
            rows = db["wordings"].rows_where("glimmer_id = ?", [number], order_by="id desc")
            return [row["text"] for row in rows]

    def happens(self, what: str) -> list[str]:
        """Return what the program says to it."""
        self.script.said_now.clear()
        bracket = re.fullmatch(r"\(([a-z ]+?)(?: (\d+):(\d+))?\) ?(.*)", what)
        if bracket is None:
            self.said(what)
            return self.script.said_now
        match bracket[1]:
            case "silence":
                self.turns.happen(ev.FellSilent())
            case "over it":
                self.turns.happen(ev.Interrupted(bracket[4]))
            case "waits":
                self.clock.wait(timedelta(hours=int(bracket[2]), minutes=int(bracket[3])))
                # The first tick after a fault only sets the time of the next attempt.
                self.turns.happen(ev.Tick(self.clock.seconds))
                self.turns.happen(ev.Tick(self.clock.seconds + 60))
            case "journal fails" | "journal works":
                self.journal.works = bracket[1] == "journal works"
            case "microphone lost":
                self.turns.happen(ev.MicrophoneLost())
            case "microphone back":
                self.turns.happen(ev.MicrophoneBack())
            case "power is back":
                self.turns.happen(self.recovered(int(bracket[4] or 1)))
            case "leaves":
                self.turns.leaving = True
                self.turns.happen(ev.Leaving())
            case other:
                raise ValueError(other)
        return self.script.said_now

    def recovered(self, count: int) -> ev.Recovered:
        memories = (
            ev.Memory(each.id, each.text, each.spoken_at, each.recording is not None)
            for each in self.glimmers()[-count:]
        )
        return ev.Recovered(tuple(memories), self.clock.now())

    def said(self, what: str) -> None:
        phrase, text = self.typist.woken_by(what)
        if phrase:
            self.turns.happen(ev.Woke(phrase))
        elif self.typist.ear is do.Ear.WAKE:
            return
        heard = self.typist.heard(text)
        if isinstance(heard, ev.Spoke):
            self.numbered += 1
            name = f"voice-{self.numbered}"
            self.voices.held[name] = noise()
            heard = ev.Spoke(replace(heard.draft, recording=name, duration=1.0))
        self.turns.happen(heard)


def noise() -> bytes:
    return np.ones(800, "<i2").tobytes()


def fits(language: Language, code: str, expected: str, said: str) -> bool:
    if expected == "invitation":
        return said in [plain(prompt.words) for prompt in load(AUDIO_PROMPTS / f"{code}.toml")]
    wordings = [plain(wording) for wording in language.replies.get(expected, ())]
    patterns = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(wording)) for wording in wordings]
    return said == expected or any(re.fullmatch(pattern, said) for pattern in patterns)


@pytest.mark.parametrize(("code", "dialogue"), DIALOGUES)
def test_dialogue(code: str, dialogue: dict[str, Any], tmp_path: Path):
    stage = Stage(code, dialogue, tmp_path)
    with closing(stage.journal):
        for turn in dialogue["talk"]:
            for what, expected in turn.items():
                said = stage.happens(what)
                for each, words in zip(expected, said, strict=False):
                    assert fits(stage.language, code, each, words), f"{what}: {said}"
                assert len(said) == len(expected), f"{what}: {said}"
        assert stage.kept() == dialogue.get("kept", stage.before)
        assert stage.turns.conversation.state.value == dialogue.get("ends", "resting")
        held = {each.recording for each in stage.turns.conversation.unsaved}
        assert stage.voices.held.keys() == held, "a voice was left behind, or lost"
        if "favourites" in dialogue:
            favourites = [glimmer.text for glimmer in stage.glimmers(favourite=True)]
            assert favourites == dialogue["favourites"]
        by_text = {glimmer.text: glimmer for glimmer in stage.glimmers()}
        for text, tags in dialogue.get("tags", {}).items():
            assert list(by_text[text].tags) == tags
        for text, wordings in dialogue.get("history", {}).items():
            assert stage.former(by_text[text].id) == wordings


def test_there_are_enough_dialogues():
    english = [each for each in DIALOGUES if each.id and each.id.startswith("en: ")]
    assert len({each.id for each in DIALOGUES}) == len(DIALOGUES), "two have the same name"
    assert len(english) >= 120


@pytest.mark.parametrize("code", PHRASE)
def test_everything_that_can_be_asked_for_is_in_a_dialogue(code: str):
    sentences = languages.load(code).sentences
    said = [
        Typist([PHRASE[code]], Certain(datetime.now)).woken_by(what)[1]
        for each in DIALOGUES
        if each.values[0] == code
        for turn in each.values[1]["talk"]
        for what in turn
    ]
    asked = {
        match.kind
        for text in set(said)
        for among in (ANSWERS, WHILE_HEARING, REQUESTS)
        if (match := sentences.match(text, among))
    }
    assert asked == set(Kind) - {Kind.DOUBTFUL}
