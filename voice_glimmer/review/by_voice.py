"""A glimmer that is told to the browser: recorded there, understood here."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from datetime import UTC, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from voice_glimmer.hearing.frames import RATE
from voice_glimmer.hearing.transcribing import paragraphs, transcribed
from voice_glimmer.review.access import ask, house_of
from voice_glimmer.review.decoding import UnreadableError, decoded
from voice_glimmer.review.policy import UPLOAD
from voice_glimmer.review.rendering import page
from voice_glimmer.settings import cache_folder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_glimmer.conversation.events import Word
    from voice_glimmer.hearing.models import Model
    from voice_glimmer.review.house import House

log = logging.getLogger(__name__)


class Hearing:
    """The speech model, loaded when it is first needed.

    Args:
        house: The house, whose settings may name a model.
        model: The model, where it is loaded already.
    """

    def __init__(self, house: House, model: Model | None = None) -> None:
        self._house = house
        self._model = model

    def words(self, samples: npt.NDArray[np.int16]) -> tuple[Word, ...]:
        """Return what is said in int16 samples, shape (n,), mono, at `RATE`.

        Raises:
            Fault: There is no model, or it is not of the person's language.
        """
        # Vosk is loaded for nobody who only reads.
        from voice_glimmer.hearing import models  # noqa: PLC0415
        from voice_glimmer.hearing.recogniser import Recogniser  # noqa: PLC0415

        if self._model is None:
            path = models.find(self._house.settings.model, Path.home(), wake=False)
            self._model = models.load(path, cache_folder())
        models.require_words(self._model, self._house.language.sentences.words(), "an answer")
        return transcribed(Recogniser(self._model), [samples], lambda _: None).words


def prepare(app: Starlette) -> None:
    """Give the page what it needs to understand a voice."""
    app.state.hearing = Hearing(app.state.house)


async def _recorder(request: Request) -> Response:
    return _shown(request)


async def _add(request: Request) -> Response:
    kind = request.headers.get("content-type", "").partition("/")[0]
    if kind not in {"audio", "video"}:
        return _shown(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unreadable")
    content = await request.body()
    try:
        # In threads: the page is there for others meanwhile.
        samples = await asyncio.to_thread(decoded, content)
    except UnreadableError as error:
        return _shown(request, HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    words = await asyncio.to_thread(request.app.state.hearing.words, samples)
    if not words:
        return _shown(request, HTTPStatus.UNPROCESSABLE_ENTITY, "no_words")
    number = await _kept(request, samples, words)
    return RedirectResponse(f"/glimmers/{number}", HTTPStatus.SEE_OTHER)


async def _kept(request: Request, samples: npt.NDArray[np.int16], words: tuple[Word, ...]) -> int:
    """Keep it as it is kept in the kitchen; sent twice, it is kept once. Return its number."""
    house = house_of(request)
    voice, duration = samples.astype("<i2").tobytes(), len(samples) / RATE
    began = house.now().astimezone(UTC) - timedelta(seconds=duration)
    spoken_at = began.astimezone(house.now().tzinfo)
    return await ask(
        request,
        lambda journal: journal.keep(
            paragraphs(words, house.settings.pause),
            words,
            spoken_at,
            duration=duration,
            prompt="",
            name=f"page-{hashlib.sha256(voice).hexdigest()}",
            voice=voice,
            rate=RATE,
            reckoning=house.clock.reckoning(spoken_at),
        ),
    )


def _shown(request: Request, status: int = HTTPStatus.OK, told: str = "") -> Response:
    # Where browsers give no microphone (https://www.w3.org/TR/secure-contexts/).
    secure = request.state.visitor.local or request.url.scheme == "https"
    return page(request, "by_voice.html", status=status, told=told, secure=secure)


routes = [Route(UPLOAD, _recorder), Route(UPLOAD, _add, methods=["POST"])]
