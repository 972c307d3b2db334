"""Holds: all tasks that need an outside system wait, because a person or the breaker says so."""

from enum import StrEnum

from models.domain.decommission import TaskKind, systems_of
from models.domain.outside import FailureKind, System


class HoldOrigin(StrEnum):
    """Who placed a hold."""

    BY_HAND = "by_hand"
    BREAKER = "breaker"  # opened by itself after too many tasks failed in a row


TRIPPING: frozenset[FailureKind] = frozenset(
    {
        FailureKind.TRANSIENT,
        FailureKind.TIMED_OUT,
        FailureKind.THROTTLED,
        FailureKind.NOT_AUTHORISED,
    }
)
"""The failures that say something of the system and not of one resource."""


def systems_needed(kind: TaskKind) -> tuple[System, ...]:
    """The outside systems without which a task cannot go on; the verification reads them all."""
    return tuple(System) if kind is TaskKind.VERIFY_OCCUPIER else systems_of(kind)
