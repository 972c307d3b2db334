"""What an operation has to do in the database, and the refusals on the way there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as an operation sees it."""

    site: str | None
    body: bytes
    path: Mapping[str, str]
    query: Mapping[str, str]


ReasonFor = Callable[[str], str | None]  # why the item of a handle is refused, if it is


@dataclass(frozen=True, slots=True)
class Parted:
    """Work without the items that are refused."""

    rest: "Work | None"
    answer: Callable[[bytes | None], bytes]  # the answer to the rest, with the refusals in place


@dataclass(frozen=True, slots=True)
class Work:
    """One statement's worth of work.

    `source` is SQL that stands in a FROM clause and yields one row `(status, body)`.
    """

    source: str
    arguments: tuple[object, ...]
    items: int
    key: str | None = None  # the idempotency key that stands for the call in the ledger
    half: "Callable[[], Work | None] | None" = None  # the first half of it; None: nothing at all
    careless: "Callable[[], Work] | None" = None  # as a system does it that ignores keys
    things: tuple[str, str] | None = None  # the kinds and handles to retire, as SQL takes lists
    parted: "Callable[[ReasonFor], Parted] | None" = None  # as a system does it that refuses some
    pretence: Callable[[], bytes] | None = None  # the answer of a system that lies
    pretence_status: int = 200


class RefusedError(Exception):
    """The request is answered with an error; `field` names the part of it that is wrong."""

    def __init__(
        self,
        status: int,
        detail: str,
        field: str | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = headers


def unprocessable(field_name: str, detail: str) -> RefusedError:
    """Build the 422 for a field."""
    return RefusedError(422, detail, field_name)
