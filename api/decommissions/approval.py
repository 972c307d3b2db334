"""The route by which a second person approves a decommission."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.decommissions.confirmation import DecommissionIn
from api.decommissions.confirmed import confirmed
from api.decommissions.refusals import (
    ApprovalNotNeeded,
    DecommissionBlocked,
    LoginTooOld,
    OccupierNameMismatch,
    OccupierNotActive,
    PlanDrifted,
    refusal,
)
from api.dependencies import SettingsDep
from api.identity.caller import Caller, NotPermitted
from api.problems import NotFound, declared
from api.start_rate import TooManyStarts
from models.domain.audit import AuditAction
from models.stores.starts import StartRefusedError, StartStore

router = APIRouter(tags=["decommissions"])


class ApprovalOut(BaseModel):
    """An approval of one plan; it counts once, for a start by somebody else."""

    approval_id: UUID
    occupier_id: UUID
    plan_hash: str
    approved_at: datetime
    expires_at: datetime


@router.post(
    "/occupiers/{occupier_id}/decommission/approval",
    status_code=201,
    summary="Approve a decommission that another admin starts",
    response_model=ApprovalOut,
    responses=declared(
        IdempotencyKeyMissing,
        LoginTooOld,
        NotPermitted,
        NotFound,
        ApprovalNotNeeded,
        OccupierNotActive,
        DecommissionBlocked,
        PlanDrifted,
        OccupierNameMismatch,
        IdempotencyKeyReused,
        TooManyStarts,
    ),
)
async def approve_decommission(
    occupier_id: UUID, confirmation: DecommissionIn, change: ChangeDep, settings: SettingsDep
) -> Response:
    """Good for an hour and for the plan of this moment; any change of the plan voids it."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        try:
            request = await confirmed(session, caller, change, occupier_id, confirmation, settings)
            approval = await StartStore(session).approve(request)
        except StartRefusedError as refused:
            raise refusal(refused, occupier_id) from refused
        return Reply(
            ApprovalOut(
                approval_id=approval.id,
                occupier_id=occupier_id,
                plan_hash=approval.plan_hash,
                approved_at=approval.approved_at,
                expires_at=approval.expires_at,
            ),
            status=201,
        )

    return await change.once(Deed(AuditAction.DECOMMISSION_APPROVE, "occupier", occupier_id), act)
