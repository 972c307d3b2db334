"""Around every request: its id, its log line, its figures, and the protective headers.

Plain ASGI, because the middleware that wraps whole responses would hold streams back.
"""

import re
import time
from http import HTTPMethod
from uuid import uuid4

import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import template
from api.errors import render
from api.headers import protective
from api.metrics import ApiMetrics
from api.problems import InternalError

log = structlog.get_logger(__name__)

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset(HTTPMethod)  # a sender may invent more, without end
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
        reply = _Reply(send, request_id, scope["path"])
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
        route = template(scope)
        seconds = (reply.began_at or time.perf_counter()) - reply.asked_at
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, route, reply.status).inc()
        self._metrics.latency.labels(method, route).observe(seconds)
        if scope["path"] not in _QUIET:
            log.info(
                "request.served",
                method=method,
                route=route,
                status=reply.status,
                ms=round(seconds * 1000, 1),
            )


class _Reply:
    """Watches a reply go out."""

    def __init__(self, send: Send, request_id: str, path: str) -> None:
        self._send = send
        self._path = path
        self._header = (b"x-request-id", request_id.encode())
        self.asked_at = time.perf_counter()
        self.began_at: float | None = None
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.began_at = time.perf_counter()
            self.status = message["status"]
            headers = [*protective(self._path, message["headers"]), self._header]
            message = {**message, "headers": headers}
        await self._send(message)


def _request_id(scope: Scope) -> str:
    """The caller's id when it is harmless in logs and headers, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ACCEPTED_ID.fullmatch(value.decode("latin-1")):
            return str(value.decode("latin-1"))
    return uuid4().hex
