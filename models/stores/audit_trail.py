"""Reads the audit for people: newest first, only what concerns the occupiers that they see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.audit import AuditAction, Outcome
from models.domain.permission import Grants, StaffRole
from models.stores.pages import Page, cut
from models.stores.sight import at_own_site, shown_name, visible_occupiers
from models.tables.audit import AuditEventRow
from models.tables.occupier import OccupierRow
from models.tables.schedule import ClosureRow
from models.tables.site import SiteRow

AuditPlace = tuple[datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which events: all conditions hold together. The range takes its start and leaves its end."""

    occupier_id: UUID | None = None
    actor: str | None = None
    action: AuditAction | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditView:
    """An event as people read it."""

    id: int
    at: datetime
    actor: str
    request_id: str | None
    occupier_id: UUID | None
    occupier_name: str | None  # as it is now, or masked; no part of the event itself
    entity_kind: str
    entity_id: UUID
    action: str
    outcome: Outcome
    reason: str | None
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None
    hash: bytes


class AuditTrailStore:
    """Reads with a member's eyes; without grants, as the operator's own administrator: all."""

    def __init__(self, session: AsyncSession, grants: Grants | None) -> None:
        self._session = session
        self._grants = grants

    async def page(
        self, wanted: AuditFilter, limit: int, after: AuditPlace | None
    ) -> Page[AuditView, AuditPlace]:
        """Events, newest first."""
        row = AuditEventRow
        query = (
            select(
                row.id,
                row.at,
                row.actor,
                row.request_id,
                row.occupier_id,
                self._name().label("occupier_name"),
                row.entity_kind,
                row.entity_id,
                row.action,
                row.outcome,
                row.reason,
                row.before,
                row.after,
                row.hash,
            )
            .outerjoin(OccupierRow, OccupierRow.id == row.occupier_id)
            .where(*_conditions(wanted))
            .order_by(row.at.desc(), row.id.desc())
            .limit(limit + 1)
        )
        if self._grants is not None:
            query = query.where(_visible(self._grants))
        if after:
            query = query.where(tuple_(row.at, row.id) < after)
        rows = (await self._session.execute(query)).mappings().all()
        return cut([AuditView(**each) for each in rows], limit, lambda event: (event.at, event.id))

    def _name(self) -> ColumnElement[str | None]:
        named = OccupierRow.name if self._grants is None else shown_name(self._grants)
        return case((OccupierRow.id.is_not(None), named))

    async def occupiers_called(self, text: str) -> list[UUID]:
        """The occupiers with this reference or exact name, for whoever types one."""
        query = select(OccupierRow.id).where(
            or_(OccupierRow.reference == text, OccupierRow.name == text)
        )
        return list(await self._session.scalars(query.order_by(OccupierRow.id).limit(20)))


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (AuditEventRow.occupier_id, wanted.occupier_id),
        (AuditEventRow.actor, wanted.actor),
        (AuditEventRow.action, wanted.action),
        (AuditEventRow.outcome, wanted.outcome),
    ):
        if value is not None:
            yield column == value
    if wanted.since is not None:
        yield AuditEventRow.at >= wanted.since
    if wanted.until is not None:
        yield AuditEventRow.at < wanted.until


def _visible(grants: Grants) -> ColumnElement[bool]:
    """SRE and auditors see all, support what concerns its occupiers, admins their sites'."""
    if grants.staff_role in {StaffRole.AUDITOR, StaffRole.SRE}:
        return AuditEventRow.id.is_not(None)
    eyes = grants if grants.is_super_admin else replace(grants, site_ids=grants.admin_site_ids)
    of_occupier = AuditEventRow.occupier_id.in_(
        select(OccupierRow.id).where(visible_occupiers(eyes))
    )
    if grants.staff_role is not None:
        return of_occupier
    return or_(
        of_occupier,
        and_(
            AuditEventRow.entity_kind == "site",
            AuditEventRow.entity_id.in_(select(SiteRow.id).where(at_own_site(eyes, SiteRow.id))),
        ),
        and_(
            AuditEventRow.entity_kind == "closure",
            AuditEventRow.entity_id.in_(
                select(ClosureRow.id).where(at_own_site(eyes, ClosureRow.site_id))
            ),
        ),
    )
