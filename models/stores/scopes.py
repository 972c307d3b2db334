"""Which sites matter for an action on an occupier, also those that the caller cannot see.

The policies of migration 0004 show contracts, sites and the sites of decommissions to the whole
operator, not only to its members there: PRE-5 and the start must know of all of them. So never
show these rows themselves without `models/stores/sight.py`.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.permission import Scope, counts_for_permission
from models.domain.portfolio import ContractState
from models.tables.contract import ContractRow
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow

COUNTING = tuple(state for state in ContractState if counts_for_permission(state))
"""The states of contracts whose sites PRE-5 asks for."""


class ScopeStore:
    """Reads scopes inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_occupier(self, occupier_id: UUID) -> Scope:
        """The occupier's operator, and every site where it has a contract that counts."""
        operator_id = await self._session.scalar(
            select(OccupierRow.operator_id).where(OccupierRow.id == occupier_id)
        )
        if operator_id is None:
            raise LookupError("look whether the occupier is in sight before asking for its scope")
        sites = await self._session.scalars(
            select(ContractRow.site_id).where(
                ContractRow.occupier_id == occupier_id, ContractRow.state.in_(COUNTING)
            )
        )
        return Scope(operator_id, frozenset(sites))

    async def of_site(self, site_id: UUID) -> Scope:
        """The site's operator and the site itself."""
        operator_id = await self._session.scalar(
            select(SiteRow.operator_id).where(SiteRow.id == site_id)
        )
        if operator_id is None:
            raise LookupError("look whether the site is in sight before asking for its scope")
        return Scope(operator_id, frozenset({site_id}))
