"""Fetching a speech model: goes on where it was cut off, and is whole or not there at all.

The official list says how large each model's archive is and what its MD5 is. What has arrived
stands beside the models under a name that holds that MD5, so that no other file continues it.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urljoin

import requests
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from voice_glimmer.faults import Fault
from voice_glimmer.hearing.catalogue import catalogue, named
from voice_glimmer.hearing.unpacking import require_room, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

OFFICIAL = "https://alphacephei.com/vosk/models"
"""Where the list and the archives are (as in Vosk's own library, `vosk.MODEL_PRE_URL`)."""

LIST = "model-list.json"
LONGEST_LIST = 4_000_000
"""Bytes. It is a hundredth of that long."""

LIMITS = (10.0, 30.0)
"""Seconds to wait for a connection, and for the next bytes."""

PAUSES = (1.0, 2.0, 5.0, 10.0)
"""Seconds to wait before each further try; what arrives meanwhile makes all of them new."""

SERVER_FAULTS = 500
"""What HTTP calls faults from here on may be gone a moment later; those below it stay."""

BLOCK = 1 << 16

HEADERS = {"Accept-Encoding": "identity"}
"""Counted are bytes of the file, not of a compressed one."""

log = logging.getLogger(__name__)


class Offer(BaseModel):
    """A model as the official list has it.

    Attributes:
        name: Its full name, which is its folder's, too.
        url: Where its archive is; may be relative to the list.
        size: The archive's, in bytes.
        md5: The archive's.
        obsolete: "true" where there is a better one.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]*$")]
    url: str
    size: Annotated[int, Field(gt=0)]
    md5: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    obsolete: str = "false"


@dataclass(frozen=True, slots=True)
class Source:
    """Where models come from.

    Attributes:
        base: The address of the folder with the list and the archives.
        limits: Seconds to wait for a connection, and for the next bytes.
        wait: Waits for so many seconds.
    """

    base: str = OFFICIAL
    limits: tuple[float, float] = LIMITS
    wait: Callable[[float], None] = time.sleep


def offered(asked: str, source: Source) -> Offer:
    """Return what the list says of the model that is meant, in full or in short.

    Raises:
        Fault: There is no such model, or the list cannot be had.
    """
    found = _list(source)
    names = [str(each.get("name")) for each in found]
    ours = [entry.name for entry in catalogue() if entry.name in names]
    current = [str(each.get("name")) for each in found if each.get("obsolete") != "true"]
    name = named(asked, [*ours, *current, *names])
    if name is None:
        raise Fault(
            f'There is no model called "{asked}". '
            "The ones that suit this program are listed by: voice-glimmer model list"
        )
    try:
        return Offer.model_validate(found[names.index(name)])
    except ValidationError as error:
        log.info("in the list of models: %s", error)
        raise Fault(_odd(source)) from error


def fetch(offer: Offer, folder: Path, source: Source, told: Callable[[int], None]) -> Path:
    """Fetch a model into a folder, and return where it is then.

    Args:
        offer: What the list says of it.
        folder: Where Vosk keeps its models; made where there is none.
        source: Where it comes from.
        told: Is told how many bytes of the archive are there.

    Raises:
        Fault: It could not be fetched; what has arrived stays for the next time. Or what arrived is
            not what the list promised, and is gone.
    """
    with _alone(folder), _room():
        part = folder / f".{offer.name}.{offer.md5}.part"
        for outdated in set(folder.glob(f".{offer.name}.*.part")) - {part}:
            outdated.unlink()
        # What is continued may turn out to be another file; what is begun anew may not.
        for _ in range(2 if part.exists() else 1):
            _arrive(offer, part, source, told)
            if _is(part, offer):
                break
            part.unlink()
        else:
            raise Fault(_changed(offer))
        try:
            model = unpacked(part, offer.name, folder)
        except Fault:
            part.unlink()
            raise
        part.unlink()
        return model


def _list(source: Source) -> list[dict[str, object]]:
    try:
        with requests.get(
            f"{source.base}/{LIST}", headers=HEADERS, timeout=source.limits, stream=True
        ) as answer:
            answer.raise_for_status()
            content = b""
            for block in answer.iter_content(BLOCK):
                content += block
                if len(content) > LONGEST_LIST:
                    raise Fault(_odd(source))
        return TypeAdapter(list[dict[str, object]]).validate_json(content)
    except ValidationError as error:
        raise Fault(_odd(source)) from error
    except requests.RequestException as error:
        log.info("the list of models: %s", error)
        raise Fault(
            f"I cannot reach {source.base}. Please check the connection to the network, "
            "and try again."
        ) from error


def _arrive(offer: Offer, part: Path, source: Source, told: Callable[[int], None]) -> None:
    """Fetch what is missing of an archive, with pauses where the network fails."""
    with part.open("ab") as file:
        pauses = iter(PAUSES)
        require_room(part.parent, offer.size - file.tell())
        while (before := file.tell()) < offer.size:
            told(before)
            try:
                _more(offer, file, source, told)
            except requests.RequestException as error:
                log.info("%s: %s", offer.url, error)
                if error.response is not None and error.response.status_code < SERVER_FAULTS:
                    raise Fault(_changed(offer)) from error
                if file.tell() > before:
                    pauses = iter(PAUSES)
                pause = next(pauses, None)
                if pause is None:
                    raise Fault(
                        f"The connection was lost. {file.tell() / offer.size:.0%} of it is here, "
                        "and the same command goes on from there."
                    ) from error
                source.wait(pause)
        told(offer.size)


def _more(offer: Offer, file: BinaryIO, source: Source, told: Callable[[int], None]) -> None:
    """Ask once for what is missing, and write what comes."""
    here = file.tell()
    headers = HEADERS | ({"Range": f"bytes={here}-"} if here else {})
    url = urljoin(f"{source.base}/", offer.url)
    with closing(requests.get(url, headers=headers, timeout=source.limits, stream=True)) as answer:
        if here and not _continues(answer, here):
            _empty(file)
            here = 0
            if answer.status_code == requests.codes.requested_range_not_satisfiable:
                return  # and is asked for anew
        answer.raise_for_status()
        for block in answer.iter_content(BLOCK):
            here += len(block)
            if here > offer.size:
                _empty(file)
                raise Fault(_changed(offer))
            file.write(block)
            file.flush()
            told(here)
    if here < offer.size:
        raise requests.ConnectionError(f"it ended after {here} of {offer.size} bytes")


def _empty(file: BinaryIO) -> None:
    file.seek(0)
    file.truncate()


def _continues(answer: requests.Response, here: int) -> bool:
    """Tell whether an answer goes on from this byte, or is a fault that says nothing of the file.

    A server that knows no ranges, or not of this file, sends all of it.
    """
    if answer.status_code == requests.codes.partial_content:
        return answer.headers.get("Content-Range", "").startswith(f"bytes {here}-")
    return answer.status_code not in (
        requests.codes.ok,
        requests.codes.requested_range_not_satisfiable,
    )


def _is(part: Path, offer: Offer) -> bool:
    with part.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    return found == offer.md5


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others from fetching into the same folder meanwhile."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise Fault(f"I cannot write to {folder}. Please check its permissions.") from error
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Fault(
                f"A model is being fetched into {folder} already. Please wait until it is there."
            ) from error
        yield
    finally:
        os.close(held)


@contextmanager
def _room() -> Iterator[None]:
    """Tell in one sentence that the disk does not take it."""
    try:
        yield
    except OSError as error:
        raise Fault(
            f"The model cannot be written: {error.strerror or error}. Please make room; "
            "the same command goes on from where it was."
        ) from error


def _changed(offer: Offer) -> str:
    return (
        f"What arrived of {offer.name} is not what the list promised, so I let it go. "
        "Please try again later."
    )


def _odd(source: Source) -> str:
    return f"The list of models at {source.base} is not as I know it. Please try again later."
