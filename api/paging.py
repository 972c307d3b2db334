"""Cursors: the place where a page ended, as an opaque text that shows when it was changed."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.errors import invalid
from api.problems import FieldErrorOut

PlaceT = TypeVar("PlaceT")
OutT = TypeVar("OutT")

LARGEST_PAGE = 200


class PageFilters(BaseModel):
    """Which page; the base of a list's filters, which refuse names that they do not know."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(
        None, max_length=4000, description="`next_cursor` of the page before; keep the filters."
    )
    limit: int = Field(50, ge=1, le=LARGEST_PAGE, description="Most items in the reply.")


class PageOut(BaseModel, Generic[OutT]):
    """A page of a list."""

    items: list[OutT]
    next_cursor: str | None = Field(description="Where the next page starts; null on the last.")


@dataclass(frozen=True, slots=True)
class Cursor(Generic[PlaceT]):
    """How the places of one list are written; a cursor of another list is refused."""

    of: str
    parse: Callable[[str, str], PlaceT]

    def write(self, place: tuple[object, object] | None) -> str | None:
        """The text of a place."""
        if place is None:
            return None
        first = place[0].isoformat() if isinstance(place[0], datetime) else str(place[0])
        payload = json.dumps([first, str(place[1])], ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(self._seal(payload) + payload).decode().rstrip("=")

    def read(self, text: str | None) -> PlaceT | None:
        """The place of a text; a text that we did not write is a 422 that names the field."""
        if text is None:
            return None
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            seal, payload = raw[:6], raw[6:]
            if seal != self._seal(payload):
                raise _mangled()
            first, second = json.loads(payload)
            return self.parse(first, second)
        except (ValueError, TypeError, RecursionError):
            raise _mangled() from None

    def _seal(self, payload: bytes) -> bytes:
        """Finds mistakes, not forgers: a place gives no right to anything."""
        return hashlib.sha256(self.of.encode() + b"\0" + payload).digest()[:6]


def by_time(of: str) -> Cursor[tuple[datetime, UUID]]:
    """Cursors of a list that is ordered by a time."""
    return Cursor(of, lambda first, second: (datetime.fromisoformat(first), UUID(second)))


def by_name(of: str) -> Cursor[tuple[str, UUID]]:
    """Cursors of a list that is ordered by a name."""
    return Cursor(of, lambda first, second: (str(first), UUID(second)))


def _mangled() -> Exception:
    message = "is not one that this list gave; start again without it"
    return invalid([FieldErrorOut(field="query.cursor", message=message)])
