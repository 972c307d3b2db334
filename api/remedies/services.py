"""The route that clears a failed update of a service."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.edit_lock import OccupierLocked
from api.identity.caller import Caller, NotPermitted
from api.identity.scope import occupier_in_sight, site_in_sight
from api.problems import NotFound, Problem, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.permission import Action
from models.domain.portfolio import UpdateState
from models.stores.audit import AuditStore
from models.stores.remedies import RemedyStore, ServiceStanding

router = APIRouter(prefix="/services", tags=["remedies"])


class ServiceNotFailed(Problem):
    """The last update of this service did not fail; there is nothing to clear."""

    status = 409


class ServiceOut(BaseModel):
    """Where a service stands."""

    id: UUID
    occupier_id: UUID
    site_id: UUID
    update_state: UpdateState


@router.post(
    "/{service_id}/clear-failure",
    summary="Clear a failed update of a service",
    response_model=ServiceOut,
    responses=declared(
        IdempotencyKeyMissing,
        IdempotencyKeyReused,
        NotPermitted,
        NotFound,
        OccupierLocked,
        ServiceNotFailed,
    ),
)
async def clear_failure(service_id: UUID, change: ChangeDep) -> Response:
    """For the vendor's support, with an open case, once it has set right what had failed."""
    deed = Deed(AuditAction.SERVICE_CLEAR_FAILURE, "service", service_id)

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        store = RemedyStore(session)
        service = await store.service(service_id)
        if service is None:
            raise NotFound
        await occupier_in_sight(session, caller, service.occupier_id)
        site_in_sight(caller, service.site_id)
        if not caller.grants.may(Action.CLEAR_SERVICE_FAILURE):
            raise NotPermitted(
                "Only the vendor's support may do this; create a support case for the service."
            )
        if service.update_state is not UpdateState.FAILED:
            raise ServiceNotFailed
        await store.clear_failure(service_id)
        await AuditStore(session).record(_told(caller, change.request_id, service))
        return Reply(
            ServiceOut(
                id=service.id,
                occupier_id=service.occupier_id,
                site_id=service.site_id,
                update_state=UpdateState.NONE,
            )
        )

    return await change.once(deed, act)


def _told(caller: Caller, request_id: str, service: ServiceStanding) -> AuditEvent:
    return AuditEvent(
        actor=caller.actor,
        request_id=request_id,
        action=AuditAction.SERVICE_CLEAR_FAILURE,
        entity_kind="service",
        entity_id=service.id,
        occupier_id=service.occupier_id,
        before={"update_state": service.update_state.value},
        after={"update_state": UpdateState.NONE.value},
    )
