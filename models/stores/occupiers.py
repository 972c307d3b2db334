"""What people read of occupiers: the list with its filters, and one with its sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.decommission import DecommissionState
from models.domain.occupier import OccupierStatus
from models.domain.portfolio import ContractState
from models.stores.pages import Page, cut
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


class OccupierStore:
    """Reads occupiers."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(
        self, wanted: OccupierFilter, limit: int, after: OccupierPlace | None
    ) -> Page[OccupierView, OccupierPlace]:
        """Occupiers by name."""
        query = _filtered(wanted).order_by(OccupierRow.name, OccupierRow.id).limit(limit + 1)
        if after:
            query = query.where(tuple_(OccupierRow.name, OccupierRow.id) > after)
        rows = (await self._session.execute(query)).all()
        return cut([OccupierView(*row) for row in rows], limit, lambda one: (one.name, one.id))

    async def find(self, occupier_id: UUID) -> OccupierView | None:
        """The occupier, or `None`."""
        query = _occupiers().where(OccupierRow.id == occupier_id)
        row = (await self._session.execute(query)).one_or_none()
        return OccupierView(*row) if row else None

    async def sites_of(self, occupier_id: UUID) -> list[SiteName]:
        """The sites where the occupier has or had a contract, by name."""
        query = (
            select(SiteRow.id, SiteRow.name)
            .where(
                SiteRow.id.in_(
                    select(ContractRow.site_id).where(
                        ContractRow.occupier_id == occupier_id,
                        ContractRow.state != ContractState.DISCARDED,
                    )
                )
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
        ).where(DecommissionRow.occupier_id == occupier_id)
        row = (await self._session.execute(query)).one_or_none()
        return DecommissionBrief(*row) if row else None


_Occupiers = Select[UUID, UUID, str, str, OccupierStatus, int, datetime, datetime | None]


def _occupiers() -> _Occupiers:
    return select(
        OccupierRow.id,
        OccupierRow.operator_id,
        OccupierRow.name,
        OccupierRow.billing_reference,
        OccupierRow.status,
        OccupierRow.version,
        OccupierRow.created_at,
        OccupierRow.decommissioned_at,
    )


def _filtered(wanted: OccupierFilter) -> _Occupiers:
    query = _occupiers()
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
        )
        query = query.where(present.exists())
    return query
