"""What became of the resources of a plan, and whether what must stay stayed. Never a handle."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.outside import Ground, ResourceKind, Verdict
from models.domain.permission import Grants
from models.stores.pages import Page, cut
from models.stores.sight import at_own_site
from models.tables.decommission import PlanItemRow, RetentionRow
from models.tables.site import SiteRow

VerdictPlace = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFilter:
    """Which resources: all conditions hold together."""

    site_id: UUID | None = None
    kind: ResourceKind | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many resources of a kind got a verdict."""

    kind: ResourceKind
    verdict: Verdict
    count: int


@dataclass(frozen=True, slots=True)
class SiteCount:
    """How many resources of a site got a verdict."""

    site_id: UUID
    site_name: str
    verdict: Verdict
    count: int


@dataclass(frozen=True, slots=True)
class VerdictItem:
    """One resource, by the id of our own row."""

    id: UUID
    site_id: UUID
    kind: ResourceKind
    resource_id: UUID
    verdict: Verdict
    ground: Ground | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RetentionView:
    """The digest of something that must stay, before and after."""

    subject: str
    rows_before: int
    digest_before: str
    rows_after: int | None
    digest_after: str | None

    @property
    def unchanged(self) -> bool | None:
        """Whether it is byte-identical; `None` while there is no second reading."""
        if self.digest_after is None:
            return None
        return (self.rows_before, self.digest_before) == (self.rows_after, self.digest_after)


class VerdictStore:
    """Reads the verdicts of one decommission, which is in sight, at the sites that are."""

    def __init__(self, session: AsyncSession, grants: Grants, decommission_id: UUID) -> None:
        self._session = session
        self._decommission_id = decommission_id
        self._seen = (
            PlanItemRow.decommission_id == decommission_id,
            at_own_site(grants, PlanItemRow.site_id),
        )

    async def by_kind(self) -> list[KindCount]:
        """Counts per kind of resource and verdict."""
        query = (
            select(PlanItemRow.kind, PlanItemRow.verdict, func.count())
            .where(*self._seen)
            .group_by(PlanItemRow.kind, PlanItemRow.verdict)
            .order_by(PlanItemRow.kind, PlanItemRow.verdict)
        )
        return [KindCount(*row) for row in (await self._session.execute(query)).all()]

    async def by_site(self) -> list[SiteCount]:
        """Counts per site and verdict, by the site's name."""
        query = (
            select(SiteRow.id, SiteRow.name, PlanItemRow.verdict, func.count())
            .join(SiteRow, SiteRow.id == PlanItemRow.site_id)
            .where(*self._seen)
            .group_by(SiteRow.id, SiteRow.name, PlanItemRow.verdict)
            .order_by(SiteRow.name, SiteRow.id, PlanItemRow.verdict)
        )
        return [SiteCount(*row) for row in (await self._session.execute(query)).all()]

    async def retentions(self) -> list[RetentionView]:
        """What must stay, by subject."""
        query = (
            select(
                RetentionRow.subject,
                RetentionRow.rows_before,
                RetentionRow.digest_before,
                RetentionRow.rows_after,
                RetentionRow.digest_after,
            )
            .where(RetentionRow.decommission_id == self._decommission_id)
            .order_by(RetentionRow.subject)
        )
        return [RetentionView(*row) for row in (await self._session.execute(query)).all()]

    async def page(
        self, wanted: VerdictFilter, limit: int, after: VerdictPlace | None
    ) -> Page[VerdictItem, VerdictPlace]:
        """Resources by site, in no order that means anything within one."""
        query = (
            select(
                PlanItemRow.id,
                PlanItemRow.site_id,
                PlanItemRow.kind,
                PlanItemRow.resource_id,
                PlanItemRow.verdict,
                PlanItemRow.ground,
                PlanItemRow.confirmed_at,
            )
            .where(*self._seen, *_conditions(wanted))
            .order_by(PlanItemRow.site_id, PlanItemRow.id)
            .limit(limit + 1)
        )
        if after:
            query = query.where(tuple_(PlanItemRow.site_id, PlanItemRow.id) > after)
        found = [VerdictItem(*row) for row in (await self._session.execute(query)).all()]
        return cut(found, limit, lambda item: (item.site_id, item.id))


def _conditions(wanted: VerdictFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.site_id is not None:
        yield PlanItemRow.site_id == wanted.site_id
    if wanted.kind is not None:
        yield PlanItemRow.kind == wanted.kind
    if wanted.verdict is not None:
        yield PlanItemRow.verdict == wanted.verdict
