"""The prompts of a language: the program's, a person's own, and not those that they do not like.

A person's part is one TOML file: `[[prompt]]` tables like the program's, and the ids of those that
are left out, as `skipped = ["warm-sun"]`. Whoever changes it by hand keeps order and comments.
"""

from __future__ import annotations

import difflib
import logging
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from voice_glimmer.faults import Fault
from voice_glimmer.speaking.prompts import AUDIO_PROMPTS, Prompt, load, pieces

if TYPE_CHECKING:
    from pathlib import Path

    import tomlkit

    from voice_glimmer.speaking.prompts import Kind, When

PAUSE = "[1.5s]"
"""Between breath and question, where none was written."""

NAMED_BY = 3
"""Words of the question that make a prompt's id, or more where these are another's."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts.

    Attributes:
        shipped: The program's.
        own: The person's.
        skipped: The ids of those that are left out.
    """

    shipped: tuple[Prompt, ...]
    own: tuple[Prompt, ...]
    skipped: frozenset[str]

    @property
    def all(self) -> tuple[Prompt, ...]:
        """The program's and the person's."""
        return self.shipped + self.own

    @property
    def allowed(self) -> tuple[Prompt, ...]:
        """Those that may come up; all, where a file left none."""
        return tuple(each for each in self.all if each.id not in self.skipped) or self.all

    def named(self, id: str) -> Prompt:  # noqa: A002
        """Return a prompt.

        Raises:
            Fault: There is none of this id.
        """
        if (found := next((each for each in self.all if each.id == id), None)) is None:
            near = difflib.get_close_matches(id, [each.id for each in self.all], n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            raise Fault(f'There is no prompt "{id}".{hint}')
        return found


class Repertoire:
    """A language's prompts, and the file in which a person changes them.

    Args:
        language: The language's code, such as "en".
        own: Where that file is, or would be; None where there is nobody's.

    Raises:
        Fault: The program's prompts cannot be read.
    """

    def __init__(self, language: str, own: Path | None) -> None:
        self._shipped = tuple(load(AUDIO_PROMPTS / f"{language}.toml"))
        self._own = own

    def read(self) -> Prompts:
        """Return the prompts as they are now.

        Raises:
            Fault: The person's file cannot be read, or what an entry holds is no prompt.
        """
        if self._own is None or not self._own.exists():
            return Prompts(self._shipped, (), frozenset())
        content = tomllib.loads(self._text())
        own = load(self._own) if "prompt" in content else []
        skipped = content.get("skipped", [])
        if not isinstance(skipped, list) or not all(isinstance(each, str) for each in skipped):
            raise Fault(
                f"In {self._own}, skipped is not what it should be. "
                'Please give a list of ids, such as ["warm-sun"].'
            )
        ids = {each.id for each in self._shipped}
        if twice := next((each.id for each in own if each.id in ids), None):
            raise Fault(f'In {self._own}, the id "{twice}" is one of mine. Please rename yours.')
        return Prompts(self._shipped, tuple(own), frozenset(skipped))

    def skip(self, id: str) -> bool:  # noqa: A002
        """Leave a prompt out from now on; return whether that changes anything.

        Raises:
            Fault: There is none of this id, no other would be left, or the file cannot be written.
        """
        prompts = self.read()
        prompts.named(id)
        if id in prompts.skipped:
            return False
        if len(prompts.allowed) == 1:
            raise Fault("That is the last prompt that is left. Please allow or add another first.")
        self._write_skipped(prompts.skipped | {id})
        return True

    def allow(self, id: str) -> bool:  # noqa: A002
        """Let a prompt come up again; return whether that changes anything.

        Raises:
            Fault: There is none of this id, or the file cannot be written.
        """
        prompts = self.read()
        prompts.named(id)
        if id not in prompts.skipped:
            return False
        self._write_skipped(prompts.skipped - {id})
        return True

    def add(self, words: str, kind: Kind, when: When) -> Prompt:
        """Add a person's own prompt, and return it.

        Args:
            words: A breath and a question; a pause comes between them where none is written.
            kind: What it turns to.
            when: When it fits.

        Raises:
            Fault: These words are no prompt, or the file cannot be written.
        """
        taken = {each.id for each in self.read().all}
        try:
            prompt = Prompt(id=_free_id(words, taken), words=_paused(words), kind=kind, when=when)
        except ValidationError as error:
            raise Fault(
                "Please give a breath, and one question at the end, in 500 characters: "
                '"Feel your feet on the floor. What felt warm?"'
            ) from error
        import tomlkit  # noqa: PLC0415 - who only says prompts needs none of it

        document = tomlkit.parse(self._text())
        table = tomlkit.table()
        table.update(prompt.model_dump(exclude_defaults=True))
        tables = document.setdefault("prompt", tomlkit.aot())
        tables.append(table)
        self._write(document)
        return prompt

    def _text(self) -> str:
        assert self._own is not None  # noqa: S101 - nobody changes nobody's
        try:
            text = self._own.read_bytes().decode("utf-8")
            tomllib.loads(text)
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise Fault(f"Your prompts in {self._own} cannot be read: {error}.") from error
        return text

    def _write_skipped(self, ids: frozenset[str]) -> None:
        import tomlkit  # noqa: PLC0415 - as above

        document = tomlkit.parse(self._text())
        document["skipped"] = sorted(ids)
        self._write(document)

    def _write(self, document: tomlkit.TOMLDocument) -> None:
        assert self._own is not None  # noqa: S101
        part = self._own.with_suffix(".part")
        try:
            self._own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.touch(mode=0o600)
            part.write_bytes(document.as_string().encode())
            part.replace(self._own)
        except OSError as error:
            log.info("the prompts were not written: %s", error)
            raise Fault(
                f"I cannot write your prompts in {self._own}. "
                "Please check its permissions, its folder's, and the disk."
            ) from error


def _paused(words: str) -> str:
    """Return words with a pause before the last sentence, where they have none."""
    said = " ".join(words.split())
    if any(isinstance(piece, float) for piece in pieces(said)):
        return said
    return re.sub(r"(?<=[.!])\s(?=[^.!]*$)", f"{PAUSE} ", said)


def _free_id(words: str, taken: set[str]) -> str:
    """Return an id of the question's words that no other prompt has."""
    question = re.split(r"[.!\]]", words)[-1].lower()
    named = re.findall(r"[a-z]+", question) or ["own"]
    for many in range(min(NAMED_BY, len(named)), len(named) + 1):
        if (name := "-".join(named[:many])) not in taken:
            return name
    while name in taken:
        name += "-too"
    return name
