"""Taking a journal along: out, in a format, and in, in whatever format it is.

What each format holds is told in docs/formats.md.
"""

from __future__ import annotations

import logging
import os
import shutil
from codecs import BOM_UTF8
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp, mkstemp
from typing import TYPE_CHECKING, BinaryIO

from voice_glimmer.durable import sync_folder
from voice_glimmer.faults import Fault
from voice_glimmer.journal import archive, markdown, others, page, table, transfer
from voice_glimmer.journal.errors import JournalUnavailableError
from voice_glimmer.journal.lines import lines_of, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from voice_glimmer.journal.lines import Line
    from voice_glimmer.journal.places import Place
    from voice_glimmer.journal.transfer import Imported

LARGEST_MONTH = 64 * 2**20
"""Bytes of a month's Markdown."""

_TOLD_BY = 10_000
_ZIP = ("PK\x03\x04", "PK\x05\x06")

log = logging.getLogger(__name__)


class Format(StrEnum):
    """What a journal is written as."""

    ARCHIVE = "zip"
    PAGE = "html"
    LINES = "jsonl"
    MARKDOWN = "markdown"
    TABLE = "csv"


def export(journal: Place, path: Path, form: Format, *, language: str) -> None:
    """Write a journal to a file, or as Markdown to a folder: private, durably, whole or not at all.

    What is deleted stays out.

    Args:
        journal: The journal's folder.
        path: Where there is nothing yet, or nothing in it.
        form: The format.
        language: The language in which glimmers are told, such as "en".

    Raises:
        Fault: There is something at that path, or it cannot be written.
    """
    try:
        if form is Format.MARKDOWN:
            with _new_folder(path) as folder:
                lines = transfer.without_voices(journal, transfer.LOCAL_TIME)
                for name, parts in markdown.files(lines):
                    with new_file(folder / name) as file:
                        _write(file, parts)
            return
        with new_file(path) as file:
            match form:
                case Format.ARCHIVE:
                    archive.write(journal, file)
                case Format.PAGE:
                    _write(file, page.write(journal, language))
                case Format.LINES:
                    _write(file, transfer.export(journal))
                case Format.TABLE:
                    # Without it, spreadsheets take letters for those of their own country.
                    file.write(BOM_UTF8)
                    _write(file, table.rows(transfer.without_voices(journal)))
    except (OSError, JournalUnavailableError) as error:
        log.warning("the journal was not exported to %s: %s", path, error)
        raise Fault(
            f"I could not export the journal to {path}. "
            "Please check that there is room, and that it can be written."
        ) from error


def take_in(path: Path, journal: Place, zone: tzinfo, *, dry_run: bool = False) -> Imported:
    """Take a file, or a folder of Markdown, into a journal, all of it or nothing.

    The format is told by what is in it.

    Args:
        path: The file or folder.
        journal: The journal's folder; made where there is none.
        zone: Where entries of other programs were written that do not say so.
        dry_run: Only look; the journal stays as it is.

    Raises:
        Fault: It is damaged, in no known format, or cannot be read; nothing was imported.
        JournalUnavailableError: The journal cannot be written; nothing was imported.
    """
    try:
        return _take_in(path, journal, zone, dry_run=dry_run)
    except Fault as fault:
        # By its kind alone: what an error says may quote what somebody said.
        log.info("%s was not imported: %s", path, type(fault.__cause__).__name__)
        raise


def _take_in(path: Path, journal: Place, zone: tzinfo, *, dry_run: bool) -> Imported:
    with _telling(path):
        is_folder = path.is_dir()
    if is_folder:
        return transfer.add(_of_months(path), journal, dry_run=dry_run)
    beginning = _beginning(path)
    if beginning.startswith(_ZIP):
        if archive.is_ours(path):
            return archive.take_in(path, journal, dry_run=dry_run)
        return _add(others.from_zip(path, zone), journal, dry_run=dry_run)
    if beginning.lower().startswith(page.BEGINNING):
        return page.take_in(path, journal, dry_run=dry_run)
    if beginning.startswith(table.HEADER):
        return transfer.add(table.read(_lines_of(path)), journal, dry_run=dry_run)
    if not beginning or (beginning.startswith("{") and '"uid"' in beginning):
        return transfer.add(parse(_lines_of(path)), journal, dry_run=dry_run)
    if beginning.startswith("{"):
        with _reading(path) as file:
            content = file.read(others.LARGEST_JSON)
        return _add(others.from_json(content, zone), journal, dry_run=dry_run)
    if markdown.BEGINNING in beginning:
        return transfer.add(_of_month(path), journal, dry_run=dry_run)
    raise Fault(f"I do not know the format of {path}. Nothing was imported.")


def _add(found: tuple[list[Line], int], journal: Place, *, dry_run: bool) -> Imported:
    lines, left_out = found
    return replace(transfer.add(lines, journal, dry_run=dry_run), left_out=left_out)


def _of_months(folder: Path) -> Iterator[Line]:
    with _telling(folder):
        months = sorted(each for each in folder.iterdir() if markdown.MONTH.fullmatch(each.name))
    if not months:
        raise Fault(f"There is no month of Markdown in {folder}. Nothing was imported.")
    for each in months:
        yield from _of_month(each)


def _of_month(path: Path) -> Iterator[Line]:
    with _reading(path) as file:
        content = file.read(LARGEST_MONTH + 1)
        if len(content) > LARGEST_MONTH:
            raise ValueError("too large")
        text = content.decode().replace("\r\n", "\n")
    return markdown.read(text)


def _lines_of(path: Path) -> Iterator[str]:
    with _reading(path) as file:
        yield from lines_of(file)


def _beginning(path: Path) -> str:
    with _reading(path) as file:
        return file.read(_TOLD_BY).decode(errors="replace")


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    with _telling(path):
        if not path.is_file():
            raise FileNotFoundError(path)
        with path.open("rb") as file:
            if file.peek().startswith(BOM_UTF8):
                file.read(len(BOM_UTF8))
            yield file


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise Fault(
            f"I cannot read {path}. Please check that it is there, whole, and yours to read."
        ) from error


def _write(file: BinaryIO, parts: Iterable[str]) -> None:
    for part in parts:
        file.write(part.encode())


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that is private, and takes its place durably, whole or not at all.

    Raises:
        Fault: There is something at that path.
        OSError: It cannot be written; nothing is left behind.
    """
    _must_be_free(path, empty=path.is_file() and not path.stat().st_size)
    descriptor, name = mkstemp(".part", ".", path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(path)
        sync_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _new_folder(path: Path) -> Iterator[Path]:
    _must_be_free(path, empty=path.is_dir() and not any(path.iterdir()))
    folder = Path(mkdtemp(".part", ".", path.absolute().parent))
    try:
        yield folder
        folder.rename(path)
        sync_folder(path.absolute().parent)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _must_be_free(path: Path, *, empty: bool) -> None:
    if os.path.lexists(path) and not empty:
        raise Fault(f"There is something in {path} already. Please choose another name.")
