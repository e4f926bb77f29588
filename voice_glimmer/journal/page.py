"""A journal as one web page, with its voices, that needs no network and no script; and back.

Each glimmer has its line of JSON beside it in a data block, and its voices are in the page.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import closing, contextmanager
from html import escape
from html.parser import HTMLParser
from io import StringIO
from typing import TYPE_CHECKING

from voice_glimmer.faults import Fault
from voice_glimmer.journal.carrying import LARGEST_VOICE, carry_in, voice
from voice_glimmer.journal.diary import day, months
from voice_glimmer.journal.errors import told
from voice_glimmer.journal.lines import LONGEST_LINE, Line, parse
from voice_glimmer.journal.opening import opened
from voice_glimmer.journal.transfer import LOCAL_TIME, glimmers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from voice_glimmer.journal.lines import Voice
    from voice_glimmer.journal.places import Place
    from voice_glimmer.journal.transfer import Imported

BEGINNING = "<!doctype html>"

_GENERATOR = "Voice Glimmer"
_JSON = "application/json"
_KINDS = {"flac": "audio/flac", "opus": "audio/ogg"}
_PIECE = 4 * 2**20
# In base64.
_LARGEST_TAG = LARGEST_VOICE * 4 // 3 + _PIECE
_STYLE = """
:root { color-scheme: light dark; --paper: #fbf8f2; --ink: #26221c; --soft: #655c50; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #1d1b18; --ink: #e9e3d9; --soft: #b5ab9d; }
}
body { max-width: 38rem; margin: 0 auto; padding: 2rem 1rem 6rem; line-height: 1.6;
  font-family: Georgia, serif; font-size: 1.125rem; background: var(--paper); color: var(--ink); }
h2 { margin-top: 3rem; font-weight: normal; }
h3, .asked, .notes, summary { font-size: 1rem; font-weight: normal; color: var(--soft); }
article { margin: 2rem 0; }
.said { white-space: pre-line; overflow-wrap: anywhere; }
audio { width: 100%; }
"""


def write(journal: Place, language: str) -> Iterator[str]:
    """Yield the parts of a page, to be joined; what is deleted, or lost from disk, stays out.

    Args:
        journal: The journal's folder.
        language: The language in which glimmers are told, such as "en", for screen readers.

    Raises:
        Fault: The journal cannot be opened.
        JournalUnavailableError: It cannot be read.
    """
    with closing(opened(journal)) as db, told():
        yield (
            f'{BEGINNING}\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="generator" content="{_GENERATOR}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta http-equiv="Content-Security-Policy"'
            " content=\"default-src 'none'; style-src 'unsafe-inline'; media-src data:\">\n"
            f"<title>Glimmers</title>\n<style>{_STYLE}</style>\n</head>\n"
            "<body>\n<main>\n<h1>Glimmers</h1>\n"
        )
        for _, title, said in months(glimmers(db, LOCAL_TIME)):
            yield f"<section>\n<h2>{title}</h2>\n"
            for line in said:
                yield from _article(journal, line, escape(language))
            yield "</section>\n"
        yield "</main>\n</body>\n</html>\n"


def take_in(path: Path, journal: Place, *, dry_run: bool = False) -> Imported:
    """Take a page into a journal with its voices, all of it or nothing.

    Raises:
        Fault: The page is damaged or none of ours; nothing was imported.
        JournalUnavailableError: The journal cannot be written; nothing was imported.
    """
    return carry_in(_Page(path), journal, dry_run=dry_run)


def _article(journal: Place, line: Line, language: str) -> Iterator[str]:
    found = {each.path: voice(journal, each.path) for each in line.voices()}
    voices = {path: content for path, content in found.items() if content is not None}
    line = line.with_voices(voices)
    when = day(line)
    moment = line.spoken_at.isoformat(timespec="seconds")
    yield f'<article>\n<h3><time datetime="{moment}">{when}</time></h3>\n'
    if line.prompt:
        yield f'<p class="asked">{escape(line.prompt)}</p>\n'
    yield _said(line.text, language)
    yield _audio(line.recording, voices, f"Voice of {when}")
    notes = [*["Favourite"][: line.favourite], *map(escape, line.tags)]
    if notes:
        yield f'<p class="notes">{" · ".join(notes)}</p>\n'
    if line.wordings:
        yield "<details>\n<summary>Earlier wordings</summary>\n"
        for wording in line.wordings:
            yield _said(wording.text, language)
            yield _audio(wording.recording, voices, f"Earlier voice of {when}")
        yield "</details>\n"
    # Nothing in it can end the block, and it is the same JSON.
    data = line.model_dump_json().replace("<", r"\u003c")
    yield f'<script type="{_JSON}">{data}</script>\n</article>\n'


def _said(text: str, language: str) -> str:
    return f'<p class="said" lang="{language}">{escape(text)}</p>\n'


def _audio(recording: Voice | None, voices: Mapping[str, bytes], label: str) -> str:
    if recording is None:
        return ""
    path = recording.path
    data = b64encode(voices[path]).decode()
    return (
        f'<audio controls preload="none" aria-label="{label}" data-recording="{path}"'
        f' src="data:{_KINDS[path.rpartition(".")[2]]};base64,{data}"></audio>\n'
    )


class _Page:
    def __init__(self, path: Path) -> None:
        self._path = path

    def lines(self) -> Iterator[Line]:
        return parse(line for reader in self._pieces() for line in reader.lines)

    def voices(self) -> Iterator[tuple[str, bytes]]:
        for reader in self._pieces():
            for path, data in reader.voices:
                with _reading():
                    content = b64decode(data.partition(";base64,")[2], validate=True)
                yield path, content

    def _pieces(self) -> Iterator[_Reader]:
        """Yield the reader after each piece of the page."""
        reader = _Reader()
        with _reading(), self._path.open(encoding="utf-8", newline="") as file:
            while piece := file.read(_PIECE):
                reader.feed(piece)
                if len(reader.rawdata) > _LARGEST_TAG:
                    raise ValueError("a tag without an end")
                yield reader
                reader.lines.clear()
                reader.voices.clear()
            if not reader.whole:
                raise ValueError("cut off, or none of ours")


class _Reader(HTMLParser):
    """Gathers what a piece of a page brings.

    Attributes:
        lines: Of JSON.
        voices: Their paths in a journal's folder, and data URIs.
        whole: Whether this is a page of ours, and its end has been read.
    """

    def __init__(self) -> None:
        super().__init__()
        self.whole = False
        self.lines: list[str] = []
        self.voices: list[tuple[str, str]] = []
        self._ours = False
        self._line: StringIO | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and given.get("name") == "generator":
            self._ours = given.get("content") == _GENERATOR
        elif tag == "script" and given.get("type") == _JSON:
            self._line = StringIO(newline="")
        elif tag == "audio":
            self.voices.append((given.get("data-recording") or "", given.get("src") or ""))

    def handle_data(self, data: str) -> None:
        if self._line is not None:
            self._line.write(data)
            if self._line.tell() > LONGEST_LINE:
                raise ValueError("too long")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._line is not None:
            self.lines.append(self._line.getvalue())
            self._line = None
        elif tag == "html":
            self.whole = self._ours


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    # html.parser has no error of its own: what it cannot parse at all, it asserts.
    except (AssertionError, OSError, ValueError) as error:
        raise Fault("This page is damaged or none of ours. Nothing was imported.") from error
