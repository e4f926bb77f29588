"""The calming prompts, and the pauses that are written into what is said."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from voice_glimmer.faults import Fault

AUDIO_PROMPTS = Path(__file__).parents[1] / "audio_prompts"

_PAUSE = re.compile(r"\[(\d+(?:\.\d+)?)s\]")

# fmt: off
Kind = Literal[
    "warmth", "light", "sound", "smell", "taste", "touch", "safety", "connection", "kindness",
    "joy", "nature", "rest", "body", "memory", "room", "welcome",
]
# fmt: on
"""What a prompt turns to; "room" makes room for a glimmer, with a candle, a song or the sun."""

When = Literal["any", "morning", "evening", "first", "back"]
"""When a prompt fits: at an hour, before there are any glimmers, or after a week away."""


def _invites(words: str) -> str:
    """Return words that are a breath, a pause, and one question.

    Raises:
        ValueError: They are not.
    """
    *breath, question = pieces(words) or [""]
    if not any(isinstance(piece, str) for piece in breath) or words.count("?") != 1:
        raise ValueError(words)
    if not isinstance(question, str) or not question.endswith("?"):
        raise ValueError(words)
    return words


class Prompt(BaseModel):
    """A calming prompt, which invites a glimmer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[
        str,
        Field(
            pattern=r"^[a-z]+(-[a-z]+)*$",
            description="a name in small letters, such as warm-sun; hyphens may join words.",
        ),
    ]
    words: Annotated[
        str,
        AfterValidator(_invites),
        Field(
            max_length=500,
            description='a breath, a pause such as "[1.5s]", and one question at the end, '
            "in 500 characters.",
        ),
    ]
    kind: Annotated[Kind, Field(description="what it turns to, such as warmth.")]
    when: Annotated[When, Field(description="any, morning, evening, first or back.")] = "any"
    weight: Annotated[float, Field(gt=0, le=10, description="a number above 0, up to 10.")] = 1.0


def load(path: Path) -> list[Prompt]:
    """Return the prompts of a TOML file with `[[prompt]]` tables.

    Raises:
        Fault: It cannot be read, or what an entry holds is no prompt.
    """
    try:
        entries = tomllib.loads(path.read_text("utf-8"))["prompt"]
        found = [_prompt(path, number, entry) for number, entry in enumerate(entries, 1)]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, LookupError, TypeError) as error:
        raise Fault(f"The prompts in {path} cannot be read: {error}.") from error
    ids = [prompt.id for prompt in found]
    if twice := next((name for name in ids if ids.count(name) > 1), None):
        raise Fault(f'In {path}, two prompts have the id "{twice}". Please rename one.')
    return found


def _prompt(path: Path, number: int, entry: object) -> Prompt:
    try:
        return Prompt.model_validate(entry)
    except ValidationError as error:
        named = entry.get("id") if isinstance(entry, dict) else None
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        field = Prompt.model_fields.get(key)
        please = f"Please give {field.description}" if field else "Please leave it out."
        raise Fault(
            f"In {path}, in prompt {number} ({named or 'it has no id'}), "
            f"{key or 'the entry'} is not what it should be. {please}"
        ) from error


def pieces(text: str) -> list[str | float]:
    """Return `text` split at its pauses: words as strings, pauses in seconds.

    >>> pieces("Let go.[1.5s] What was good?")
    ['Let go.', 1.5, 'What was good?']
    """
    parts = _PAUSE.split(text)
    found: list[str | float] = []
    for index, part in enumerate(parts):
        if index % 2:
            found.append(float(part))
        elif part.strip():
            found.append(part.strip())
    return found


def plain(text: str) -> str:
    """Return `text` without its pauses, as it is shown and kept."""
    return " ".join(piece for piece in pieces(text) if isinstance(piece, str))
