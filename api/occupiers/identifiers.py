"""Routes for how connected systems name an occupier."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.dependencies import CallerDep, SessionDep
from api.edit_lock import OccupierLocked
from api.identity.caller import Caller, NotPermitted
from api.identity.scope import occupier_in_sight, require_on_occupier
from api.occupiers.edit import OneLine
from api.problems import NotFound, Problem, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.permission import Action
from models.stores.audit import AuditStore
from models.stores.external_identifiers import ExternalIdentifier, ExternalIdentifierStore

router = APIRouter(prefix="/occupiers/{occupier_id}/external-identifiers", tags=["occupiers"])
_REFUSALS = (IdempotencyKeyMissing, IdempotencyKeyReused, NotPermitted, NotFound, OccupierLocked)


class IdentifierExists(Problem):
    """`external_system` has an identifier there already; remove that one first."""

    status = 409


class ExternalIdentifierIn(BaseModel):
    """How a system names the occupier."""

    model_config = ConfigDict(extra="forbid")

    external_system: Annotated[OneLine, Field(min_length=1, max_length=100)]
    identifier: Annotated[OneLine, Field(min_length=1, max_length=200)]
    site_id: UUID | None = Field(None, description="Null: at all sites.")


class ExternalIdentifierOut(BaseModel):
    """How a system names the occupier."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    site_id: UUID | None
    external_system: str
    identifier: str


class ExternalIdentifiersOut(BaseModel):
    """All of them; there are few."""

    items: list[ExternalIdentifierOut]


@router.get("", summary="Read how connected systems name an occupier", responses=declared(NotFound))
async def list_external_identifiers(
    occupier_id: UUID, session: SessionDep, caller: CallerDep
) -> ExternalIdentifiersOut:
    """By system."""
    await occupier_in_sight(session, caller, occupier_id)
    found = await ExternalIdentifierStore(session, occupier_id).all()
    return ExternalIdentifiersOut(items=[ExternalIdentifierOut.model_validate(o) for o in found])


@router.post(
    "",
    status_code=201,
    summary="Add how a connected system names an occupier",
    response_model=ExternalIdentifierOut,
    responses=declared(*_REFUSALS, IdentifierExists),
)
async def add_external_identifier(
    occupier_id: UUID, wanted: ExternalIdentifierIn, change: ChangeDep
) -> Response:
    """One per system and site."""
    deed = Deed(AuditAction.EXTERNAL_IDENTIFIER_ADD, "occupier", occupier_id)

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await require_on_occupier(session, caller, Action.EDIT_OCCUPIER, occupier_id)
        if wanted.site_id is not None and wanted.site_id not in caller.grants.site_ids:
            raise NotFound
        added = await ExternalIdentifierStore(session, occupier_id).add(
            wanted.external_system, wanted.identifier, wanted.site_id
        )
        if added is None:
            raise IdentifierExists
        await _tell(session, caller, change.request_id, deed, added)
        return Reply(ExternalIdentifierOut.model_validate(added), status=201)

    return await change.once(deed, act)


@router.delete(
    "/{identifier_id}",
    summary="Remove how a connected system names an occupier",
    response_model=ExternalIdentifierOut,
    responses=declared(*_REFUSALS),
)
async def remove_external_identifier(
    occupier_id: UUID, identifier_id: UUID, change: ChangeDep
) -> Response:
    """Answers with what was removed."""
    deed = Deed(AuditAction.EXTERNAL_IDENTIFIER_REMOVE, "occupier", occupier_id)

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await require_on_occupier(session, caller, Action.EDIT_OCCUPIER, occupier_id)
        removed = await ExternalIdentifierStore(session, occupier_id).remove(identifier_id)
        if removed is None:
            raise NotFound
        await _tell(session, caller, change.request_id, deed, removed)
        return Reply(ExternalIdentifierOut.model_validate(removed))

    return await change.once(deed, act)


async def _tell(
    session: AsyncSession, caller: Caller, request_id: str, deed: Deed, one: ExternalIdentifier
) -> None:
    """That there was one, not what it is: another system may use a person's name."""
    await AuditStore(session).record(
        AuditEvent(
            actor=caller.actor,
            request_id=request_id,
            action=deed.action,
            entity_kind=deed.entity_kind,
            entity_id=deed.entity_id,
            after={"external_identifier_id": str(one.id)},
        )
    )
