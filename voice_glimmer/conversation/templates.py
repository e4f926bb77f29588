"""Sentences as data: hassil's templates, what they understand, and every shape of them."""

from __future__ import annotations

import re
from itertools import chain, cycle
from typing import TYPE_CHECKING, Any

import yaml
from hassil import Intents, TextSlotList, WildcardSlotList, recognize_all
from hassil.sample import sample_expression, sample_sentence
from hassil.util import merge_dict

from voice_glimmer.conversation.sentences import Kind, Match, Sample

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from hassil import RecognizeResult

    Slots = dict[str, int | str]
    Turns = dict[str, Iterator[tuple[str, int | str]]]

OPEN_WORDS = 5
"""A topic has at most so many words. What goes on for longer is a glimmer that only begins like a
request: "read the one about the robin to my son and he laughed"."""

LONGEST = 30
"""Words, more than any request has: what is longer is a glimmer, and is not compared with each."""

KINDS = ("way", "to_me", "voice")
"""The lists whose values are kinds, where templates are the same for several; the last counts."""

_PLACE = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[\w']+")


class Sentences:
    """What is understood in one language.

    Args:
        folder: Where its templates are, as YAML files of hassil's.
        lists: Further lists of words for these: what is said, and what it stands for.

    Raises:
        ParseError: A template is none; the error quotes it.
    """

    def __init__(
        self,
        folder: Path,
        lists: Mapping[str, Mapping[str, int | str]],
    ) -> None:
        self._intents = Intents.from_dict(_read(folder))
        for name, values in lists.items():
            listed = TextSlotList.from_tuples(values.items(), allow_template=False, name=name)
            self._intents.slot_lists[name] = listed
        self._typed = {said: str(meant) for said, meant in self._taken("typed")}
        self._told, self._clause = (_any_of(self._taken(name)) for name in ("told", "clause"))
        every = self._intents.slot_lists.items()
        self._lists = {
            name: self._values(listed) for name, listed in every if isinstance(listed, TextSlotList)
        }
        self._open = [name for name, listed in every if isinstance(listed, WildcardSlotList)]

    def match(self, text: str, among: Collection[Kind] = frozenset(Kind)) -> Match | None:
        """Return which of these kinds `text` asks for, or None if it asks for none of them.

        Where a template can be read in two ways, as in "about the garden from tuesday", the
        shorter topic counts. A language may say the same for two kinds that are never listened for
        at once: the German "nochmal" is another try after a question, and hearing it again later.
        """
        if len(text.split()) > LONGEST:
            return None
        text = _WORD.sub(lambda word: self._typed.get(word[0].lower(), word[0]), text)
        for found in sorted(recognize_all(text, self._intents), key=_unlikely):
            match = _asked(found.intent.name, {e.name: e.value for e in found.entities_list})
            if match.kind in among:
                told = _left_open(found) > OPEN_WORDS or self._tells(found)
                return None if told else match
        return None

    def samples(
        self, among: Collection[Kind] = frozenset(Kind), topics: Sequence[str] = ("robins",)
    ) -> Iterator[Sample]:
        """Yield a sentence of every shape that the templates of these kinds have.

        Of every list the values take turns, and so do the topics: all of them would be millions.

        Args:
            among: The kinds.
            topics: What stands where any words may stand.
        """
        turns: Turns = {name: cycle(values) for name, values in self._lists.items()}
        turns |= {name: cycle((topic, topic) for topic in topics) for name in self._open}
        for name, shape, given in self._shapes():
            text, slots = _filled(shape, turns)
            match = _asked(name, {**given, **slots})
            if match.kind in among:
                yield Sample(text, match)

    def vocabulary(self, among: Collection[Kind]) -> list[str]:
        """Return every sentence of these kinds, for a recogniser's grammar.

        Only kinds with few lists are for a grammar: every value of each is in every place.
        """
        shapes = [shape for _, shape, _ in self._shapes(among)]
        return list(dict.fromkeys(text for shape in shapes for text in self._with_every(shape)))

    def _with_every(self, shape: str) -> Iterator[str]:
        """Yield a shape with every value in each of its places, one after the other."""
        every = self._lists | {name: [("", "")] for name in self._open}
        turns: Turns = {name: cycle(values) for name, values in every.items()}
        most = max((len(every[place]) for place in _PLACE.findall(shape)), default=1)
        return (_filled(shape, turns)[0] for _ in range(most))

    def _shapes(
        self, among: Collection[Kind] = frozenset(Kind)
    ) -> Iterator[tuple[str, str, Slots]]:
        """Yield every shape of every template, with its intent's name and the slots it gives."""
        lists, rules = self._intents.slot_lists, self._intents.expansion_rules
        for name, intent in self._intents.intents.items():
            if Kind(name) not in among:
                continue
            for data in intent.data:
                for sentence in data.sentences:
                    for shape in sample_sentence(sentence, lists, rules, expand_lists=False):
                        yield name, shape, data.slots

    def words(self) -> set[str]:
        """Return every word that a recogniser has to know, but for topics.

        Digits, too, are only ever typed.
        """
        shapes = (shape for values in self._lists.values() for shape, _ in values)
        texts = chain(
            (sample.text for sample in self.samples(topics=("",))),
            self._intents.skip_words,
            (text for shape in shapes for text in self._with_every(shape)),
        )
        words = {word for text in texts for word in text.split()}
        return {word for word in words if not word[0].isdigit()}

    def _tells(self, result: RecognizeResult) -> bool:
        """Tell whether a topic's words show that the request is only told of."""
        topics = (entity.text for entity in result.entities_list if entity.is_wildcard)
        return any(self._told.search(self._clause.split(topic)[0]) for topic in topics)

    def _taken(self, name: str) -> list[tuple[str, int | str]]:
        """Return the values of a list that is no template's, and take it from the lists."""
        listed = self._intents.slot_lists.pop(name, None)
        return self._values(listed) if isinstance(listed, TextSlotList) else []

    def _values(self, listed: TextSlotList) -> list[tuple[str, int | str]]:
        return [
            (text.strip(), value.value_out)
            for value in listed.values
            for text in sample_expression(
                value.text_in, self._intents.slot_lists, expand_lists=False
            )
        ]


def _read(folder: Path) -> dict[str, Any]:
    """Return what a folder's YAML files hold, as `Intents.from_files` does, ten times as fast."""
    # A PyYAML that was built without libyaml has no loader in C.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: dict[str, Any] = {}
    for file in sorted(folder.glob("*.yaml")):
        merge_dict(read, yaml.load(file.read_bytes(), loader))  # noqa: S506 - both are safe
    return read


def _any_of(values: Sequence[tuple[str, int | str]]) -> re.Pattern[str]:
    """Return what finds these words, or nothing where there are none."""
    words = "|".join(re.escape(text) for text, _ in values)
    return re.compile(rf"\b(?:{words})\b" if words else r"(?!)")


def _filled(shape: str, turns: Turns) -> tuple[str, Slots]:
    """Return a sentence's shape with a value in each of its places, and these values."""
    slots: Slots = {}
    while place := _PLACE.search(shape):
        words, slots[place[1]] = next(turns[place[1]])
        shape = shape[: place.start()] + words + shape[place.end() :]
    return " ".join(shape.split()), slots


def _asked(intent: str, slots: Slots) -> Match:
    """Return what an intent with these slots asks for; an empty slot only helped to say others."""
    kinds = [str(slots[name]) for name in KINDS if name in slots]
    said = {name: value for name, value in slots.items() if value != "" and name not in KINDS}
    return Match(Kind([intent, *kinds][-1]), said)


def _unlikely(result: RecognizeResult) -> tuple[bool, int]:
    """Return what sorts the likeliest reading first."""
    return result.intent.name == Kind.UNCLEAR.value, _left_open(result)


def _left_open(result: RecognizeResult) -> int:
    """Return how many words are the topic."""
    return sum(len(entity.text.split()) for entity in result.entities_list if entity.is_wildcard)
