"""Around every request: its id, its log line, its figures, and the limit on its body.

Plain ASGI, because the middleware that wraps whole responses would hold streams back.
"""

import re
import time
from uuid import uuid4

import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import render
from api.metrics import ApiMetrics
from api.problems import InternalError, PayloadTooLarge

log = structlog.get_logger(__name__)

LARGEST_BODY = 1_000_000  # bytes
_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = {"/healthz", "/readyz", "/metrics"}


class RequestLog:
    """Gives the request an id, logs how it ended, and answers for what nobody caught."""

    def __init__(self, app: ASGIApp, metrics: ApiMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; lifespan and WebSocket messages pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        reply = _Reply(send, request_id)
        structlog.contextvars.clear_contextvars()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, reply.send)
            except Exception as error:
                log.error("request.failed", exc_info=error)  # noqa: TRY400 - `error` is passed
                if not reply.status:
                    await render(Request(scope), InternalError())(scope, receive, reply.send)
            finally:
                self._record(scope, reply)

    def _record(self, scope: Scope, reply: "_Reply") -> None:
        route = _template(scope)
        seconds = (reply.began_at or time.perf_counter()) - reply.asked_at
        self._metrics.requests.labels(scope["method"], route, reply.status).inc()
        self._metrics.latency.labels(scope["method"], route).observe(seconds)
        if scope["path"] not in _QUIET:
            log.info(
                "request.served",
                method=scope["method"],
                route=route,
                status=reply.status,
                ms=round(seconds * 1000, 1),
            )


class _Reply:
    """Watches a reply go out."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._header = (b"x-request-id", request_id.encode())
        self.asked_at = time.perf_counter()
        self.began_at: float | None = None
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.began_at = time.perf_counter()
            self.status = message["status"]
            message = {**message, "headers": [*message["headers"], self._header]}
        await self._send(message)


class BodyLimit:
    """Refuses bodies over 1 MB, also those that do not tell their length in advance."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body before anything else sees it; it is small or it is refused."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return  # the client is gone
            body += message.get("body", b"")
            if len(body) > LARGEST_BODY:
                await render(Request(scope), PayloadTooLarge())(scope, receive, send)
                return
            if not message.get("more_body"):
                break
        await self._app(scope, _replay(bytes(body), receive), send)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _template(scope: Scope) -> str:
    """The route's address with its parameters by name; FastAPI leaves the prefix out of it."""
    own = getattr(scope.get("route"), "path_format", None)  # absent when nothing matched
    if own is None:
        return "none"
    return str(scope["path"].rsplit("/", own.count("/"))[0]) + str(own)


def _request_id(scope: Scope) -> str:
    """The caller's id when it is harmless in logs and headers, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ACCEPTED_ID.fullmatch(value.decode("latin-1")):
            return str(value.decode("latin-1"))
    return uuid4().hex
