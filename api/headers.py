"""What every request's head must keep to, and what every reply's head carries."""

from collections import Counter
from collections.abc import Sequence

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import render
from api.problems import (
    BadHeader,
    DuplicateHeader,
    HeadersTooLarge,
    Problem,
    UriTooLong,
)

Headers = Sequence[tuple[bytes, bytes]]

LONGEST_URI = 8_000  # bytes, with the query
LARGEST_HEADERS = 32_000  # bytes
# Twice, and two readers (a proxy and we) may go by different ones.
_SINGLE = frozenset(
    [
        b"authorization",
        b"content-length",
        b"content-type",
        b"host",
        b"idempotency-key",
        b"if-match",
        b"webhook-id",
        b"webhook-signature",
        b"webhook-timestamp",
        b"x-request-id",
    ]
)
_CONTROLS = frozenset(range(32)) - {9} | {127}
_API_POLICY = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PROTECTIVE = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_PAGES = frozenset({"/docs", "/redoc"})  # they load their scripts from elsewhere


class HeadRules:
    """Refuses heads that are too large, that say one thing twice, or that hold controls."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is good."""
        problem = _fault(scope) if scope["type"] == "http" else None
        if problem is not None:
            await render(Request(scope), problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def protective(path: str, headers: Headers) -> Headers:
    """The headers of a reply with those that keep browsers from misusing it."""
    policy = b"frame-ancestors 'none'" if path in _PAGES else _API_POLICY
    wanted = [*_PROTECTIVE, (b"content-security-policy", policy), (b"cache-control", b"no-store")]
    given = {name.lower() for name, _ in headers}
    return [*headers, *((name, value) for name, value in wanted if name not in given)]


def _fault(scope: Scope) -> Problem | None:
    headers: Headers = scope["headers"]
    address = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    if len(address) + len(scope["query_string"]) > LONGEST_URI:
        return UriTooLong()
    if sum(len(name) + len(value) for name, value in headers) > LARGEST_HEADERS:
        return HeadersTooLarge()
    counts = Counter(name for name, _ in headers)
    if twice := sorted(name.decode() for name in _SINGLE if counts[name] > 1):
        return DuplicateHeader(f"Send the header {twice[0]} once.")
    if any(_CONTROLS.intersection(value) for _, value in headers):
        return BadHeader()
    return None
