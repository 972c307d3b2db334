"""Takes a file as the body of a request: bounded, in time, and with what makes it idempotent.

`api/bodies.py` leaves these bodies alone, so that nothing of one is read before its sender is
known, and little more than is allowed of one that is too large.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import Message
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.requests import ClientDisconnect

from api.cases.refusals import AttachmentTooLarge, AttachmentUnfit, UploadsBusy
from api.changes import Change, IdempotencyKeyMissing
from api.dependencies import WiringDep, get_request_id
from api.errors import invalid
from api.identity.bearer import IdentityDep
from api.problems import FieldErrorOut, RequestTimeout, UnsupportedMediaType
from api.text import flaw
from models.domain.attachment import LARGEST_FILE, flaw_of_name, media_type_of
from models.stores.case_desk import NewFile

SLOWEST_UPLOAD_S = 120.0
ANY_KIND = "application/octet-stream"
BODY = {
    "requestBody": {
        "required": True,
        "content": {ANY_KIND: {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""The body in the OpenAPI document; FastAPI does not know it, as it is read as a stream."""

_CLOSE = {"Connection": "close"}  # the rest of the body is not read, so nothing can follow it
_AT_ONCE = 4
_PATIENCE_S = 10.0
_room = asyncio.Semaphore(_AT_ONCE)  # of the process: each upload in it holds its file in memory


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, with the unsafe request that it is."""

    change: Change
    content: bytes
    name: str
    declared: str  # the media type that the sender gives, or nothing

    async def file(self) -> NewFile:
        """The file, looked at; raises `AttachmentUnfit`, or `UnsupportedMediaType` for a lie."""
        kind = await asyncio.to_thread(media_type_of, self.name, self.content)
        if kind is None:
            raise AttachmentUnfit
        if self.declared not in {kind, ANY_KIND, ""}:
            raise UnsupportedMediaType(
                f"Send the file as `{ANY_KIND}`, or as what its content is: `{kind}`."
            )
        return NewFile(self.name, kind, self.content)


def get_file_name(
    content_disposition: Annotated[
        str,
        Header(
            max_length=2_000,
            description="The file's name: `attachment; filename*=UTF-8''plan%20B.pdf` (RFC 6266).",
        ),
    ],
) -> str:
    """The name of the file that is being sent; raises `InvalidRequest`."""
    message = Message()
    message["Content-Disposition"] = content_disposition
    try:
        name = message.get_filename("")
    except (LookupError, ValueError, TypeError):
        name = ""
    if found := flaw(name) or flaw_of_name(name):
        field = FieldErrorOut(field="header.content-disposition", message=f"`filename` {found}")
        raise invalid([field])
    return name


async def get_upload(
    request: Request,
    wiring: WiringDep,
    identity: IdentityDep,
    name: Annotated[str, Depends(get_file_name)],
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="Any text of your choice; the same again gets the same reply.",
        ),
    ] = None,
) -> AsyncIterator[Upload]:
    """The file that is being sent; there is room for few at a time."""
    if idempotency_key is None:
        raise IdempotencyKeyMissing(headers=_CLOSE)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        await asyncio.wait_for(_room.acquire(), _PATIENCE_S)
    except TimeoutError:
        raise UploadsBusy(headers=_CLOSE | {"Retry-After": "5"}) from None
    try:
        content = await _read(request)
        digest = hashlib.sha256(f"{request.method} {request.url.path}\n{name}\n{kind}\n".encode())
        await asyncio.to_thread(digest.update, content)
        change = Change(
            wiring.sessions,
            identity,
            get_request_id(request),
            idempotency_key,
            digest.hexdigest(),
            wiring.settings.starts_per_minute,
        )
        yield Upload(change, content, name, kind)
    finally:
        _room.release()


UploadDep = Annotated[Upload, Depends(get_upload)]


async def _read(request: Request) -> bytes:
    if int(request.headers.get("content-length") or 0) > LARGEST_FILE:
        raise AttachmentTooLarge(headers=_CLOSE)
    content = bytearray()
    try:
        async with asyncio.timeout(SLOWEST_UPLOAD_S):
            async for part in request.stream():
                content += part
                if len(content) > LARGEST_FILE:
                    raise AttachmentTooLarge(headers=_CLOSE)
    except (TimeoutError, ClientDisconnect):
        raise RequestTimeout(headers=_CLOSE) from None
    return bytes(content)
