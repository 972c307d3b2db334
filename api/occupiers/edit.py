"""The route that edits an occupier's details."""

import unicodedata
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.edit_lock import OccupierLocked, locked
from api.identity.caller import Caller, NotPermitted
from api.identity.scope import occupier_in_sight, require_on_occupier
from api.occupiers.schemas import OccupierOut
from api.problems import FieldErrorOut, NotFound, Problem, declared
from api.text import StorableText
from api.versions import IfMatchDep, IfMatchMissing, IfMatchUnusable, VersionStale, etag
from models.domain.audit import AuditAction, AuditEvent
from models.domain.permission import Action
from models.stores.audit import AuditStore
from models.stores.occupier_edits import EditableOccupier, NameTakenError, OccupierEditStore

router = APIRouter(prefix="/occupiers", tags=["occupiers"])


class NameTaken(Problem):
    """`name` belongs to another occupier of this operator already; choose another one."""

    status = 409


def _one_line(text: str) -> str:
    """Composed (NFC), so that a typed confirmation is the same text however it was typed."""
    composed = unicodedata.normalize("NFC", text)
    if composed != composed.strip():
        raise ValueError("must not begin or end with a space")
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in composed):
        raise ValueError("must be one line, without control characters")
    return composed


OneLine = Annotated[StorableText, AfterValidator(_one_line)]


class OccupierIn(BaseModel):
    """What is to change; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"billing_reference": "B-000124"}}
    )

    name: OneLine = Field("", min_length=1, max_length=200)
    billing_reference: OneLine = Field("", min_length=1, max_length=100)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("must hold at least one field to change")
        return self


@router.patch(
    "/{occupier_id}",
    summary="Edit an occupier",
    response_model=OccupierOut,
    responses=declared(
        IdempotencyKeyMissing,
        IdempotencyKeyReused,
        IfMatchUnusable,
        NotPermitted,
        NotFound,
        OccupierLocked,
        NameTaken,
        VersionStale,
        IfMatchMissing,
    ),
)
async def edit_occupier(
    occupier_id: UUID, wanted: OccupierIn, version: IfMatchDep, change: ChangeDep
) -> Response:
    """Change its name or billing reference; from pending on it is locked for good."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await require_on_occupier(session, caller, Action.EDIT_OCCUPIER, occupier_id)
        store = OccupierEditStore(session)
        before = await store.lock(occupier_id)
        if not before.status.is_editable:
            raise locked(before.status)
        if before.version != version:
            raise VersionStale
        if values := _differing(before, wanted):
            await _write(store, before, values)
            await AuditStore(session).record(_told(caller, change.request_id, before, values))
        after = OccupierOut.model_validate(await occupier_in_sight(session, caller, occupier_id))
        return Reply(after, headers={"ETag": etag(after.version)})

    return await change.once(Deed(AuditAction.OCCUPIER_EDIT, "occupier", occupier_id), act)


def _differing(before: EditableOccupier, wanted: OccupierIn) -> dict[str, str]:
    asked: dict[str, str] = wanted.model_dump(exclude_unset=True)
    return {name: value for name, value in asked.items() if value != getattr(before, name)}


async def _write(
    store: OccupierEditStore, before: EditableOccupier, values: dict[str, str]
) -> None:
    try:
        await store.change(before.id, values)
    except NameTakenError:
        field = FieldErrorOut(field="body.name", message="is another occupier's already")
        raise NameTaken(errors=[field]) from None


def _told(
    caller: Caller, request_id: str, before: EditableOccupier, values: dict[str, str]
) -> AuditEvent:
    """Which fields, not what is in them: a name may be a person's."""
    return AuditEvent(
        actor=caller.actor,
        request_id=request_id,
        action=AuditAction.OCCUPIER_EDIT,
        entity_kind="occupier",
        entity_id=before.id,
        before={"version": str(before.version)},
        after={"version": str(before.version + 1), "changed": ",".join(sorted(values))},
    )
