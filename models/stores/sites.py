"""What people read of sites."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.permission import Grants
from models.stores.pages import Page, cut
from models.stores.sight import visible_sites
from models.tables.site import SiteRow

SitePlace = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class SiteView:
    """A building or centre of an operator."""

    id: UUID
    operator_id: UUID
    reference: str
    name: str
    time_zone: str
    address: str
    telephony_managed: bool
    is_open: bool


class SiteStore:
    """Reads sites as somebody may see them."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def page(self, limit: int, after: SitePlace | None) -> Page[SiteView, SitePlace]:
        """Sites by name."""
        query = self._sites().order_by(SiteRow.name, SiteRow.id).limit(limit + 1)
        if after:
            query = query.where(tuple_(SiteRow.name, SiteRow.id) > after)
        rows = (await self._session.execute(query)).all()
        return cut([SiteView(*row) for row in rows], limit, lambda site: (site.name, site.id))

    async def find(self, site_id: UUID) -> SiteView | None:
        """The site, or `None`."""
        query = self._sites().where(SiteRow.id == site_id)
        row = (await self._session.execute(query)).one_or_none()
        return SiteView(*row) if row else None

    def _sites(self) -> Select[UUID, UUID, str, str, str, str, bool, bool]:
        return select(
            SiteRow.id,
            SiteRow.operator_id,
            SiteRow.reference,
            SiteRow.name,
            SiteRow.time_zone,
            SiteRow.address,
            SiteRow.telephony_managed,
            SiteRow.is_open,
        ).where(visible_sites(self._grants))
