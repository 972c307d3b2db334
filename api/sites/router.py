"""Routes that read sites."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.dependencies import CallerDep, SessionDep
from api.paging import PageFilters, PageOut, by_name
from api.problems import NotFound, declared
from api.sites.schemas import SiteOut
from models.stores.sites import SiteStore

router = APIRouter(prefix="/sites", tags=["sites"])

_CURSOR = by_name("sites")


@router.get("", summary="List sites by name")
async def list_sites(
    session: SessionDep, caller: CallerDep, filters: Annotated[PageFilters, Query()]
) -> PageOut[SiteOut]:
    """Sites, by name."""
    page = await SiteStore(session, caller.grants).page(filters.limit, _CURSOR.read(filters.cursor))
    items = [SiteOut.model_validate(site) for site in page.items]
    return PageOut(items=items, next_cursor=_CURSOR.write(page.next_place))


@router.get("/{site_id}", summary="Read a site", responses=declared(NotFound))
async def read_site(site_id: UUID, session: SessionDep, caller: CallerDep) -> SiteOut:
    """One site."""
    site = await SiteStore(session, caller.grants).find(site_id)
    if site is None:
        raise NotFound
    return SiteOut.model_validate(site)
