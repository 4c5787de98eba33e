"""What holds for every request: an id, a limit on the body, and headers that keep browsers careful."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import PayloadTooLarge
from service.logs import put_request_id_in_logs, request_id
from service.problems import problem_response, unforeseen

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def install_middleware(app: FastAPI, longest_body: Callable[[], int]) -> None:
    """Hang all of it on the application.

    Args:
        longest_body: bytes that a request may have, asked at each request, when the settings are known.
    """
    app.add_middleware(LimitBody, longest=longest_body)
    app.add_middleware(AnswerUnforeseen)
    app.add_middleware(GuardAnswers)
    app.add_middleware(IdentifyRequest)
    put_request_id_in_logs()


class IdentifyRequest:
    """Takes a sane `X-Request-Id` of the caller or makes one, and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        identity = given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = identity
        token = request_id.set(identity)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = identity
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            request_id.reset(token)


class GuardAnswers:
    """Adds security headers to every answer; a header that the endpoint set itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _guard(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, send_guarded if scope["type"] == "http" else send)


class AnswerUnforeseen:
    """Logs and answers what nothing else foresaw.

    FastAPI would do so outside of all middleware, where the request has no id and the answer gets no headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception as error:
            problem = unforeseen(error)
            if started:
                raise  # half an answer is on its way: the server cuts the connection, so that it is not taken as whole
            await problem_response(problem, scope["state"]["request_id"])(scope, receive, send)


class LimitBody:
    """Refuses a body by its declared length, or while it streams in once it is over the limit."""

    def __init__(self, app: ASGIApp, longest: Callable[[], int]) -> None:
        self._app, self._longest = app, longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        longest, received = self._longest(), 0
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > longest:
            await _refuse(longest, scope)(scope, receive, send)
            return
        over = started = False

        async def receive_counted() -> Message:
            nonlocal received, over
            message = await receive()
            received += len(message.get("body", b""))
            if received > longest:
                over = True
                raise PayloadTooLarge(_too_large(longest))
            return message

        async def send_unless_over(message: Message) -> None:
            nonlocal started
            if not over:
                started = True
                await send(message)

        try:
            await self._app(scope, receive_counted, send_unless_over)
        except PayloadTooLarge:
            if not over:
                raise
        if over and not started:  # whatever the application made of the cut-off body, this is the reason
            await _refuse(longest, scope)(scope, receive, send)


def _refuse(longest: int, scope: Scope) -> ASGIApp:
    problem = PayloadTooLarge(_too_large(longest), headers={"Connection": "close"})
    return problem_response(problem, scope.get("state", {}).get("request_id"))


def _too_large(longest: int) -> str:
    return f"The request has more than the {longest} bytes that are allowed."


def _guard(headers: MutableHeaders, path: str) -> None:
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    if path.startswith("/v1"):
        headers.setdefault("Cache-Control", "no-store")
    if headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("Content-Security-Policy", _CONTENT_POLICY)
        headers.setdefault("X-Frame-Options", "DENY")
