"""What the outside systems hold: one `Kind` per sort of thing, declared by the system's module."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of thing that a system gives out and takes back."""

    name: str
    system: str
    live: str  # its state when given out
    retired: str | None  # its state afterwards; None when the system forgets it altogether
    effect: str  # what retiring it is called in the ledger
    other_states: tuple[str, ...] = ()  # further states that provisioning may ask for
    support: str | None = None  # the attribute that names what it rests on, for example `vlan`
    support_kind: str | None = None
    refused_while_used: bool = False
    keeps_owner: bool = False  # history: stopped, but still somebody's

    @property
    def states(self) -> frozenset[str]:
        """Every state that provisioning may ask for."""
        retired = (self.retired,) if self.retired else ()
        return frozenset((self.live, *retired, *self.other_states))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A way to try to use something, and the SQL function that decides whether it works."""

    path: str
    function: str
    fields: Mapping[str, str]  # field name to SQL type, in the function's order
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class OutsideWorld:
    """One outside system: what it holds and how to try to use it."""

    name: str
    kinds: tuple[Kind, ...]
    attempts: tuple[Attempt, ...]
    offers_batches: bool = True  # False: its own protocol reads and retires
