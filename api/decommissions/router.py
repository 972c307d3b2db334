"""Routes that read decommissions."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query

from api.decommissions.detail import DecommissionDetailOut, decommission_detail
from api.decommissions.schemas import DecommissionFilters, DecommissionOut, shown_decommission
from api.dependencies import CallerDep, SessionDep, SettingsDep
from api.paging import PageOut, by_time
from api.problems import NotFound, declared
from models.stores.decommission_views import DecommissionViewStore
from models.stores.occupiers import OccupierStore

router = APIRouter(tags=["decommissions"])

_CURSOR = by_time("decommissions")


@router.get("/decommissions", summary="List decommissions, newest first")
async def list_decommissions(
    session: SessionDep, caller: CallerDep, filters: Annotated[DecommissionFilters, Query()]
) -> PageOut[DecommissionOut]:
    """Decommissions, newest first."""
    after = _CURSOR.read(filters.cursor)
    page = await DecommissionViewStore(session, caller.grants).page(
        filters.state, filters.occupier_id, filters.limit, after
    )
    items = [shown_decommission(view) for view in page.items]
    return PageOut(items=items, next_cursor=_CURSOR.write(page.next_place))


@router.get(
    "/decommissions/{decommission_id}",
    summary="Read a decommission with its progress",
    responses=declared(NotFound),
)
async def read_decommission(
    decommission_id: UUID, session: SessionDep, caller: CallerDep, settings: SettingsDep
) -> DecommissionDetailOut:
    """State, progress per site and task, durations, what needs attention and what you may do."""
    structlog.contextvars.bind_contextvars(decommission_id=str(decommission_id))
    return await decommission_detail(session, caller, settings, decommission_id)


@router.get(
    "/occupiers/{occupier_id}/decommission",
    summary="Read the decommission of an occupier",
    responses=declared(NotFound),
)
async def read_decommission_of_occupier(
    occupier_id: UUID, session: SessionDep, caller: CallerDep, settings: SettingsDep
) -> DecommissionDetailOut:
    """The same representation, found by the occupier."""
    structlog.contextvars.bind_contextvars(occupier_id=str(occupier_id))
    brief = await OccupierStore(session, caller.grants).decommission_of(occupier_id)
    if brief is None:
        raise NotFound
    return await decommission_detail(session, caller, settings, brief.id)
