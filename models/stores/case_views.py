"""The list of support cases with its combinable filters, newest first, and one of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, false, func, or_, select, text, tuple_
from sqlalchemy import case as sql_case
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.domain.case import (
    LISTED_MONTHS,
    OVER,
    CaseCategory,
    CaseChoice,
    CaseOrigin,
    CasePriority,
    CaseStatus,
)
from models.domain.permission import Grants
from models.stores.case_sight import visible_cases
from models.stores.pages import Page, cut
from models.stores.sight import visible_occupiers
from models.tables.case import CaseRow, CaseTaskRow
from models.tables.decommission import DecommissionSiteRow
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow

CasePlace = tuple[datetime, UUID]
_SHOWN = aliased(OccupierRow)  # by another name, as conditions of sight ask for occupiers too
_NUMBER = re.compile(r"#?([0-9]{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases: all conditions hold together."""

    status: CaseChoice = CaseChoice.OPEN
    site_id: UUID | None = None  # also those at several sites, this one among them
    origin: CaseOrigin | None = None
    priority: CasePriority | None = None
    occupier_id: UUID | None = None  # also those over one of its tasks
    task_id: UUID | None = None
    decommission_id: UUID | None = None
    search: str | None = None  # a number, or a part of the subject


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as somebody may see it.

    A case at no site, over tasks of several occupiers, names the first of them; whoever does not
    see that one reads nothing about it.
    """

    id: UUID
    number: int
    operator_id: UUID | None
    site_id: UUID | None
    site_name: str | None
    occupier_id: UUID | None
    occupier_name: str | None
    decommission_id: UUID | None
    service_id: UUID | None
    subject: str
    description: str
    category: CaseCategory
    priority: CasePriority
    origin: CaseOrigin
    status: CaseStatus
    requested_by: str
    external_reference: str | None
    cause: str | None
    tasks_now: int
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    times_reopened: int
    created_at: datetime
    updated_at: datetime

    @property
    def time_to_acknowledge_s(self) -> float | None:
        """Seconds until the vendor's staff first touched it."""
        return _seconds(self.created_at, self.acknowledged_at)

    @property
    def time_to_resolve_s(self) -> float | None:
        """Seconds until it was resolved, for the last time if it was opened again."""
        return _seconds(self.created_at, self.resolved_at)


class CaseViewStore:
    """Reads cases as somebody may see them."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def page(
        self, wanted: CaseFilter, limit: int, after: CasePlace | None
    ) -> Page[CaseView, CasePlace]:
        """Cases, newest first; those that are over only of the last 12 months."""
        query = (
            _named(self._grants)
            .where(visible_cases(self._grants), *_conditions(self._grants, wanted))
            .order_by(CaseRow.created_at.desc(), CaseRow.id.desc())
            .limit(limit + 1)
        )
        if after:
            query = query.where(tuple_(CaseRow.created_at, CaseRow.id) < after)
        rows = (await self._session.execute(query)).mappings().all()
        found = [CaseView(**row) for row in rows]
        return cut(found, limit, lambda one: (one.created_at, one.id))

    async def find(self, case_id: UUID) -> CaseView | None:
        """The case, however old, or `None`."""
        query = _named(self._grants).where(CaseRow.id == case_id, visible_cases(self._grants))
        row = (await self._session.execute(query)).mappings().one_or_none()
        return CaseView(**row) if row else None


def _named(grants: Grants) -> Select[*tuple[Any, ...]]:
    """Every column of `CaseView`."""
    own = [
        getattr(CaseRow, name)  # the view's names are the columns' names
        for name in CaseView.__dataclass_fields__
        if name in CaseRow.__table__.columns
        and name not in {"occupier_id", "decommission_id", "service_id"}
    ]
    tasks_now = (
        select(func.count())
        .where(CaseTaskRow.case_id == CaseRow.id, CaseTaskRow.left_at.is_(None))
        .scalar_subquery()
    )
    columns = (SiteRow.name.label("site_name"), tasks_now.label("tasks_now"))
    query = select(*own, *_about_the_occupier(grants), *columns).select_from(CaseRow)
    if grants.sees_names:
        seen = select(OccupierRow.id).where(visible_occupiers(grants))
        is_it = (_SHOWN.id == CaseRow.occupier_id) & _SHOWN.id.in_(seen)
        query = query.outerjoin(_SHOWN, is_it)
    return query.outerjoin(SiteRow, SiteRow.id == CaseRow.site_id)


def _about_the_occupier(grants: Grants) -> Iterator[ColumnElement[Any]]:
    """Staff read it also after support has lost sight of the occupier, whose name they never do."""
    names = ("occupier_id", "decommission_id", "service_id")
    if not grants.sees_names:
        masked = func.concat("Occupier ", func.left(sql_cast(CaseRow.occupier_id, Text), 8))
        yield sql_case((CaseRow.occupier_id.is_not(None), masked)).label("occupier_name")
        yield from (getattr(CaseRow, name).label(name) for name in names)
        return
    yield _SHOWN.name.label("occupier_name")
    for name in names:
        yield sql_case((_SHOWN.id.is_not(None), getattr(CaseRow, name))).label(name)


def _conditions(grants: Grants, wanted: CaseFilter) -> Iterator[ColumnElement[bool]]:
    yield from _standing(wanted.status)
    for column, value in (
        (CaseRow.origin, wanted.origin),
        (CaseRow.priority, wanted.priority),
        (CaseRow.decommission_id, wanted.decommission_id),
    ):
        if value is not None:
            yield column == value
    if wanted.site_id is not None:
        yield _at_site(grants, wanted.site_id)
    if wanted.occupier_id is not None:
        yield or_(
            CaseRow.occupier_id == wanted.occupier_id,
            CaseRow.id.in_(_over(TaskRow.occupier_id == wanted.occupier_id)),
        )
    if wanted.task_id is not None:
        yield CaseRow.id.in_(_over(TaskRow.id == wanted.task_id))
    if wanted.search:
        yield _matching(wanted.search)


def _standing(status: CaseChoice) -> Iterator[ColumnElement[bool]]:
    is_open = CaseRow.status.not_in(OVER)
    over_at = func.coalesce(CaseRow.closed_at, CaseRow.resolved_at, CaseRow.updated_at)
    is_recent = over_at > func.now() - text(f"interval '{LISTED_MONTHS} months'")
    match status:
        case CaseChoice.OPEN:
            yield is_open
        case CaseChoice.ALL:
            yield or_(is_open, is_recent)
        case _:
            yield CaseRow.status == CaseStatus(status.value)
            if CaseStatus(status.value) in OVER:
                yield is_recent


def _at_site(grants: Grants, site_id: UUID) -> ColumnElement[bool]:
    """Sites of a decommission are shown to the whole operator, so look whose site it is first."""
    if grants.staff_role is None and site_id not in grants.site_ids:
        return false()
    here = select(DecommissionSiteRow.decommission_id).where(DecommissionSiteRow.site_id == site_id)
    anywhere = CaseRow.site_id.is_(None)
    return or_(
        CaseRow.site_id == site_id,
        anywhere & CaseRow.decommission_id.in_(here),
        anywhere & CaseRow.id.in_(_over(TaskRow.site_id == site_id)),
    )


def _over(condition: ColumnElement[bool]) -> Select[UUID]:
    """Ids of cases that cover, or covered, such a task."""
    return (
        select(CaseTaskRow.case_id)
        .join(TaskRow, TaskRow.id == CaseTaskRow.task_id)
        .where(condition)
    )


def _matching(search: str) -> ColumnElement[bool]:
    subject = CaseRow.subject.icontains(search, autoescape=True)
    number = _NUMBER.fullmatch(search.strip())
    return or_(subject, CaseRow.number == int(number[1])) if number else subject


def _seconds(since: datetime, until: datetime | None) -> float | None:
    return None if until is None else max(0.0, (until - since).total_seconds())
