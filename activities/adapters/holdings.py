"""What the estate's systems have in common, SCIM aside: batches of holdings, read and retired."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeVar

from pydantic import BaseModel

from activities.adapters.http import Asked, OutsideHttp, malformed
from activities.ports import Observation, Order, Refusals, Resource, RetireRequest
from models.domain.outside import FailureKind, Presence, ResourceKind, System

_BATCH = 500
_REASONS = {"in_use": FailureKind.CONFLICT, "by_hand": FailureKind.NEEDS_HUMAN}

ItemT = TypeVar("ItemT")


class Holding(BaseModel):
    """One item of a read. `state` is None for what the system does not have."""

    kind: ResourceKind
    handle: str
    owner: str | None
    state: str | None
    stops_at: datetime | None


class Holdings(BaseModel):
    """The answer to a read."""

    items: list[Holding]


class Outcome(BaseModel):
    """What became of one order."""

    kind: ResourceKind
    handle: str
    outcome: Literal[
        "retired",
        "already_retired",
        "other_owner",
        "unknown",
        "not_remote",
        "key_reused",
        "refused",
    ]
    reason: str | None = None  # of a refusal


class Outcomes(BaseModel):
    """The answer to a retire."""

    items: list[Outcome]


class HoldingSystem:
    """An `OutsideSystem` of the estate that works in batches; `live` are the states in service."""

    def __init__(self, http: OutsideHttp, system: System, live: Mapping[ResourceKind, str]) -> None:
        self._http = http
        self._system = system
        self._live = live

    async def observe(
        self, site: str, resources: Sequence[Resource]
    ) -> Mapping[Resource, Observation]:
        """Read `resources` afresh."""
        asked = Asked(self._system, "read", site)
        seen: dict[Resource, Observation] = {}
        for batch in in_batches(resources):
            body = {"items": [{"kind": r.kind, "handle": r.handle} for r in batch]}
            reply = await self._http.post(asked, self._path(asked), body, Holdings)
            for holding in reply.items:
                resource = Resource(holding.kind, holding.handle)
                seen[resource] = self.observation(resource, holding)
        if seen.keys() != set(resources):
            raise malformed(asked)
        return seen

    async def retire(self, request: RetireRequest) -> Refusals:
        """Take the resources out of service, all kinds at once."""
        return await self.retire_orders(request, request.orders)

    def observation(self, resource: Resource, holding: Holding) -> Observation:
        """Judge one holding: out of service with an owner is disabled, without one is absent."""
        if holding.state == self._live[resource.kind]:
            return Observation(resource, Presence.PRESENT, holding.owner)
        if holding.state is None or holding.owner is None:
            return Observation(resource, Presence.ABSENT)
        return Observation(resource, Presence.DISABLED, holding.owner)

    async def retire_orders(self, request: RetireRequest, orders: Iterable[Order]) -> Refusals:
        """Retire some of a request's orders, in their order."""
        asked = Asked(self._system, "retire", request.site)
        refused: dict[Resource, FailureKind] = {}
        for batch in in_batches(list(orders)):
            body = {
                "owner": request.owner,
                "effective_at": request.effective_at.isoformat(),
                "items": [
                    {"kind": o.resource.kind, "handle": o.resource.handle, "key": o.key}
                    for o in batch
                ],
            }
            reply = await self._http.post(asked, self._path(asked), body, Outcomes)
            refused |= _refusals(asked, batch, reply.items)
        return refused

    def _path(self, asked: Asked) -> str:
        return f"/{self._system}/sites/{asked.site}/{asked.operation}"


def in_batches(items: Sequence[ItemT], size: int = _BATCH) -> Iterable[Sequence[ItemT]]:
    """Cut a sequence into batches that the estate accepts."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _refusals(
    asked: Asked, batch: Sequence[Order], outcomes: Sequence[Outcome]
) -> dict[Resource, FailureKind]:
    """Orders that were not taken. Another owner's is left to the next read to show."""
    if {(o.resource.kind, o.resource.handle) for o in batch} != {
        (o.kind, o.handle) for o in outcomes
    }:
        raise malformed(asked)
    found = {o.outcome for o in outcomes}
    if "key_reused" in found:
        raise asked.error(FailureKind.BUG, "an idempotency key stands for another resource")
    return {Resource(o.kind, o.handle): kind for o in outcomes if (kind := _kind_of(o)) is not None}


def _kind_of(outcome: Outcome) -> FailureKind | None:
    """Why an order was not taken; `None` when it was, or needs not."""
    if outcome.outcome == "not_remote":  # a handset that only logs out by hand
        return FailureKind.NEEDS_HUMAN
    if outcome.outcome != "refused":
        return None
    return _REASONS.get(outcome.reason or "", FailureKind.REJECTED)
