"""The chain of hashes over the audit, computed without the database that wrote it.

Each event's hash covers its own columns and the hash of the event before, so that no event can be
changed, taken out or put in unnoticed. docs/audit.md describes the encoding for others.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

GENESIS = bytes(32)
"""What the first event names as the hash before it."""

_VERSION = b"occupier-audit-1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = (-1).to_bytes(4, "big", signed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedEvent:
    """A row of the audit as it is kept, with its place in the chain."""

    id: int
    at: datetime  # with its offset; to the microsecond
    actor: str
    request_id: str | None
    occupier_id: UUID | None
    entity_kind: str
    entity_id: UUID
    action: str
    outcome: str
    reason: str | None
    before: Mapping[str, object] | None  # texts, unless somebody has changed the row
    after: Mapping[str, object] | None
    prev_hash: bytes
    hash: bytes


class Break(StrEnum):
    """What is wrong at a place of the chain."""

    CHANGED = "changed"
    MISSING_BEFORE = "missing_before"
    UNLINKED = "unlinked"
    OTHER_HEAD = "other_head"
    TRUNCATED = "truncated"

    @property
    def meaning(self) -> str:
        """For the person who reads the finding."""
        return _MEANINGS[self]


_MEANINGS: Mapping[Break, str] = {
    Break.CHANGED: "its content is not what was written",
    Break.MISSING_BEFORE: "at least one event before it is missing",
    Break.UNLINKED: "it does not follow the event before it: one of the two was forged",
    Break.OTHER_HEAD: "it is not the event that the expected head names",
    Break.TRUNCATED: "the expected head is not there: events at the end are missing",
}


@dataclass(frozen=True, slots=True)
class Head:
    """An event by its id and hash: the end of the chain at some moment."""

    id: int
    hash: bytes

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Read `HASH@ID`; raises `ValueError`."""
        digest, _, number = text.strip().partition("@")
        head = cls(int(number), bytes.fromhex(digest))
        if len(head.hash) != len(GENESIS) or head.id < 0:
            raise ValueError("a head is 64 hexadecimal digits, @ and the id of the event")
        return head

    def __str__(self) -> str:
        return f"{self.hash.hex()}@{self.id}"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first place at which the chain does not hold."""

    id: int
    what: Break


class Walk:
    """Follows the chain event by event, in constant memory, and stops at the first break.

    `start` is the head after which the events begin; an export of a part begins in the middle.
    """

    def __init__(self, start: Head | None = None, expected: Head | None = None) -> None:
        self.head = start or Head(0, GENESIS)
        self.count = 0
        self.finding: Finding | None = None
        self._expected = expected
        self._meets_expected = expected is None or expected == self.head

    def step(self, event: ChainedEvent) -> bool:
        """Take the next event by id; false when something is wrong with it."""
        if what := self._wrong(event):
            self.finding = Finding(event.id, what)
            return False
        self.head = Head(event.id, event.hash)
        self.count += 1
        self._meets_expected = self._meets_expected or self.head == self._expected
        return True

    def end(self) -> Finding | None:
        """The finding after the last event, when there is one."""
        if self.finding is None and self._expected and not self._meets_expected:
            self.finding = Finding(self._expected.id, Break.TRUNCATED)
        return self.finding

    def _wrong(self, event: ChainedEvent) -> Break | None:
        if digest(event) != event.hash:
            return Break.CHANGED
        if event.prev_hash != self.head.hash:
            is_next = event.id == self.head.id + 1
            return Break.UNLINKED if is_next else Break.MISSING_BEFORE
        if self._misses_expected(event):
            return Break.OTHER_HEAD
        return None

    def _misses_expected(self, event: ChainedEvent) -> bool:
        if self._expected is None or self._meets_expected or event.id < self._expected.id:
            return False
        return self._expected != Head(event.id, event.hash)


def digest(event: ChainedEvent) -> bytes:
    """The hash that the event must have; never equal for two events, as far as SHA-256 goes."""
    return hashlib.sha256(encode(event)).digest()


def encode(event: ChainedEvent) -> bytes:
    """All columns but the hash itself, in a form that no other event has."""
    micros = (event.at - _EPOCH) // timedelta(microseconds=1)
    return b"".join(
        (
            _VERSION,
            _field(event.prev_hash),
            _number(event.id),
            _number(micros),
            _text(event.actor),
            _text(event.request_id),
            _field(event.occupier_id.bytes if event.occupier_id else None),
            _text(event.entity_kind),
            _field(event.entity_id.bytes),
            _text(event.action),
            _text(event.outcome),
            _text(event.reason),
            _field(_states(event.before)),
            _field(_states(event.after)),
        )
    )


def _field(content: bytes | None) -> bytes:
    """Length and content, so that no content can look like the border to the next field."""
    if content is None:
        return _NOTHING
    return len(content).to_bytes(4, "big", signed=True) + content


def _number(value: int) -> bytes:
    return _field(value.to_bytes(8, "big", signed=True))


def _text(value: str | None) -> bytes:
    return _field(None if value is None else value.encode())


def _states(states: Mapping[str, object] | None) -> bytes | None:
    if states is None:
        return None
    pairs = sorted((key.encode(), _state(value)) for key, value in states.items())
    return b"".join(_field(key) + _field(value) for key, value in pairs)


def _state(value: object) -> bytes:
    """A state is a text; what was put in its place gets bytes that no text has."""
    return value.encode() if isinstance(value, str) else b"\xff" + repr(value).encode()
