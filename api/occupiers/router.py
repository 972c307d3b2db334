"""Routes that read occupiers."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Response

from api.dependencies import CallerDep, SessionDep
from api.errors import invalid
from api.identity.caller import Caller
from api.occupiers.allowed import allowed_actions
from api.occupiers.schemas import (
    DecommissionBriefOut,
    OccupierDetailOut,
    OccupierFilters,
    OccupierOut,
    SiteNameOut,
)
from api.paging import PageOut, by_name
from api.problems import FieldErrorOut, NotFound, declared
from api.versions import etag
from models.stores.occupiers import OccupierFilter, OccupierStore

router = APIRouter(prefix="/occupiers", tags=["occupiers"])

_CURSOR = by_name("occupiers")


@router.get("", summary="List occupiers by name")
async def list_occupiers(
    session: SessionDep, caller: CallerDep, filters: Annotated[OccupierFilters, Query()]
) -> PageOut[OccupierOut]:
    """Occupiers, by name, with combinable filters. Who sees no names cannot filter by them."""
    _refuse_names_to_staff(caller, filters)
    wanted = OccupierFilter(
        name_part=filters.search,
        name=filters.name,
        site_id=filters.site_id,
        statuses=filters.status,
    )
    after = _CURSOR.read(filters.cursor)
    page = await OccupierStore(session, caller.grants).page(wanted, filters.limit, after)
    items = [OccupierOut.model_validate(occupier) for occupier in page.items]
    return PageOut(items=items, next_cursor=_CURSOR.write(page.next_place))


@router.get("/{occupier_id}", summary="Read an occupier", responses=declared(NotFound))
async def read_occupier(
    occupier_id: UUID, session: SessionDep, caller: CallerDep, response: Response
) -> OccupierDetailOut:
    """Basic details, status, sites, the decommission if there is one, and what you may do."""
    structlog.contextvars.bind_contextvars(occupier_id=str(occupier_id))
    store = OccupierStore(session, caller.grants)
    occupier = await store.find(occupier_id)
    if occupier is None:
        raise NotFound
    response.headers["ETag"] = etag(occupier.version)
    brief = await store.decommission_of(occupier_id)
    return OccupierDetailOut(
        **OccupierOut.model_validate(occupier).model_dump(),
        sites=[SiteNameOut.model_validate(site) for site in await store.sites_of(occupier_id)],
        decommission=DecommissionBriefOut.model_validate(brief) if brief else None,
        allowed_actions=await allowed_actions(session, caller, occupier),
    )


def _refuse_names_to_staff(caller: Caller, filters: OccupierFilters) -> None:
    """A filter that answers to a name tells it, one guess after the other."""
    given = {"query.search": filters.search, "query.name": filters.name}
    if caller.grants.sees_names or not any(given.values()):
        return
    message = "cannot be used: names of occupiers are not shown to you; use their ids"
    raise invalid([FieldErrorOut(field=at, message=message) for at, text in given.items() if text])
