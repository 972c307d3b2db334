"""Routes that read scheduled decommissions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.dependencies import CallerDep, SessionDep
from api.paging import PageOut, by_time
from api.problems import NotFound, declared
from api.schedules.schemas import ScheduleFilters, ScheduleOut, shown_schedule
from api.versions import etag
from models.stores.schedule_views import ScheduleFilter, ScheduleViewStore

router = APIRouter(prefix="/schedules", tags=["schedules"])

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
) -> ScheduleOut:
    """When it is due, and why it is blocked if it is; the `ETag` is for changing it."""
    view = await ScheduleViewStore(session, caller.grants).find(schedule_id)
    if view is None:
        raise NotFound
    response.headers["ETag"] = etag(view.version)
    return shown_schedule(view)
