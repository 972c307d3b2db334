"""The port to whoever works on support cases: our own tables, or a desk outside.

Cases live in our tables either way; an outside desk is told of each change, in order per case,
and may hear the same message twice. To add another kind of desk, write an adapter with these
members and choose it in `activities/choose_desk.py`.
"""

from typing import Protocol
from uuid import UUID

from models.domain.desk import TellFailure
from models.stores.desk_messages import Letter


class DeskError(Exception):
    """The desk has not said that it has the message; it may have it all the same."""

    def __init__(
        self, failure: TellFailure, status: int | None = None, asked_s: float | None = None
    ) -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.status = status  # of HTTP
        self.asked_s = asked_s  # how long the desk asks us to wait


class SupportDesk(Protocol):
    """A support desk. Telling it the same message again is harmless."""

    @property
    def is_outside(self) -> bool:
        """Whether it has to be told at all."""

    @property
    def timeout_s(self) -> float:
        """The longest that telling takes."""

    async def tell(self, letter: Letter) -> None:
        """Returns when the desk has the message; raises `DeskError` and nothing else."""

    async def aclose(self) -> None:
        """Close every connection."""


class OwnTables:
    """People work on cases here; whatever is to be known stands in the rows already."""

    is_outside = False
    timeout_s = 0.0

    async def tell(self, letter: Letter) -> None:
        """Nobody else is to be told."""

    async def aclose(self) -> None:
        """There is nothing to close."""


def described(letter: Letter) -> dict[str, UUID | int | str]:
    """What a log may say of a message."""
    return {
        "message_id": letter.id,
        "case_id": letter.case_id,
        "sequence": letter.sequence,
        "kind": letter.kind.value,
    }
