"""What people read of occupiers: the list with its filters, and one with its sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import DecommissionState
from models.domain.occupier import OccupierStatus
from models.domain.permission import Grants
from models.domain.portfolio import ContractState
from models.stores.pages import Page, cut
from models.stores.sight import (
    at_own_site,
    shown_name,
    visible_decommissions,
    visible_occupiers,
)
from models.tables.contract import ContractRow
from models.tables.decommission import DecommissionRow
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow

OccupierPlace = tuple[str, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupierFilter:
    """Which occupiers: all conditions hold together; an empty one does not count."""

    name_part: str | None = None
    name: str | None = None
    site_id: UUID | None = None
    statuses: Sequence[OccupierStatus] = ()


@dataclass(frozen=True, slots=True)
class OccupierView:
    """The basic details, which stay readable for good (DE-38)."""

    id: UUID
    operator_id: UUID
    name: str
    billing_reference: str
    status: OccupierStatus
    version: int
    created_at: datetime
    decommissioned_at: datetime | None


@dataclass(frozen=True, slots=True)
class SiteName:
    """A site as a line of another thing."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class DecommissionBrief:
    """That an occupier has a decommission, and where it stands."""

    id: UUID
    state: DecommissionState
    requested_at: datetime
    finished_at: datetime | None


_Occupiers = Select[UUID, UUID, str, str, OccupierStatus, int, datetime, datetime | None]


class OccupierStore:
    """Reads occupiers as somebody may see them."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def page(
        self, wanted: OccupierFilter, limit: int, after: OccupierPlace | None
    ) -> Page[OccupierView, OccupierPlace]:
        """Occupiers by name; by id, as its masked name says, for those who see no names."""
        query = self._filtered(wanted).limit(limit + 1)
        named = self._grants.sees_names
        query = query.order_by(*([OccupierRow.name] if named else []), OccupierRow.id)
        if after and named:
            query = query.where(tuple_(OccupierRow.name, OccupierRow.id) > after)
        elif after:
            query = query.where(OccupierRow.id > after[1])
        rows = (await self._session.execute(query)).all()
        return cut([OccupierView(*row) for row in rows], limit, lambda one: (one.name, one.id))

    async def find(self, occupier_id: UUID) -> OccupierView | None:
        """The occupier, or `None`."""
        query = self._occupiers().where(OccupierRow.id == occupier_id)
        row = (await self._session.execute(query)).one_or_none()
        return OccupierView(*row) if row else None

    async def sites_of(self, occupier_id: UUID) -> list[SiteName]:
        """The sites in sight where the occupier has or had a contract, by name."""
        query = (
            select(SiteRow.id, SiteRow.name)
            .where(
                at_own_site(self._grants, SiteRow.id),
                SiteRow.id.in_(
                    select(ContractRow.site_id).where(
                        ContractRow.occupier_id == occupier_id,
                        ContractRow.state != ContractState.DISCARDED,
                    )
                ),
            )
            .order_by(SiteRow.name, SiteRow.id)
        )
        return [SiteName(*row) for row in (await self._session.execute(query)).all()]

    async def decommission_of(self, occupier_id: UUID) -> DecommissionBrief | None:
        """The occupier's only decommission, or `None` when it never had one."""
        query = select(
            DecommissionRow.id,
            DecommissionRow.state,
            DecommissionRow.requested_at,
            DecommissionRow.finished_at,
        ).where(DecommissionRow.occupier_id == occupier_id, visible_decommissions(self._grants))
        row = (await self._session.execute(query)).one_or_none()
        return DecommissionBrief(*row) if row else None

    def _occupiers(self) -> _Occupiers:
        return select(
            OccupierRow.id,
            OccupierRow.operator_id,
            shown_name(self._grants),
            OccupierRow.billing_reference,
            OccupierRow.status,
            OccupierRow.version,
            OccupierRow.created_at,
            OccupierRow.decommissioned_at,
        ).where(visible_occupiers(self._grants))

    def _filtered(self, wanted: OccupierFilter) -> _Occupiers:
        query = self._occupiers()
        if wanted.name is not None:
            query = query.where(OccupierRow.name == wanted.name)
        if wanted.name_part:
            query = query.where(OccupierRow.name.icontains(wanted.name_part, autoescape=True))
        if wanted.statuses:
            query = query.where(OccupierRow.status.in_(wanted.statuses))
        if wanted.site_id is not None:
            present = select(ContractRow.id).where(
                ContractRow.site_id == wanted.site_id,
                ContractRow.occupier_id == OccupierRow.id,
                ContractRow.state != ContractState.DISCARDED,
                at_own_site(self._grants, ContractRow.site_id),
            )
            query = query.where(present.exists())
        return query
