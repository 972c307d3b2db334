"""The ports to the outside systems: what a decommission needs of each, and nothing more.

Every system offers the same two verbs over the resources it holds at a site: `observe`, which
reads them afresh, and `retire`, which takes them out of service. An activity always observes
before it retires (is it still ours?) and after (is it really gone?); an adapter's own "OK" is
never proof. To add an outside system, write an adapter with these two methods and register it
for its `System` in `activities/adapters/__init__` callers (see `worker.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from models.domain.outside import FailureKind, Presence, ResourceKind, System


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing that an outside system holds for an occupier at a site."""

    kind: ResourceKind
    handle: str  # the outside system's own name for it, for example an E.164 number or a MAC


@dataclass(frozen=True, slots=True)
class Observation:
    """What a fresh read of the outside system shows for one resource."""

    resource: Resource
    presence: Presence
    owner: str | None = None  # the occupier reference the system has on record, when present
    until: datetime | None = None  # present, but due to end then: a charge with a stop date


@dataclass(frozen=True, slots=True)
class Order:
    """One resource to retire, with the key that makes repeating the order harmless."""

    resource: Resource
    key: str


@dataclass(frozen=True, slots=True)
class RetireRequest:
    """A batch of orders for one site, on behalf of one owner."""

    site: str
    owner: str
    effective_at: datetime  # when recurring charges stop; other systems act at once
    orders: Sequence[Order]


Refusals = Mapping[Resource, FailureKind]
"""What a system would not take out of service, each for its own reason; the rest it accepted."""


class OutsideSystem(Protocol):
    """One outside system. Both methods raise `OutsideError` and nothing else."""

    async def observe(
        self, site: str, resources: Sequence[Resource]
    ) -> Mapping[Resource, Observation]:
        """Read `resources` afresh; every one asked for is in the answer."""

    async def retire(self, request: RetireRequest) -> Refusals:
        """Ask the system to take the resources out of service; safe to repeat with the same keys.

        Returns when the system has answered for the whole batch, with those that it refused.
        Some of a batch may have been done when this raises: the next read shows which.
        """


Systems = Mapping[System, OutsideSystem]
