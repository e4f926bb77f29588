"""The door of the page: every request passes here, and every answer goes out through it.

In this order: is it meant for this page (DNS rebinding), does another site make the browser ask,
may this visitor see it, is its body small and quick enough, and does a change bring its token.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from contextlib import nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse

from voice_glimmer.review import policy
from voice_glimmer.review.devices import LASTS
from voice_glimmer.review.rendering import page

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import HTTPConnection
    from starlette.types import Message, Receive, Scope, Send

    from voice_glimmer.review.devices import Device, Devices

COOKIE = "glimmer"
TOKEN_HEADER = "x-csrf-token"  # noqa: S105 - its name

log = logging.getLogger(__name__)


class RefusedError(Exception):
    """A request that is not answered, with a status and the name of a sentence."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(f"{status.value} {sentence}")
        self.status, self.sentence = status, sentence


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: this machine itself, a device that was let in, or neither."""

    local: bool
    device: Device | None = None

    @property
    def is_stranger(self) -> bool:
        """Whether they may see nothing of the journal."""
        return not self.local and self.device is None

    @property
    def name(self) -> str:
        """What tells visitors apart."""
        return self.device.digest if self.device else "local" if self.local else "stranger"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request's body may be: bytes, and seconds until it is there."""

    most: int
    seconds: float


FORM = Limits(policy.FORM_BYTES, policy.FORM_SECONDS)
UPLOAD = Limits(policy.UPLOAD_BYTES, policy.UPLOAD_SECONDS)


class Guard:
    """The page behind its door.

    Each request gets `state.visitor`, a `Visitor`, and `state.csrf`, the token for their forms.

    Args:
        app: The page, with `state.devices`.
        bound: Where it is served; the page has it as `state.bound`.
        form: What a form's body may be.
        upload: What a recording may be; one is taken at a time.
    """

    def __init__(
        self,
        app: Starlette,
        bound: policy.Bound,
        *,
        form: Limits = FORM,
        upload: Limits = UPLOAD,
    ) -> None:
        self.app = app
        self.app.state.bound = bound
        self._devices: Devices = app.state.devices
        self._bound = bound
        self._form, self._upload = form, upload
        self._uploading = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["app"] = self.app
        request = Request(scope, receive)
        told = policy.headers_for(scope["path"])
        caching = policy.caching(scope["path"], scope["query_string"])

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("cache-control", caching)
                headers.update(told)
                if renewed := self._renewed(request):
                    headers.append("set-cookie", renewed)
            await send(message)

        request.state.visitor = self._visitor(request)
        request.state.csrf = self._devices.token(request.state.visitor.name)
        try:
            self._check(request)
            await self._pass(request, guarded)
        except RefusedError as refused:
            log.info("%s %r: %s", request.method, scope["path"], refused)
            sentence = self.app.state.words(refused.sentence)
            answer = page(request, "told.html", status=refused.status, sentence=sentence)
            await answer(scope, receive, guarded)
        except ClientDisconnect:
            log.info("a visitor left before all was said")

    def _visitor(self, request: Request) -> Visitor:
        client = request.client.host if request.client else ""
        if policy.is_local(client, request.headers.keys()):
            return Visitor(local=True)
        token = request.cookies.get(COOKIE, "")
        return Visitor(local=False, device=self._devices.of(token) if token else None)

    def _check(self, request: Request) -> None:
        """Check that the page itself is asked, and by its own visitor.

        Raises:
            RefusedError: It is not.
        """
        headers = request.headers
        host = headers.get("host", "")
        address = (request.scope["server"] or ("",))[0]
        if not policy.is_ours(host, address, self._bound):
            raise RefusedError(HTTPStatus.MISDIRECTED_REQUEST, "wrong_name")
        if policy.is_foreign(request.method, headers, f"{request.url.scheme}://{host}"):
            raise RefusedError(HTTPStatus.FORBIDDEN, "another_site")

    async def _pass(self, request: Request, send: Send) -> None:
        """Pass a request on; one that changes something only with a whole body and its token.

        Raises:
            RefusedError: It is not passed on.
        """
        scope, path, safe = request.scope, request.scope["path"], request.method in policy.SAFE
        if request.state.visitor.is_stranger and not policy.is_open(path):
            if not safe or request.headers.get("sec-fetch-mode", "navigate") != "navigate":
                raise RefusedError(HTTPStatus.UNAUTHORIZED, "not_paired")
            await RedirectResponse("/pair", HTTPStatus.SEE_OTHER)(scope, request.receive, send)
            return
        if path.startswith(policy.DATA) and not request.state.visitor.local:
            raise RefusedError(HTTPStatus.FORBIDDEN, "only_here")
        if safe:
            await self.app(scope, request.receive, send)
            return
        large = path == policy.UPLOAD
        if large and self._uploading.locked():
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "one_at_a_time")
        async with self._uploading if large else nullcontext():
            body = await received(request, self._upload if large else self._form)
            given = request.headers.get(TOKEN_HEADER) or await _token_in(scope, body)
            if not hmac.compare_digest(given.encode(), request.state.csrf.encode()):
                raise RefusedError(HTTPStatus.FORBIDDEN, "no_token")
            await self.app(scope, _replayed(body, request.receive), send)

    def _renewed(self, request: Request) -> str:
        """Return the cookie again on each day of use, so that it lasts; else nothing."""
        device = request.state.visitor.device
        if device is None or not self._devices.see(device):
            return ""
        return cookie(request.cookies[COOKIE], request)


def cookie(token: str, request: HTTPConnection) -> str:
    """Return a `Set-Cookie` header by which a device is known; an empty token takes it away."""
    lasts = int(LASTS.total_seconds()) if token else 0
    secure = "; Secure" if request.url.scheme == "https" else ""
    return f"{COOKIE}={token}; Max-Age={lasts}; Path=/; HttpOnly; SameSite=Strict{secure}"


def is_welcome(request: HTTPConnection) -> bool:
    """Tell whether a visitor still is, for answers that last."""
    visitor: Visitor = request.state.visitor
    devices: Devices = request.app.state.devices
    return visitor.local or (visitor.device is not None and devices.has(visitor.device.digest))


async def received(request: Request, limits: Limits) -> bytes:
    """Return a request's whole body.

    Raises:
        RefusedError: It is too large, or takes too long.
        ClientDisconnect: The visitor left before.
    """
    claimed = request.headers.get("content-length", "0")
    if not claimed.isdecimal() or int(claimed) > limits.most:
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
    body = bytearray()
    try:
        async with asyncio.timeout(limits.seconds):
            async for part in request.stream():
                body += part
                if len(body) > limits.most:
                    raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
    except TimeoutError as error:
        raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, "too_slow") from error
    return bytes(body)


async def _token_in(scope: Scope, body: bytes) -> str:
    """Return the token that a form brings along, or nothing."""
    try:
        async with Request(scope, _replayed(body)).form(max_files=0) as form:
            return str(form.get("csrf", ""))
    except HTTPException:
        return ""


def _replayed(body: bytes, then: Receive | None = None) -> Receive:
    """Return what delivers a body that was received already, and then whatever comes."""
    waiting = [body]

    async def receive() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await then() if then else {"type": "http.disconnect"}

    return receive
