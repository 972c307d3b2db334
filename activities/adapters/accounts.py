"""User accounts over SCIM 2.0 (RFC 7644). A handle is the SCIM id, the organization the owner.

SCIM has no idempotency keys: deleting is repeatable by nature, and `retire` reads first, then
deletes exactly the versions it read, so that a user who moved to another owner in between stays.
"""

import json
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, Field

from activities.adapters.holdings import in_batches
from activities.adapters.http import Asked, OutsideHttp, kind_of_status, malformed
from activities.ports import Observation, Order, Refusals, Resource, RetireRequest
from models.domain.outside import FailureKind, Presence, ResourceKind, System

_BATCH = 200
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_MESSAGES = "urn:ietf:params:scim:api:messages:2.0"


class _Enterprise(BaseModel):
    organization: str | None = None


class _Meta(BaseModel):
    version: str | None = None


class _User(BaseModel):
    id: str
    active: bool
    enterprise: _Enterprise = Field(_Enterprise(), alias=_ENTERPRISE)
    meta: _Meta = _Meta()


class _Users(BaseModel):
    total: int = Field(alias="totalResults")
    users: list[_User] = Field(default_factory=list, alias="Resources")


class _Done(BaseModel):
    status: str


class _BulkDone(BaseModel):
    operations: list[_Done] = Field(alias="Operations")


class Accounts:
    """SCIM users; a user that is not active is disabled, and only a deleted one is absent."""

    def __init__(self, http: OutsideHttp) -> None:
        self._http = http

    async def observe(
        self, site: str, resources: Sequence[Resource]
    ) -> Mapping[Resource, Observation]:
        """Search for the users by id."""
        seen: dict[Resource, Observation] = {}
        for batch in in_batches(resources, _BATCH):
            users = await self._search(Asked(System.ACCOUNTS, "read", site), batch)
            seen.update((resource, _judge(resource, users)) for resource in batch)
        return seen

    async def retire(self, request: RetireRequest) -> Refusals:
        """Delete the users that are the owner's."""
        asked = Asked(System.ACCOUNTS, "retire", request.site)
        refused: dict[Resource, FailureKind] = {}
        for batch in in_batches(request.orders, _BATCH):
            users = await self._search(asked, [order.resource for order in batch])
            own = [
                order
                for order in batch
                if (user := users.get(order.resource.handle))
                and user.enterprise.organization == request.owner
            ]
            if own:
                refused |= await self._delete(asked, own, users)
        return refused

    async def _search(self, asked: Asked, resources: Sequence[Resource]) -> Mapping[str, _User]:
        body = {
            "schemas": [f"{_MESSAGES}:SearchRequest"],
            "filter": " or ".join(f"id eq {json.dumps(r.handle)}" for r in resources),
            "attributes": ["id", "active", f"{_ENTERPRISE}:organization", "meta.version"],
            "count": len(resources),
        }
        path = f"/sites/{asked.site}/scim/v2/Users/.search"
        reply = await self._http.post(asked, path, body, _Users)
        users = {user.id: user for user in reply.users}
        if reply.total != len(users) or not users.keys() <= {r.handle for r in resources}:
            raise malformed(asked)  # half a list must not pass for "the rest is gone"
        return users

    async def _delete(
        self, asked: Asked, orders: Sequence[Order], users: Mapping[str, _User]
    ) -> dict[Resource, FailureKind]:
        body = {
            "schemas": [f"{_MESSAGES}:BulkRequest"],
            "Operations": [
                {
                    "method": "DELETE",
                    "path": f"/Users/{order.resource.handle}",
                    "bulkId": order.key,
                    "version": users[order.resource.handle].meta.version,
                }
                for order in orders
            ],
        }
        reply = await self._http.post(asked, f"/sites/{asked.site}/scim/v2/Bulk", body, _BulkDone)
        if len(reply.operations) != len(orders):
            raise malformed(asked)
        return {
            order.resource: kind
            for order, done in zip(orders, reply.operations, strict=True)
            if (kind := _refusal(asked, done.status)) is not None
        }


def _judge(resource: Resource, users: Mapping[str, _User]) -> Observation:
    user = users.get(resource.handle)
    if user is None or resource.kind is not ResourceKind.USER_ACCOUNT:
        return Observation(resource, Presence.ABSENT)
    presence = Presence.PRESENT if user.active else Presence.DISABLED
    return Observation(resource, presence, user.enterprise.organization)


def _refusal(asked: Asked, status: str) -> FailureKind | None:
    if not status.isdigit():
        raise malformed(asked)
    kind = kind_of_status(int(status))
    is_refused = int(status) >= 300 and kind is not FailureKind.NOT_FOUND  # gone is what we want
    return kind if is_refused else None
