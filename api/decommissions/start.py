"""The route that starts a decommission."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.decommissions.confirmation import DecommissionIn
from api.decommissions.confirmed import confirmed
from api.decommissions.refusals import (
    DecommissionBlocked,
    LoginTooOld,
    OccupierNameMismatch,
    OccupierNotActive,
    PlanDrifted,
    SecondPersonNeeded,
    refusal,
)
from api.dependencies import MetricsDep, SettingsDep
from api.identity.caller import Caller, NotPermitted
from api.problems import NotFound, declared
from api.start_rate import TooManyStarts
from api.versions import IfMatchDep, IfMatchMissing, IfMatchUnusable, VersionStale
from models.domain.audit import AuditAction
from models.domain.occupier import OccupierStatus
from models.stores.starts import StartRefusedError, StartStore

router = APIRouter(tags=["decommissions"])


class AcceptedOut(BaseModel):
    """A decommission that will run, whatever dies in between."""

    decommission_id: UUID
    occupier_id: UUID
    status: OccupierStatus
    workflow_id: str


@router.post(
    "/occupiers/{occupier_id}/decommission",
    status_code=202,
    summary="Decommission an occupier across all of its sites",
    response_model=AcceptedOut,
    responses=declared(
        IdempotencyKeyMissing,
        IfMatchUnusable,
        LoginTooOld,
        NotPermitted,
        NotFound,
        OccupierNotActive,
        DecommissionBlocked,
        PlanDrifted,
        SecondPersonNeeded,
        VersionStale,
        OccupierNameMismatch,
        IdempotencyKeyReused,
        IfMatchMissing,
        TooManyStarts,
    ),
)
async def start_decommission(
    occupier_id: UUID,
    confirmation: DecommissionIn,
    change: ChangeDep,
    version: IfMatchDep,
    settings: SettingsDep,
    metrics: MetricsDep,
) -> Response:
    """Irreversible. 202 means that the start is recorded and cannot be lost any more."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        try:
            request = await confirmed(session, caller, change, occupier_id, confirmation, settings)
            started = await StartStore(session).start(replace(request, version=version))
        except StartRefusedError as refused:
            raise refusal(refused, occupier_id) from refused
        accepted = AcceptedOut(
            decommission_id=started.decommission_id,
            occupier_id=occupier_id,
            status=OccupierStatus.PENDING,
            workflow_id=started.workflow_id,
        )
        location = f"/api/v1/decommissions/{started.decommission_id}"
        return Reply(accepted, status=202, headers={"Location": location})

    deed = Deed(AuditAction.OCCUPIER_DECOMMISSION, "occupier", occupier_id, is_kept=True)
    reply = await change.once(deed, act)
    if "Idempotent-Replayed" not in reply.headers:
        metrics.starts.inc()
    return reply
