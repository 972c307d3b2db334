"""The one HTTP client of the adapters: one attempt per call, every failure an `OutsideError`.

It never retries (Temporal does), never follows a redirect, and reads no more than `_MAX_REPLY`.
Messages name system, operation, site and status: never a handle, a name or a reply's text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self, TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError

from activities.retry_after import seconds_of
from models.domain.outside import FailureKind, OutsideError, System

_MAX_REPLY = 2 * 1024 * 1024  # 500 items are about 100 kB
_IDLE_S = 30.0  # shorter than servers keep a connection, so that none closes under a request
_KINDS = {
    HTTPStatus.UNAUTHORIZED: FailureKind.NOT_AUTHORISED,
    HTTPStatus.FORBIDDEN: FailureKind.NOT_AUTHORISED,
    HTTPStatus.NOT_FOUND: FailureKind.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT: FailureKind.TRANSIENT,
    HTTPStatus.CONFLICT: FailureKind.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED: FailureKind.CONFLICT,
    HTTPStatus.TOO_MANY_REQUESTS: FailureKind.THROTTLED,
}

ReplyT = TypeVar("ReplyT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which call it is, for errors."""

    system: System
    operation: str
    site: str

    def error(
        self, kind: FailureKind, what: str, *, retry_after_s: float | None = None
    ) -> OutsideError:
        """Build the error of this call."""
        message = f"{self.system} {self.operation} at site {self.site}: {what}"
        return OutsideError(kind, self.system, message, retry_after_s=retry_after_s)


def kind_of_status(status: int) -> FailureKind:
    """Tell how a call failed from the status of its answer."""
    for known, kind in _KINDS.items():
        if status == known:
            return kind
    return FailureKind.REJECTED if 400 <= status < 500 else FailureKind.TRANSIENT


class OutsideHttp:
    """A pooled session on one base URL. Has to be made inside the running event loop."""

    def __init__(self, base_url: str, timeout_s: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            # No limit: a hung site must not use up the connections of the others. The number of
            # activities at a time is what bounds this.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_S),
            timeout=aiohttp.ClientTimeout(total=timeout_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Content-Type": "application/json"},
            auto_decompress=False,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def post(
        self, asked: Asked, path: str, body: Mapping[str, object], reply: type[ReplyT]
    ) -> ReplyT:
        """Send one request and return its validated answer."""
        try:
            async with self._session.post(
                self._base_url + path, data=json.dumps(body).encode(), allow_redirects=False
            ) as response:
                if response.status >= 300:
                    raise _refusal(asked, response)
                content = await _read(asked, response)
        except TimeoutError:
            raise asked.error(FailureKind.TRANSIENT, "no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            what = f"the connection failed ({type(error).__name__})"
            raise asked.error(FailureKind.TRANSIENT, what) from None
        try:
            return reply.model_validate_json(content)
        except ValidationError:  # its text shows the reply
            raise malformed(asked) from None


def malformed(asked: Asked) -> OutsideError:
    """Build the error for an answer that makes no sense; the next one may."""
    return asked.error(FailureKind.TRANSIENT, "the answer is malformed")


async def _read(asked: Asked, response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for part in response.content.iter_any():
        content += part
        if len(content) > _MAX_REPLY:
            raise asked.error(
                FailureKind.TRANSIENT, f"the answer is larger than {_MAX_REPLY} bytes"
            )
    return bytes(content)


def _refusal(asked: Asked, response: aiohttp.ClientResponse) -> OutsideError:
    retry_after_s = seconds_of(response.headers.get("Retry-After"))
    return asked.error(
        kind_of_status(response.status),
        f"answered with status {response.status}",
        retry_after_s=retry_after_s,
    )
