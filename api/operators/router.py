"""Routes of operators: who they are, and whether their starts need a second person."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.decommissions.confirmation import require_fresh_login
from api.decommissions.refusals import LoginTooOld
from api.dependencies import CallerDep, SessionDep, SettingsDep
from api.identity.caller import Caller, NotPermitted
from api.problems import NotFound, declared
from models.domain.audit import AuditAction, AuditEvent
from models.stores.audit import AuditStore
from models.stores.clock import database_now
from models.stores.operators import OperatorStore

router = APIRouter(prefix="/operators", tags=["operators"])


class OperatorOut(BaseModel):
    """A landlord with its settings."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    cooling_off_days: int
    second_person_required: bool = Field(
        description="Whether another admin must approve each decommission before it starts."
    )


class OperatorsOut(BaseModel):
    """The operators that you see: your own, or all for the vendor's staff."""

    items: list[OperatorOut]


class OperatorIn(BaseModel):
    """What is to change."""

    model_config = ConfigDict(extra="forbid")

    second_person_required: StrictBool


@router.get("", summary="List operators by name")
async def list_operators(session: SessionDep, caller: CallerDep) -> OperatorsOut:
    """There are few, so they come without pages."""
    found = await OperatorStore(session, caller.grants).all()
    return OperatorsOut(items=[OperatorOut.model_validate(operator) for operator in found])


@router.patch(
    "/{operator_id}",
    summary="Change an operator's settings",
    response_model=OperatorOut,
    responses=declared(
        IdempotencyKeyMissing, LoginTooOld, NotPermitted, NotFound, IdempotencyKeyReused
    ),
)
async def edit_operator(
    operator_id: UUID, wanted: OperatorIn, change: ChangeDep, settings: SettingsDep
) -> Response:
    """For a super admin of the operator, with a fresh login."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        store = OperatorStore(session, caller.grants)
        before = await store.find(operator_id)
        if before is None:
            raise NotFound
        if not caller.grants.is_super_admin:
            raise NotPermitted("Only a super admin of the operator may change its settings.")
        now = await database_now(session)
        require_fresh_login(change.identity, now, settings.login_max_age_s)
        await store.require_second_person(operator_id, required=wanted.second_person_required)
        after = await store.find(operator_id)
        await AuditStore(session).record(
            AuditEvent(
                actor=caller.actor,
                request_id=change.request_id,
                action=AuditAction.OPERATOR_EDIT,
                entity_kind="operator",
                entity_id=operator_id,
                before=_told(is_required=before.second_person_required),
                after=_told(is_required=wanted.second_person_required),
            )
        )
        return Reply(OperatorOut.model_validate(after))

    return await change.once(Deed(AuditAction.OPERATOR_EDIT, "operator", operator_id), act)


def _told(*, is_required: bool) -> dict[str, str]:
    return {"second_person": "required" if is_required else "not_required"}
