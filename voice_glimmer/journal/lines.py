"""A glimmer as a line of JSON (pure): what is written when a journal is taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from voice_glimmer.faults import Fault
from voice_glimmer.journal.which import stored

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from typing import IO

LONGEST_LINE = 10_000_000
"""Bytes: no glimmer of three minutes has a tenth of that."""

VOICE = r"^recordings/[0-9a-f]{2}/[0-9a-f]{64}\.(flac|opus)$"

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Voice(_Strict):
    """A recording: its path in a journal's folder, its rate in Hz and its length in seconds."""

    path: Annotated[str, Field(pattern=VOICE)]
    rate: Annotated[int, Field(gt=0, le=1_000_000)]
    duration: Seconds


class Word(_Strict):
    """A recognised word: its seconds in the recording, and the recogniser's confidence."""

    word: str
    start: Seconds
    end: Seconds
    confidence: Share


class Wording(_Strict):
    """A former wording; one without `replaced_at` was taken back."""

    text: str
    confidence: Share | None
    duration: Seconds
    recording: Voice | None = None
    replaced_at: AwareDatetime | None
    words: tuple[Word, ...]


class Line(_Strict):
    """A glimmer as it is written; `spoken_at` has the offset of where it was said.

    What is `uncertain` was said while the time was not known.
    """

    uid: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    spoken_at: AwareDatetime
    zone: str
    uncertain: bool = False
    text: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(pattern="^(voice|typed|imported)$")]
    confidence: Share | None = None
    duration: Seconds
    recording: Voice | None = None
    prompt: str
    favourite: bool
    tags: tuple[str, ...]
    words: tuple[Word, ...] = ()
    wordings: tuple[Wording, ...] = ()

    def voices(self) -> list[Voice]:
        """Return the recordings of all its wordings."""
        recordings = (self.recording, *(each.recording for each in self.wordings))
        return [each for each in recordings if each]

    def with_voices(self, there: Container[str]) -> Line:
        """Return it without the recordings whose paths are not `there`."""

        def kept(voice: Voice | None) -> Voice | None:
            return voice if voice and voice.path in there else None

        wordings = (
            each.model_copy(update={"recording": kept(each.recording)}) for each in self.wordings
        )
        return self.model_copy(
            update={"recording": kept(self.recording), "wordings": tuple(wordings)}
        )


def parse(texts: Iterable[str]) -> Iterator[Line]:
    """Yield the glimmers that lines of JSON tell of; empty lines tell of none.

    Raises:
        Fault: A line is no glimmer; it says which.
    """
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            continue
        try:
            yield checked(Line.model_validate_json(text))
        except (ValidationError, ValueError, OverflowError) as error:
            # Not the error's own words, which quote what somebody said.
            raise Fault(f"Line {number} is no glimmer. Nothing was imported.") from error


def checked(line: Line) -> Line:
    """Return a glimmer whose times can be stored.

    Raises:
        OverflowError: One is before the year 1 or after 9999, in UTC.
    """
    for moment in (line.spoken_at, *(each.replaced_at for each in line.wordings)):
        if moment:
            stored(moment)
    return line


def lines_of(file: IO[bytes]) -> Iterator[str]:
    """Yield a file's lines, with their ends, and never hold more than one.

    Raises:
        Fault: It cannot be read, is no text, or a line is longer than any of ours.
    """
    try:
        while raw := file.readline(LONGEST_LINE + 1):
            if len(raw) > LONGEST_LINE:
                raise ValueError("too long")
            yield raw.decode()
    except (OSError, ValueError) as error:
        raise Fault("This is no text that I can read. Nothing was imported.") from error
