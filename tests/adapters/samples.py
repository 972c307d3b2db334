"""One of every kind of resource at a site, for an owner, and what is wanted of each."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from activities.ports import Order, Resource, RetireRequest
from estate.client import EstateClient, Row
from models.domain.outside import ResourceKind, System

EFFECTIVE_AT = datetime(2026, 11, 1, tzinfo=UTC)
_ATTRIBUTES: dict[ResourceKind, tuple[str, str]] = {
    ResourceKind.HANDSET_LOGIN: ("number", "+442079460001"),
    ResourceKind.SWITCH_PORT: ("vlan", "120"),
    ResourceKind.SUBNET: ("vlan", "120"),
    ResourceKind.DHCP_SCOPE: ("subnet", "10.0.0.0/29"),
}
_HANDLES = {
    ResourceKind.PHONE_NUMBER: "+442079460001",
    ResourceKind.VLAN: "120",
    ResourceKind.SUBNET: "10.0.0.0/29",
}


def resources_of(system: System, tag: str) -> list[Resource]:
    """One resource of each kind that the system holds."""
    return [
        Resource(kind, _HANDLES.get(kind, f"{kind}-{tag}"))
        for kind in ResourceKind
        if kind.system is system
    ]


async def give(client: EstateClient, site: str, owner: str, resources: Sequence[Resource]) -> None:
    """Provision resources of one system for an owner."""
    rows = []
    for resource in resources:
        attributes: dict[str, object] = {"userName": resource.handle}
        if resource.kind in _ATTRIBUTES:
            name, value = _ATTRIBUTES[resource.kind]
            attributes[name] = value
        rows.append(Row(resource.kind, resource.handle, owner, attributes))
    await client.provision(resources[0].kind.system, site, rows)


def order(
    site: str, owner: str, resources: Sequence[Resource], *, keys: Sequence[str] | None = None
) -> RetireRequest:
    """A request to retire, with fresh keys unless given."""
    keys = keys or [uuid.uuid4().hex for _ in resources]
    orders = [Order(r, key) for r, key in zip(resources, keys, strict=True)]
    return RetireRequest(site, owner, EFFECTIVE_AT, orders)
