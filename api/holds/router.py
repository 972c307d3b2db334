"""Routes that read holds and systems, and by which support and SREs place and release holds."""

from typing import Annotated
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import ChangeDep, Deed, IdempotencyKeyMissing, IdempotencyKeyReused, Reply
from api.dependencies import CallerDep, SessionDep
from api.holds.schemas import (
    ActivityFilters,
    ActivityOut,
    HoldFilters,
    HoldIn,
    HoldOut,
    SystemOut,
    SystemsOut,
)
from api.identity.caller import Caller, NotPermitted
from api.paging import PageOut, by_time
from api.problems import NotFound, Problem, declared
from models.domain.audit import AuditAction, AuditEvent
from models.domain.permission import Action
from models.stores.audit import AuditStore
from models.stores.hold_views import HoldView, HoldViewStore
from models.stores.holds import HoldStore, NewHold
from models.stores.sites import SiteStore
from models.stores.system_activity import SystemActivityStore

router = APIRouter(tags=["holds"])

_CURSOR = by_time("holds")
_ALWAYS = (IdempotencyKeyMissing, IdempotencyKeyReused, NotPermitted, NotFound)


class HoldReleased(Problem):
    """The hold is released already; its tasks go on by themselves."""

    status = 409


@router.get("/systems", summary="List the outside systems and how they stand")
async def list_systems(session: SessionDep, caller: CallerDep) -> SystemsOut:
    """Which are held, where, and how many tasks wait or fail."""
    systems = await HoldViewStore(session, caller.grants).systems()
    return SystemsOut(items=[SystemOut.model_validate(system) for system in systems])


@router.get("/systems/activity", summary="Count what became of the work with each system")
async def read_activity(
    session: SessionDep, caller: CallerDep, filters: Annotated[ActivityFilters, Query()]
) -> ActivityOut:
    """Completed tasks and failed attempts over time, of the tasks that you may see."""
    activity = await SystemActivityStore(session, caller.grants).of(filters.window)
    return ActivityOut.model_validate(activity)


@router.get("/holds", summary="List holds, newest first")
async def list_holds(
    session: SessionDep, caller: CallerDep, filters: Annotated[HoldFilters, Query()]
) -> PageOut[HoldOut]:
    """Those at your sites, and those everywhere; also released ones."""
    page = await HoldViewStore(session, caller.grants).page(
        filters.wanted(), filters.limit, _CURSOR.read(filters.cursor)
    )
    items = [HoldOut.model_validate(hold) for hold in page.items]
    return PageOut(items=items, next_cursor=_CURSOR.write(page.next_place))


@router.get("/holds/{hold_id}", summary="Read a hold", responses=declared(NotFound))
async def read_hold(hold_id: UUID, session: SessionDep, caller: CallerDep) -> HoldOut:
    """One hold."""
    return HoldOut.model_validate(await _in_sight(session, caller, hold_id))


@router.post(
    "/holds",
    status_code=201,
    summary="Hold an outside system, everywhere or at a site",
    response_model=HoldOut,
    responses=declared(*_ALWAYS)
    | {200: {"model": HoldOut, "description": "The hold that is open there already"}},
)
async def place_hold(wanted: HoldIn, change: ChangeDep) -> Response:
    """Every task that needs it waits with its clock stopped, in all decommissions; others go on.

    A hold that the breaker has placed there, or at sites within, is taken over.
    """

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await _place_in_sight(session, caller, wanted.site_id)
        _permitted(caller)
        new = NewHold(
            system=wanted.system,
            site_id=wanted.site_id,
            placed_by=caller.actor,
            request_id=change.request_id,
        )
        hold_id, is_new = await HoldStore(session).place(new)
        structlog.contextvars.bind_contextvars(hold_id=str(hold_id))
        if not is_new:
            await AuditStore(session).record(_found(caller, change.request_id, hold_id))
        hold = await _in_sight(session, caller, hold_id)
        return Reply(HoldOut.model_validate(hold), status=201 if is_new else 200)

    return await change.once(Deed(AuditAction.HOLD_PLACE, "hold", uuid4()), act)


@router.post(
    "/holds/{hold_id}/release",
    summary="Release a hold",
    response_model=HoldOut,
    responses=declared(*_ALWAYS, HoldReleased),
)
async def release_hold(hold_id: UUID, change: ChangeDep) -> Response:
    """Its tasks go on by themselves, spread over some time."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await _in_sight(session, caller, hold_id)
        _permitted(caller)
        if not await HoldStore(session).release(hold_id, caller.actor, change.request_id):
            raise HoldReleased
        return Reply(HoldOut.model_validate(await _in_sight(session, caller, hold_id)))

    return await change.once(Deed(AuditAction.HOLD_RELEASE, "hold", hold_id), act)


def _found(caller: Caller, request_id: str, hold_id: UUID) -> AuditEvent:
    """What the audit keeps of a hold that was there already."""
    return AuditEvent(
        actor=caller.actor,
        request_id=request_id,
        action=AuditAction.HOLD_PLACE,
        entity_kind="hold",
        entity_id=hold_id,
        after={"state": "held_before"},
    )


def _permitted(caller: Caller) -> None:
    if not caller.grants.may(Action.HOLD_SYSTEM):
        raise NotPermitted("Only the vendor's support and SREs hold systems.")


async def _place_in_sight(session: AsyncSession, caller: Caller, site_id: UUID | None) -> None:
    if site_id is not None and await SiteStore(session, caller.grants).find(site_id) is None:
        raise NotFound


async def _in_sight(session: AsyncSession, caller: Caller, hold_id: UUID) -> HoldView:
    hold = await HoldViewStore(session, caller.grants).find(hold_id)
    if hold is None:
        raise NotFound
    return hold
