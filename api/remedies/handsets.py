"""Routes for handsets: what is logged in, log one out from afar, and look again."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.dependencies import CallerDep, SessionDep
from api.edit_lock import OccupierLocked, locked
from api.identity.caller import Caller, NotPermitted
from api.identity.scope import occupier_in_sight, require, require_on_occupier
from api.problems import NotFound, Problem, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.handset import is_remote
from models.domain.outside import FailureKind
from models.domain.permission import Action
from models.domain.portfolio import DeviceClass
from models.stores.audit import AuditStore
from models.stores.handset_requests import HandsetRequestStore, LoginView
from models.stores.occupier_edits import OccupierEditStore
from models.stores.scopes import ScopeStore

router = APIRouter(tags=["remedies"])
_REFUSALS = (IdempotencyKeyMissing, IdempotencyKeyReused, NotPermitted, NotFound, OccupierLocked)


class HandsetNotRemote(Problem):
    """This handset cannot be logged out from afar; log out at the handset itself, then refresh."""

    status = 409


class HandsetLoginOut(BaseModel):
    """A number that is logged in to a handset."""

    id: UUID
    site_id: UUID
    number: str | None = Field(description="Personal; null for the vendor's staff.")
    handset: str = Field(description="What people call the handset.")
    device_class: DeviceClass | None = Field(description="Null for a type that nobody knows.")
    is_remote: bool = Field(description="Whether it can be logged out from afar.")
    logged_in_at: datetime


class HandsetLoginsOut(BaseModel):
    """All logins of an occupier, by site."""

    items: list[HandsetLoginOut]


class HandsetRequestOut(BaseModel):
    """Where a request about handsets stands; read it again until `finished_at` is there."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    occupier_id: UUID
    login_id: UUID | None = Field(description="Null: to look at all logins.")
    created_at: datetime
    finished_at: datetime | None
    ended: int = Field(description="Logins that are gone now.")
    failure: FailureKind | None = Field(description="Why it could not be served; ask again.")


@router.get(
    "/occupiers/{occupier_id}/handset-logins",
    summary="Read which numbers are logged in",
    responses=declared(NotFound),
)
async def list_handset_logins(
    occupier_id: UUID, session: SessionDep, caller: CallerDep
) -> HandsetLoginsOut:
    """At the sites of the caller."""
    await occupier_in_sight(session, caller, occupier_id)
    found = await HandsetRequestStore(session).logins(occupier_id)
    seen = [login for login in found if _is_in_sight(caller, login)]
    return HandsetLoginsOut(items=[_shown(caller, login) for login in seen])


@router.get(
    "/handset-requests/{request_id}",
    summary="Read where a request about handsets stands",
    responses=declared(NotFound),
)
async def read_handset_request(
    request_id: UUID, session: SessionDep, caller: CallerDep
) -> HandsetRequestOut:
    """It ends within minutes, done or not."""
    found = await HandsetRequestStore(session).find(request_id)
    if found is None:
        raise NotFound
    await occupier_in_sight(session, caller, found.occupier_id)
    return HandsetRequestOut.model_validate(found)


@router.post(
    "/occupiers/{occupier_id}/handset-logins/{login_id}/logout",
    status_code=202,
    summary="Log a digital handset out from afar",
    response_model=HandsetRequestOut,
    responses=declared(*_REFUSALS, HandsetNotRemote),
)
async def log_out_handset(occupier_id: UUID, login_id: UUID, change: ChangeDep) -> Response:
    """For an admin of its site. A repeat while it is under way is the same request."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await occupier_in_sight(session, caller, occupier_id)
        login = await HandsetRequestStore(session).login(occupier_id, login_id)
        if login is None or not _is_in_sight(caller, login):
            raise NotFound
        scope = await ScopeStore(session).of_site(login.site_id)
        require(caller, Action.LOG_OUT_HANDSET, scope)
        await _refuse_locked(session, occupier_id)
        if not is_remote(login.device_class):
            raise HandsetNotRemote
        return await _asked(session, caller, change.request_id, occupier_id, login_id)

    return await change.once(Deed(AuditAction.HANDSET_LOG_OUT, "occupier", occupier_id), act)


@router.post(
    "/occupiers/{occupier_id}/decommission/refresh",
    status_code=202,
    summary="Look again which numbers are logged in",
    response_model=HandsetRequestOut,
    responses=declared(*_REFUSALS),
)
async def refresh_handsets(occupier_id: UUID, change: ChangeDep) -> Response:
    """Asks the telephony system, so that a logout at the handset itself counts at once."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await require_on_occupier(session, caller, Action.EDIT_OCCUPIER, occupier_id)
        await _refuse_locked(session, occupier_id)
        return await _asked(session, caller, change.request_id, occupier_id, None)

    return await change.once(Deed(AuditAction.HANDSET_REFRESH, "occupier", occupier_id), act)


async def _refuse_locked(session: AsyncSession, occupier_id: UUID) -> None:
    occupier = await OccupierEditStore(session).lock(occupier_id)
    if not occupier.status.is_editable:
        raise locked(occupier.status)


async def _asked(
    session: AsyncSession,
    caller: Caller,
    request_id: str,
    occupier_id: UUID,
    login_id: UUID | None,
) -> Reply:
    asked, is_new = await HandsetRequestStore(session).ask(occupier_id, login_id, caller.actor)
    if is_new:
        await AuditStore(session).record(
            AuditEvent(
                actor=caller.actor,
                request_id=request_id,
                action=AuditAction.HANDSET_LOG_OUT if login_id else AuditAction.HANDSET_REFRESH,
                entity_kind="occupier",
                entity_id=occupier_id,
                after={"handset_request_id": str(asked.id)},
            )
        )
    place = {"Location": f"/api/v1/handset-requests/{asked.id}"}
    return Reply(HandsetRequestOut.model_validate(asked), status=202, headers=place)


def _is_in_sight(caller: Caller, login: LoginView) -> bool:
    return caller.grants.staff_role is not None or login.site_id in caller.grants.site_ids


def _shown(caller: Caller, login: LoginView) -> HandsetLoginOut:
    return HandsetLoginOut(
        id=login.id,
        site_id=login.site_id,
        number=login.number if caller.grants.sees_names else None,
        handset=login.handset,
        device_class=login.device_class,
        is_remote=is_remote(login.device_class),
        logged_in_at=login.logged_in_at,
    )
