"""The audit as the API shows it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.moments import Moment
from api.paging import PageFilters
from models.domain.audit import AuditAction, Outcome
from models.stores.audit_trail import AuditView


class OccupierAuditFilters(PageFilters):
    """Filters of an occupier's audit; all hold together."""

    actor: str | None = Field(
        None, pattern=r"^[a-z_]{1,40}(:[0-9a-f-]{36})?$", description="As the events name it."
    )
    action: AuditAction | None = None
    outcome: Outcome | None = None
    since: Moment | None = Field(None, alias="from", description="Then or later.")
    until: Moment | None = Field(None, alias="to", description="Before.")


class AuditFilters(OccupierAuditFilters):
    """Filters of the audit; all hold together."""

    occupier_id: UUID | None = Field(
        None, description="What concerns it: itself, its decommission, tasks, schedules and cases."
    )


class AuditEventOut(BaseModel):
    """One attempt to change something. Nobody can change or delete it afterwards."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 4711,
                "at": "2026-11-22T10:00:00.123456Z",
                "actor": "team_member:2d0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d77",
                "request_id": "01b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5",
                "occupier_id": "3f0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d22",
                "occupier_name": "Harbour Analytics Ltd",
                "entity_kind": "occupier",
                "entity_id": "3f0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d22",
                "action": "occupier.decommission",
                "outcome": "refused",
                "reason": "decommission-blocked",
                "before": None,
                "after": None,
                "hash": "5f" * 32,
            }
        }
    )

    id: int = Field(description="Grows with time.")
    at: datetime
    actor: str = Field(description="A member by id, or `system`; never a name.")
    request_id: str | None = Field(description="The `X-Request-ID` of the request, if it was one.")
    occupier_id: UUID | None
    occupier_name: str | None = Field(
        description="As it is called now, masked for staff; not sealed, unlike the rest."
    )
    entity_kind: str
    entity_id: UUID
    action: str
    outcome: Outcome
    reason: str | None = Field(description="The problem with which it was refused.")
    before: dict[str, str] | None = Field(description="States and numbers that changed.")
    after: dict[str, str] | None
    hash: str = Field(description="Seals the event and all before it; see docs/audit.md.")


def shown_event(event: AuditView) -> AuditEventOut:
    """The event in the API's words."""
    return AuditEventOut(
        id=event.id,
        at=event.at,
        actor=event.actor,
        request_id=event.request_id,
        occupier_id=event.occupier_id,
        occupier_name=event.occupier_name,
        entity_kind=event.entity_kind,
        entity_id=event.entity_id,
        action=event.action,
        outcome=event.outcome,
        reason=event.reason,
        before=None if event.before is None else dict(event.before),
        after=None if event.after is None else dict(event.after),
        hash=event.hash.hex(),
    )
