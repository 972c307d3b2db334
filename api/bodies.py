"""Reads each body before a route does: whole and soon, of the right kind, strictly JSON."""

import asyncio
import re
from collections.abc import Mapping

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import invalid, render
from api.json_text import faults
from api.problems import PayloadTooLarge, Problem, RequestTimeout, UnsupportedMediaType

LARGEST_BODY = 1_000_000  # bytes
SLOWEST_BODY_S = 20.0
_BODILESS = frozenset({"GET", "HEAD"})
_FORMS = frozenset({"/dev-issuer/code"})  # OAuth's exchange of codes is a form
_FILES = re.compile(r"/api/v1/cases/[^/]+/attachments")  # read by api/cases/uploads.py
_CLOSE = {"Connection": "close"}  # the rest of the body is not read, so nothing can follow it


class _LeftError(Exception):
    """The client hung up while it was sending."""


class BodyRules:
    """Refuses bodies over 1 MB (also untold lengths), stalled ones, and all but strict JSON.

    Files that are attached to cases pass unread.
    """

    def __init__(self, app: ASGIApp, slowest_s: float = SLOWEST_BODY_S) -> None:
        self._app = app
        self._slowest_s = slowest_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body before anything else sees it; it is good or it is refused."""
        if scope["type"] != "http" or scope["method"] in _BODILESS or _is_file(scope):
            await self._app(scope, receive, send)
            return
        try:
            body = await self._read(receive)
            if scope["path"] not in _FORMS:
                _check(dict(scope["headers"]), body)
        except _LeftError:
            return
        except Problem as problem:
            await render(Request(scope), problem)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._slowest_s):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise _LeftError
                    body += message.get("body", b"")
                    if len(body) > LARGEST_BODY:
                        raise PayloadTooLarge(headers=_CLOSE)
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise RequestTimeout(headers=_CLOSE) from None


def _is_file(scope: Scope) -> bool:
    return scope["method"] == "POST" and _FILES.fullmatch(scope["path"]) is not None


def _check(headers: Mapping[bytes, bytes], body: bytes) -> None:
    if not body:
        return
    kind, _, parameters = headers.get(b"content-type", b"").decode("latin-1").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if kind.strip().lower() != "application/json" or charset not in {"", "charset=utf-8"}:
        raise UnsupportedMediaType
    if found := faults(body):
        raise invalid(found)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
