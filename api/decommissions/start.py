"""The route that starts a decommission."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.decommissions.confirmation import DecommissionIn, require_fresh_login
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
from api.identity.caller import Caller, NotPermitted, identify
from api.identity.scope import occupier_in_sight
from api.problems import NotFound, declared
from api.start_rate import TooManyStarts
from api.versions import IfMatchDep, IfMatchMissing, IfMatchUnusable, VersionStale
from models.domain.audit import AuditAction
from models.domain.occupier import OccupierStatus
from models.stores.clock import database_now
from models.stores.starts import StartRefusedError, StartRequest, StartStore

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
        await occupier_in_sight(session, caller, occupier_id)
        starts = StartStore(session)
        try:
            await starts.lock(occupier_id)
            # Again, as something may have been revoked while this waited for the lock.
            caller = await identify(session, change.identity)
            require_fresh_login(
                change.identity, await database_now(session), settings.login_max_age_s
            )
            started = await starts.start(
                StartRequest(
                    occupier_id=occupier_id,
                    name=confirmation.name,
                    requested_by=caller.actor,
                    request_id=change.request_id,
                    idempotency_key=change.key,
                    grants=caller.grants,
                    version=version,
                    plan=confirmation.plan,
                )
            )
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
