"""The route that raises a support case about an occupier."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.identity.caller import Caller, NotPermitted
from api.identity.scope import occupier_in_sight, require, site_in_sight
from api.problems import NotFound, Problem, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.case import CaseOrigin, CasePriority, CaseStatus
from models.domain.occupier import OccupierStatus
from models.domain.permission import Action
from models.domain.portfolio import UpdateState
from models.stores.audit import AuditStore
from models.stores.cases import CaseStore, CaseView, Raise
from models.stores.occupiers import OccupierStore
from models.stores.remedies import RemedyStore
from models.stores.scopes import ScopeStore

router = APIRouter(prefix="/occupiers", tags=["remedies"])

_PLAIN = re.compile(r"[a-z][a-z0-9_ -]{0,59}")


class NothingToReport(Problem):
    """Neither has the service failed nor is a decommission pending or failed; no case is needed."""

    status = 409


class CaseIn(BaseModel):
    """What the case is about; its subject and description follow from that."""

    model_config = ConfigDict(extra="forbid")

    service_id: UUID | None = Field(
        None, description="A service whose update failed; without, the decommission is meant."
    )


class CaseOut(BaseModel):
    """A case in short."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: int
    subject: str
    status: CaseStatus
    priority: CasePriority
    occupier_id: UUID | None
    site_id: UUID | None
    service_id: UUID | None
    decommission_id: UUID | None
    created_at: datetime


@router.post(
    "/{occupier_id}/cases",
    status_code=201,
    summary="Create a support case",
    response_model=CaseOut,
    responses=declared(
        IdempotencyKeyMissing, IdempotencyKeyReused, NotPermitted, NotFound, NothingToReport
    )
    | {200: {"model": CaseOut, "description": "The case that is open about it already"}},
)
async def raise_case(
    occupier_id: UUID, change: ChangeDep, wanted: Annotated[CaseIn | None, Body()] = None
) -> Response:
    """About a service whose update failed, or about the decommission; one open case of each."""
    service_id = wanted.service_id if wanted else None

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await occupier_in_sight(session, caller, occupier_id)
        raised = await (
            _of_service(session, caller, occupier_id, service_id)
            if service_id
            else _of_decommission(session, caller, occupier_id)
        )
        case, is_new = await CaseStore(session).open_or_new(raised, caller.actor)
        if is_new:
            await AuditStore(session).record(_told(caller, change.request_id, occupier_id, case))
        return Reply(CaseOut.model_validate(case), status=201 if is_new else 200)

    return await change.once(Deed(AuditAction.CASE_RAISE, "occupier", occupier_id), act)


async def _of_service(
    session: AsyncSession, caller: Caller, occupier_id: UUID, service_id: UUID
) -> Raise:
    service = await RemedyStore(session).service(service_id)
    if service is None or service.occupier_id != occupier_id:
        raise NotFound
    site_in_sight(caller, service.site_id)
    scope = await ScopeStore(session).of_site(service.site_id)
    require(caller, Action.RAISE_CASE, scope)
    if service.update_state is not UpdateState.FAILED:
        raise NothingToReport
    action = service.failed_action or ""
    failed = f" The failed action is: {action}." if _PLAIN.fullmatch(action) else ""
    return Raise(
        operator_id=scope.operator_id,
        occupier_id=occupier_id,
        site_id=service.site_id,
        service_id=service.id,
        subject="Failed service update",
        description=f"The service could not be updated.{failed}",
        priority=CasePriority.P3,
        origin=_origin(caller),
    )


async def _of_decommission(session: AsyncSession, caller: Caller, occupier_id: UUID) -> Raise:
    scope = await ScopeStore(session).of_occupier(occupier_id)
    require(caller, Action.RAISE_CASE, scope)
    occupier = await occupier_in_sight(session, caller, occupier_id)
    decommission = await OccupierStore(session, caller.grants).decommission_of(occupier_id)
    if decommission is None or occupier.status is OccupierStatus.DECOMMISSIONED:
        raise NothingToReport
    has_failed = occupier.status is OccupierStatus.FAILED
    return Raise(
        operator_id=scope.operator_id,
        occupier_id=occupier_id,
        decommission_id=decommission.id,
        subject="Failed decommission" if has_failed else "Pending decommission",
        description="The decommission has failed and waits for support."
        if has_failed
        else "The decommission is pending for longer than expected.",
        priority=CasePriority.P2 if has_failed else CasePriority.P3,
        origin=_origin(caller),
    )


def _origin(caller: Caller) -> CaseOrigin:
    return CaseOrigin.SUPPORT if caller.grants.staff_role else CaseOrigin.OPERATOR


def _told(caller: Caller, request_id: str, occupier_id: UUID, case: CaseView) -> AuditEvent:
    about = {"service_id": case.service_id, "decommission_id": case.decommission_id}
    return AuditEvent(
        actor=caller.actor,
        request_id=request_id,
        action=AuditAction.CASE_RAISE,
        entity_kind="occupier",
        entity_id=occupier_id,
        after={"case_id": str(case.id)} | {name: str(id_) for name, id_ in about.items() if id_},
    )
