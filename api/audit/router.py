"""Routes that read the audit (reliability: who may, and who did)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from api.audit.schemas import AuditEventOut, AuditFilters, OccupierAuditFilters, shown_event
from api.dependencies import CallerDep, SessionDep
from api.identity.caller import Caller, NotPermitted
from api.identity.scope import require_on_occupier
from api.paging import Cursor, PageOut
from api.problems import NotFound, declared
from models.domain.permission import Action
from models.stores.audit_trail import AuditFilter, AuditTrailStore

router = APIRouter(tags=["audit"])


def _place(at: str, number: str) -> tuple[datetime, int]:
    if not 0 < int(number) < 2**63:  # or the database could not read it
        raise ValueError(number)
    return datetime.fromisoformat(at), int(number)


_CURSOR = Cursor("audit", _place)


@router.get("/audit", summary="List audit events, newest first", responses=declared(NotPermitted))
async def list_audit(
    session: SessionDep, caller: CallerDep, filters: Annotated[AuditFilters, Query()]
) -> PageOut[AuditEventOut]:
    """Attempts and how they ended: all for auditors and SRE, for others what they administer."""
    if not caller.grants.may(Action.READ_AUDIT):
        raise NotPermitted("Only admins, support, SRE and auditors may read the audit.")
    return await _page(session, caller, filters, filters.occupier_id)


@router.get(
    "/occupiers/{occupier_id}/audit",
    summary="List an occupier's audit events, newest first",
    responses=declared(NotFound, NotPermitted),
)
async def list_occupier_audit(
    occupier_id: UUID,
    session: SessionDep,
    caller: CallerDep,
    filters: Annotated[OccupierAuditFilters, Query()],
) -> PageOut[AuditEventOut]:
    """What concerns the occupier: itself, its decommission, tasks, schedules and cases."""
    structlog.contextvars.bind_contextvars(occupier_id=str(occupier_id))
    await require_on_occupier(session, caller, Action.READ_AUDIT, occupier_id)
    return await _page(session, caller, filters, occupier_id)


async def _page(
    session: AsyncSession,
    caller: Caller,
    filters: OccupierAuditFilters,
    occupier_id: UUID | None,
) -> PageOut[AuditEventOut]:
    wanted = AuditFilter(
        occupier_id=occupier_id,
        actor=filters.actor,
        action=filters.action,
        outcome=filters.outcome,
        since=filters.since,
        until=filters.until,
    )
    store = AuditTrailStore(session, caller.grants)
    page = await store.page(wanted, filters.limit, _CURSOR.read(filters.cursor))
    return PageOut(
        items=[shown_event(event) for event in page.items],
        next_cursor=_CURSOR.write(page.next_place),
    )
