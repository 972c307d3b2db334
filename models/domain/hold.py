"""Holds: all tasks that need an outside system wait, because a person or the breaker says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.domain.decommission import TaskKind, systems_of
from models.domain.outside import FailureKind, System


class HoldOrigin(StrEnum):
    """Who placed a hold."""

    BY_HAND = "by_hand"
    BREAKER = "breaker"  # opened by itself after too many tasks failed in a row


class BreakerState(StrEnum):
    """What the breaker of a system does."""

    CLOSED = "closed"  # tasks go on, and their failures are counted
    OPEN = "open"  # tasks wait
    HALF_OPEN = "half_open"  # tasks wait but for one, which tries


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


def kinds_needing(system: System) -> Sequence[TaskKind]:
    """The kinds of task whose success shows that the system works."""
    return [kind for kind in TaskKind if system in systems_of(kind)]


@dataclass(frozen=True, slots=True)
class Breaker:
    """When a system is held without anybody's doing, and when to look whether it is back.

    A task counts when it failed `in_a_row` times, at once when it was not authorised. So many
    `tasks` at one site hold the system there; at `sites` or more without any success in between,
    they hold it everywhere.
    """

    tasks: int = 5
    probe_s: float = 60.0  # until the first task is let through; doubles after each failure
    in_a_row: int = 3
    sites: int = 3
    window_s: float = 600.0  # failures that are older do not count
    longest_wait_s: float = 900.0  # between two probes

    def wait_s(self, probes: int) -> float:
        """Seconds until the next probe, after so many."""
        return float(min(self.probe_s * 2 ** min(probes, 20), self.longest_wait_s))


ANSWERS: frozenset[FailureKind] = frozenset(
    {
        FailureKind.REJECTED,
        FailureKind.CONFLICT,
        FailureKind.NOT_FOUND,
        FailureKind.UNCONFIRMED,
        FailureKind.NEEDS_HUMAN,
    }
)
"""The failures of one resource: the system that answers so is back."""
