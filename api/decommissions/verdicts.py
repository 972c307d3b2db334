"""What a decommission did to each resource, and what it left as it was."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.decommissions.schemas import WaiverOut
from api.dependencies import CallerDep, SessionDep
from api.identity.caller import Caller
from api.paging import Cursor, PageFilters, PageOut
from api.problems import NotFound, declared
from models.domain.outside import Ground, ResourceKind, Verdict
from models.stores.decisions import DecisionStore
from models.stores.decommission_views import DecommissionViewStore
from models.stores.verdicts import VerdictFilter, VerdictStore

router = APIRouter(prefix="/decommissions/{decommission_id}/verdicts", tags=["decommissions"])

_CURSOR = Cursor("verdicts", lambda first, second: (UUID(first), UUID(second)))


class KindCountOut(BaseModel):
    """How many resources of a kind got a verdict."""

    model_config = ConfigDict(from_attributes=True)

    kind: ResourceKind
    verdict: Verdict
    count: int


class SiteCountOut(BaseModel):
    """How many resources of a site got a verdict."""

    model_config = ConfigDict(from_attributes=True)

    site_id: UUID
    site_name: str
    verdict: Verdict
    count: int


class RetentionOut(BaseModel):
    """Something that must stay, digested before and after."""

    model_config = ConfigDict(from_attributes=True)

    subject: str
    rows_before: int
    rows_after: int | None
    digest_before: str
    digest_after: str | None
    unchanged: bool | None = Field(description="Null while there is no second reading.")


class VerdictsOut(BaseModel):
    """The verification in numbers, over the sites that the caller sees."""

    decommission_id: UUID
    by_kind: list[KindCountOut]
    by_site: list[SiteCountOut]
    undone: int = Field(description="Resources that are not shown to be gone yet.")
    waivers: list[WaiverOut] = Field(description="What two people decided to leave undone.")
    retained_data: list[RetentionOut]
    retained_data_unchanged: bool | None = Field(
        description="Whether everything that must stay is as before; null until it was read again."
    )


class VerdictFilters(PageFilters):
    """Filters of the list of resources; all hold together."""

    site_id: UUID | None = None
    kind: ResourceKind | None = None
    verdict: Verdict | None = None


class VerdictItemOut(BaseModel):
    """One resource, by the id of our own row; never by what the outside system calls it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    site_id: UUID
    kind: ResourceKind
    resource_id: UUID
    verdict: Verdict
    ground: Ground | None = Field(description="Why it was left alone, if it was.")
    confirmed_at: datetime | None


@router.get("", summary="Read the verdicts in numbers", responses=declared(NotFound))
async def read_verdicts(
    decommission_id: UUID, session: SessionDep, caller: CallerDep
) -> VerdictsOut:
    """Counts per kind and per site, and whether what must stay is unchanged."""
    store = await _store(session, caller, decommission_id)
    by_kind = [KindCountOut.model_validate(row) for row in await store.by_kind()]
    retained = [RetentionOut.model_validate(row) for row in await store.retentions()]
    answers = {one.unchanged for one in retained}
    return VerdictsOut(
        decommission_id=decommission_id,
        by_kind=by_kind,
        by_site=[SiteCountOut.model_validate(row) for row in await store.by_site()],
        undone=sum(row.count for row in by_kind if not row.verdict.is_done),
        waivers=[
            WaiverOut.model_validate(waiver)
            for waiver in await DecisionStore(session).waivers(decommission_id, caller.grants)
        ],
        retained_data=retained,
        retained_data_unchanged=_all_unchanged(answers),
    )


@router.get("/items", summary="List resources with verdicts", responses=declared(NotFound))
async def list_verdict_items(
    decommission_id: UUID,
    session: SessionDep,
    caller: CallerDep,
    filters: Annotated[VerdictFilters, Query()],
) -> PageOut[VerdictItemOut]:
    """Resources of the plan, by site."""
    store = await _store(session, caller, decommission_id)
    wanted = VerdictFilter(**filters.model_dump(exclude={"cursor", "limit"}))
    page = await store.page(wanted, filters.limit, _CURSOR.read(filters.cursor))
    items = [VerdictItemOut.model_validate(item) for item in page.items]
    return PageOut(items=items, next_cursor=_CURSOR.write(page.next_place))


async def _store(session: AsyncSession, caller: Caller, decommission_id: UUID) -> VerdictStore:
    structlog.contextvars.bind_contextvars(decommission_id=str(decommission_id))
    if await DecommissionViewStore(session, caller.grants).find(decommission_id) is None:
        raise NotFound
    return VerdictStore(session, caller.grants, decommission_id)


def _all_unchanged(answers: set[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers or not answers else True
