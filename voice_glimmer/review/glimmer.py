"""One glimmer: its words and voice, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from voice_glimmer.review.access import ask, house_of
from voice_glimmer.review.forms import line_of, text_of, trouble_with
from voice_glimmer.review.rendering import page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from voice_glimmer.conversation.events import Word
    from voice_glimmer.journal import Glimmer, Journal


async def _show(request: Request) -> Response:
    return await _shown(request)


async def _shown(request: Request, trouble: str = "", written: str | None = None) -> Response:
    number = request.path_params["id"]

    def read(book: Journal) -> tuple[Glimmer, list[Word], list[str]]:
        return book.get(number), book.spoken_words(number), book.earlier(number)

    glimmer, spoken, earlier = await ask(request, read)
    # Where words and text differ, as after an import, no word has a time to be heard from.
    timed = spoken if [each.text for each in spoken] == glimmer.text.split() else []
    return page(
        request,
        "glimmer.html",
        status=422 if trouble else 200,
        glimmer=glimmer,
        timed=timed if glimmer.recording else [],
        earlier=earlier,
        trouble=trouble,
        written=glimmer.text if written is None else written,
    )


async def _reword(request: Request) -> Response:
    text = await text_of(request)
    if trouble := trouble_with(text):
        return await _shown(request, trouble, text)
    number, now = request.path_params["id"], house_of(request).now()

    def reword(book: Journal) -> None:
        if book.get(number).text != text:
            book.reword(number, text, now)

    await ask(request, reword)
    return _back(request)


async def _tag(request: Request) -> Response:
    tag = await line_of(request, "tag")
    number = request.path_params["id"]
    if tag and not trouble_with(tag):
        await ask(request, lambda book: book.tag(number, tag))
    return _back(request)


async def _untag(request: Request) -> Response:
    tag = await line_of(request, "tag")
    await ask(request, lambda book: book.untag(request.path_params["id"], tag))
    return _back(request)


async def _delete(request: Request) -> Response:
    number, now = request.path_params["id"], house_of(request).now()
    await ask(request, lambda book: book.delete(number, now))
    return RedirectResponse(f"/timeline?gone={number}", 303)


def _does(work: Callable[[Journal, int], object]) -> Callable[[Request], Awaitable[Response]]:
    """Return what does this with a glimmer, and shows it again."""

    async def answer(request: Request) -> Response:
        await ask(request, lambda book: work(book, request.path_params["id"]))
        return _back(request)

    return answer


def _back(request: Request) -> Response:
    return RedirectResponse(f"/glimmers/{request.path_params['id']}", 303)


_favour = _does(lambda book, number: book.favour(number, favourite=True))
_unfavour = _does(lambda book, number: book.favour(number, favourite=False))
_unchange = _does(lambda book, number: book.unchange(number))
_restore = _does(lambda book, number: book.restore(number))

routes = [
    Route("/glimmers/{id:int}", _show),
    Route("/glimmers/{id:int}/words", _reword, methods=["POST"]),
    Route("/glimmers/{id:int}/unchange", _unchange, methods=["POST"]),
    Route("/glimmers/{id:int}/favour", _favour, methods=["POST"]),
    Route("/glimmers/{id:int}/unfavour", _unfavour, methods=["POST"]),
    Route("/glimmers/{id:int}/tag", _tag, methods=["POST"]),
    Route("/glimmers/{id:int}/untag", _untag, methods=["POST"]),
    Route("/glimmers/{id:int}/delete", _delete, methods=["POST"]),
    Route("/glimmers/{id:int}/restore", _restore, methods=["POST"]),
]
