"""Routes that read decommissions."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query

from api.decommissions.schemas import (
    DecommissionFilters,
    DecommissionOut,
    DecommissionProgressOut,
    shown_decommission,
    shown_progress,
)
from api.dependencies import CallerDep, SessionDep
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
    decommission_id: UUID, session: SessionDep, caller: CallerDep
) -> DecommissionProgressOut:
    """State, progress per site and task, elapsed and expected duration, what needs attention."""
    structlog.contextvars.bind_contextvars(decommission_id=str(decommission_id))
    view = await DecommissionViewStore(session, caller.grants).progress(decommission_id)
    if view is None:
        raise NotFound
    return shown_progress(view)


@router.get(
    "/occupiers/{occupier_id}/decommission",
    summary="Read the decommission of an occupier",
    responses=declared(NotFound),
)
async def read_decommission_of_occupier(
    occupier_id: UUID, session: SessionDep, caller: CallerDep
) -> DecommissionProgressOut:
    """The same representation, found by the occupier."""
    structlog.contextvars.bind_contextvars(occupier_id=str(occupier_id))
    brief = await OccupierStore(session, caller.grants).decommission_of(occupier_id)
    view = await DecommissionViewStore(session, caller.grants).progress(brief.id) if brief else None
    if view is None:
        raise NotFound
    return shown_progress(view)
