"""How connected systems name an occupier."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.occupier import ExternalIdentifierRow

_COLUMNS = (
    ExternalIdentifierRow.id,
    ExternalIdentifierRow.site_id,
    ExternalIdentifierRow.external_system,
    ExternalIdentifierRow.identifier,
)


@dataclass(frozen=True, slots=True)
class ExternalIdentifier:
    """The occupier's identifier in a system, at one site or at all."""

    id: UUID
    site_id: UUID | None
    external_system: str
    identifier: str


class ExternalIdentifierStore:
    """Reads and writes the identifiers of one occupier inside the caller's transaction."""

    def __init__(self, session: AsyncSession, occupier_id: UUID) -> None:
        self._session = session
        self._occupier_id = occupier_id

    async def all(self) -> list[ExternalIdentifier]:
        """By system, those for all sites first."""
        query = (
            select(*_COLUMNS)
            .where(ExternalIdentifierRow.occupier_id == self._occupier_id)
            .order_by(
                ExternalIdentifierRow.external_system,
                ExternalIdentifierRow.site_id.asc().nulls_first(),
            )
        )
        return [ExternalIdentifier(*row) for row in await self._session.execute(query)]

    async def add(
        self, external_system: str, identifier: str, site_id: UUID | None
    ) -> ExternalIdentifier | None:
        """The new identifier, or `None` when the system has one at that place already."""
        row = await self._session.execute(
            insert(ExternalIdentifierRow)
            .values(
                occupier_id=self._occupier_id,
                external_system=external_system,
                identifier=identifier,
                site_id=site_id,
            )
            .on_conflict_do_nothing()
            .returning(*_COLUMNS)
        )
        found = row.one_or_none()
        return ExternalIdentifier(*found) if found else None

    async def remove(self, identifier_id: UUID) -> ExternalIdentifier | None:
        """What was removed; `None` when this occupier has no such identifier."""
        row = await self._session.execute(
            delete(ExternalIdentifierRow)
            .where(
                ExternalIdentifierRow.id == identifier_id,
                ExternalIdentifierRow.occupier_id == self._occupier_id,
            )
            .returning(*_COLUMNS)
        )
        found = row.one_or_none()
        return ExternalIdentifier(*found) if found else None
