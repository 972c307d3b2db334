"""Routes that read scheduled decommissions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.dependencies import CallerDep, SessionDep
from api.identity.caller import Caller
from api.paging import PageOut, by_time
from api.problems import NotFound, declared
from api.schedules.schemas import (
    ScheduleDetailOut,
    ScheduleFilters,
    ScheduleOut,
    shown_schedule,
)
from api.versions import etag
from models.domain.blocker import Offer
from models.domain.permission import Action
from models.stores.schedule_views import ScheduleFilter, ScheduleView, ScheduleViewStore
from models.stores.scopes import ScopeStore

router = APIRouter(prefix="/schedules", tags=["schedules"])

_OFFERED = [Offer.RESCHEDULE, Offer.CANCEL_SCHEDULE]

_CURSOR = by_time("schedules")


@router.get("", summary="List scheduled decommissions by when they are due")
async def list_schedules(
    session: SessionDep, caller: CallerDep, filters: Annotated[ScheduleFilters, Query()]
) -> PageOut[ScheduleOut]:
    """Those of the occupiers that you see, also the ones that are over."""
    wanted = ScheduleFilter(
        occupier_id=filters.occupier_id, site_id=filters.site_id, states=filters.state
    )
    store = ScheduleViewStore(session, caller.grants)
    page = await store.page(wanted, filters.limit, _CURSOR.read(filters.cursor))
    items = [shown_schedule(view) for view in page.items]
    return PageOut(items=items, next_cursor=_CURSOR.write(page.next_place))


@router.get("/{schedule_id}", summary="Read a scheduled decommission", responses=declared(NotFound))
async def read_schedule(
    schedule_id: UUID, session: SessionDep, caller: CallerDep, response: Response
) -> ScheduleDetailOut:
    """When it is due, why it is blocked if it is, and what you may do; `ETag` is for that."""
    view = await ScheduleViewStore(session, caller.grants).find(schedule_id)
    if view is None:
        raise NotFound
    response.headers["ETag"] = etag(view.version)
    return ScheduleDetailOut(
        **shown_schedule(view).model_dump(),
        allowed_actions=await _allowed(session, caller, view),
    )


async def _allowed(session: AsyncSession, caller: Caller, view: ScheduleView) -> list[Offer]:
    """By the rule that the changes refuse by."""
    if not view.state.is_open:
        return []
    scope = await ScopeStore(session).of_occupier(view.occupier_id)
    denial = caller.grants.denial(Action.SCHEDULE_DECOMMISSION, scope)
    return [] if denial else _OFFERED
